"""The whole service in a test: a database, keys of the site, a clock that is set by hand, clients of two organisations."""

import base64
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from plainrad import bootstrap
from plainrad.access.build import Access, make_access
from plainrad.access.keys import make_key
from plainrad.api.app import create_app
from plainrad.bootstrap import Plainrad
from plainrad.domain.access import Client, Scope
from plainrad.log import make_log
from plainrad.records.records import Records
from plainrad.settings import Settings
from plainrad.store.access import DatabaseAccessStore
from plainrad.store.engine import Database
from plainrad.store.webhooks import WebhookStore
from tests.support.access import Clock, client
from tests.support.databases import sqlite_file
from tests.support.reports import ROOT, fields
from tests.support.service import HERE, Service
from tests.support.watch import watched

KEY = base64.urlsafe_b64encode(b"a key for tests, and only tests!").decode()
NHS_NUMBER = "999 000 0018"


@dataclass
class Kept:
    """A service that keeps reports, and what stands behind it."""

    service: Service
    access: Access
    records: Records
    webhooks: WebhookStore
    database: Database
    clock: Clock
    portal: Client
    other: Client

    @property
    def http(self) -> TestClient:
        """A program on another machine."""
        return self.service.elsewhere

    def bearer(self, one: Client | None = None, *scopes: Scope) -> dict[str, str]:
        """The header of an access token."""
        chosen = one or self.portal
        text = self.access.tokens.issue(chosen, scopes=frozenset(scopes) or chosen.scopes, now=self.clock())
        return {"authorization": f"Bearer {text}"}

    def key(self, *scopes: Scope, days: int = 30) -> tuple[str, dict[str, str]]:
        """The id and the header of an API key."""
        key, text = make_key(self.portal, scopes=frozenset(scopes) or self.portal.scopes, days=days, now=self.clock())
        self.access.store.add_key(key)
        return key.id, {"authorization": f"Bearer {text}"}

    def submit(self, key: str = "key-1", *, by: Client | None = None, **sent: Any) -> Any:
        """Hand in a report verified now."""
        body = fields(**({"verified_at": self.clock().isoformat(), "report_id": "R1"} | sent))
        return self.http.post("/v1/reports", json=body, headers=self.bearer(by) | {"idempotency-key": key})


@contextmanager
def kept_service(
    plainrad: Plainrad, folder: Path, *, url: str | None = None, clients: bool = True, **settings: Any
) -> Iterator[Kept]:
    """A service that keeps reports in a fresh database; one client each of two organisations."""
    if url is None:
        url = f"sqlite:///{sqlite_file(folder, 'plainrad.db')}"
    policy = folder / "release.toml"
    policy.write_text('excluded_exams = []\nexam_not_stated = "release"\n', encoding="utf-8")
    given: dict[str, Any] = {
        "database_url": url, "keys": KEY, "release_policy": policy,
        "examples_dir": ROOT / "docs" / "examples", "requests_burst": 10_000, **settings,
    }  # fmt: skip
    chosen = Settings(**given)
    clock = Clock()
    database = bootstrap.database(chosen)
    vault = bootstrap.vault(chosen)
    store = DatabaseAccessStore(database, clock)
    access = make_access(chosen, store, secrets_of_site=[key.sign for key in vault.keys], now=clock)
    webhooks = WebhookStore(database, vault)
    stream = io.StringIO()
    app = create_app(
        replace(plainrad, now=clock), chosen, log=make_log(stream=stream), access=access, webhooks=webhooks
    )
    watched(app, stream)
    app.state.records = bootstrap.records(chosen, explain=app.state.engine.annotate, kept_in=database, now=clock)
    service = Service(app, TestClient(app, follow_redirects=False, **HERE), stream)
    portal, other = client(), client("portal-other", "RYY")
    for one in (portal, other) if clients else ():
        store.add_client(one)
    try:
        yield Kept(service, access, app.state.records, webhooks, database, clock, portal, other)
    finally:
        database.close()
