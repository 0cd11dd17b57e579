"""Promise 6 over the whole suite: what any service of any test logs, counts or answers as an error is searched for planted words.

Every service that tests make is watched (`watched`), and after each test `nothing_got_out` looks at what has come since: of those that
were made, asked or that logged since the last look, for to write out all figures of all services after each test took a third of the suite.
"""

import io
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakSet

from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.support.reports import MARKER

PLANTED = (MARKER, "Zyxqwvia", "Brontlebury", "9990000018", "999 000 0018")
FIGURES_EVERY = 10  # they only grow, so what is in them stays in them
_ERRORS = (b"application/problem+json", b"application/fhir+json")


@dataclass(eq=False)
class Watched:
    """A service, and how much of what it wrote has been looked at."""

    app: FastAPI
    stream: io.StringIO
    errors: list[bytes] = field(default_factory=list)
    seen: int = 0
    asked: bool = True
    looks: int = 0

    def new(self, *, figures: bool = False) -> str:
        """What was logged and answered since the last look; the figures of now at the first look and every tenth, or when asked for."""
        written = self.stream.getvalue()
        answered = b"\n".join(self.errors).decode("utf-8", "replace")
        figures = figures or self.looks % FIGURES_EVERY == 0
        counted = self.app.state.metrics.text().decode() if figures else ""
        found = f"{written[self.seen :]}\n{answered}\n{counted}"
        self.looks += 1
        self.seen = len(written)
        self.asked = False
        self.errors.clear()
        return found

    @property
    def did_something(self) -> bool:
        """Whether it was made, asked, or has logged since the last look."""
        return self.asked or self.stream.tell() != self.seen


_NEW: list[Watched] = []
_OLDER: "WeakSet[Watched]" = WeakSet()


def watched(app: FastAPI, stream: io.StringIO) -> None:
    """Have a service watched until it is gone."""
    one = Watched(app, stream)
    app.add_middleware(_Recorder, into=one)
    app.state.watched = one
    _NEW.append(one)


def nothing_got_out(*, at_the_end: bool = False) -> list[str]:
    """The planted words that got out of any service since the last look: none, ever."""
    watched = (one for one in (*_NEW, *_OLDER) if one.did_something or at_the_end)
    found = {word for one in watched for word in _in(one.new(figures=at_the_end))}
    _OLDER.update(_NEW)
    _NEW.clear()
    return sorted(found)


def _in(text: str) -> list[str]:
    return [word for word in PLANTED if word in text]


class _Recorder:
    """Keeps the bodies of error answers to programs. A form that comes back to who typed it is no such answer."""

    def __init__(self, app: ASGIApp, *, into: Watched) -> None:
        self._app = app
        self._into = into

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        recording = False
        self._into.asked = True

        async def answer(message: Message) -> None:
            nonlocal recording
            if message["type"] == "http.response.start":
                headers: dict[bytes, Any] = dict(message.get("headers", ()))
                kind = headers.get(b"content-type", b"").partition(b";")[0]
                recording = message["status"] >= 400 and kind in _ERRORS
                if recording:
                    self._into.errors.append(repr(headers).encode())
            elif recording:
                self._into.errors.append(message.get("body", b""))
            await send(message)

        await self._app(scope, receive, answer)
