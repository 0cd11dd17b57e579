"""The REST service in a test: the real app, its log kept, and readers that fail on purpose."""

import io
import json
from dataclasses import dataclass, replace
from typing import Any, cast

from fastapi import FastAPI
from fastapi.testclient import TestClient

from plainrad.access.build import Access
from plainrad.api.app import create_app
from plainrad.bootstrap import Plainrad
from plainrad.domain.reading import Reading
from plainrad.domain.report import Report
from plainrad.log import make_log
from plainrad.pipeline.build import Reader
from plainrad.settings import Settings
from tests.support.reports import ROOT
from tests.support.watch import watched


@dataclass(frozen=True)
class Service:
    """An app, a client for it, and what it has logged."""

    app: FastAPI
    client: TestClient
    stream: io.StringIO

    @property
    def elsewhere(self) -> TestClient:
        """A client that speaks from another machine."""
        return TestClient(self.app, follow_redirects=False, **ELSEWHERE)

    @property
    def log(self) -> list[dict[str, Any]]:
        """The lines of the log."""
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    @property
    def written(self) -> str:
        """The log as it was written."""
        return self.stream.getvalue()


# A program on this machine, and the secure address at which browsers keep our cookies.
HERE: dict[str, Any] = {"base_url": "https://127.0.0.1", "client": ("127.0.0.1", 50_000)}
ELSEWHERE: dict[str, Any] = {"base_url": "https://plainrad.example", "client": ("203.0.113.7", 50_000)}


def make_service(plainrad: Plainrad | None, *, access: Access | None = None, **settings: Any) -> Service:
    """Return a service with these settings, and a client that speaks from this machine."""
    stream = io.StringIO()
    chosen = Settings(**{"examples_dir": ROOT / "docs" / "examples", **settings})
    app = create_app(plainrad, chosen, log=make_log(stream=stream), access=access)
    watched(app, stream)
    return Service(app, TestClient(app, follow_redirects=False, **HERE), stream)


def from_here(app: FastAPI) -> Any:
    """Return the app as a program on this machine meets it: for testing tools that bring a client of their own."""

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            headers = [(name, value) for name, value in scope["headers"] if name != b"host"]
            scope = scope | {"client": HERE["client"], "headers": [(b"host", b"127.0.0.1"), *headers]}
        await app(scope, receive, send)

    return serve


class FailingReader:
    """Fails as a careless library would: the words of the report in the message, in the cause, in the local values."""

    version = "failing"

    def read(self, report: Report) -> Reading:
        words = report.text
        try:
            return cast(dict[str, Reading], {})[words]
        except KeyError as error:
            raise ValueError(f"cannot read {words!r}") from error


def failing(plainrad: Plainrad) -> Plainrad:
    """Return a Plainrad that fails at every report."""
    return replace(plainrad, reader=cast(Reader, FailingReader()))
