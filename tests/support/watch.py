"""Promise 6 over the whole suite: what any service of any test logs, counts or answers as an error is searched for planted words.

Every service that tests make is watched (`watched`), and after each test `nothing_got_out` looks at what has come since.
"""

import io
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakSet

from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.support.reports import MARKER

PLANTED = (MARKER, "Zyxqwvia", "Brontlebury", "9990000018", "999 000 0018")
_ERRORS = (b"application/problem+json", b"application/fhir+json")


@dataclass(eq=False)
class Watched:
    """A service, and how much of what it wrote has been looked at."""

    app: FastAPI
    stream: io.StringIO
    errors: list[bytes] = field(default_factory=list)
    seen: int = 0

    def new(self) -> str:
        """What was logged and answered since the last look, and the figures of now."""
        written = self.stream.getvalue()
        answered = b"\n".join(self.errors).decode("utf-8", "replace")
        found = f"{written[self.seen :]}\n{answered}\n{self.app.state.metrics.text().decode()}"
        self.seen = len(written)
        self.errors.clear()
        return found


_NEW: list[Watched] = []
_OLDER: "WeakSet[Watched]" = WeakSet()


def watched(app: FastAPI, stream: io.StringIO) -> None:
    """Have a service watched until it is gone."""
    one = Watched(app, stream)
    app.add_middleware(_Recorder, into=one.errors)
    app.state.watched = one
    _NEW.append(one)


def nothing_got_out() -> list[str]:
    """The planted words that got out of any service since the last look: none, ever."""
    found = {word for one in (*_NEW, *_OLDER) for word in _in(one.new())}
    _OLDER.update(_NEW)
    _NEW.clear()
    return sorted(found)


def _in(text: str) -> list[str]:
    return [word for word in PLANTED if word in text]


class _Recorder:
    """Keeps the bodies of error answers to programs. A form that comes back to who typed it is no such answer."""

    def __init__(self, app: ASGIApp, *, into: list[bytes]) -> None:
        self._app = app
        self._into = into

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        recording = False

        async def answer(message: Message) -> None:
            nonlocal recording
            if message["type"] == "http.response.start":
                headers: dict[bytes, Any] = dict(message.get("headers", ()))
                kind = headers.get(b"content-type", b"").partition(b";")[0]
                recording = message["status"] >= 400 and kind in _ERRORS
                if recording:
                    self._into.append(repr(headers).encode())
            elif recording:
                self._into.append(message.get("body", b""))
            await send(message)

        await self._app(scope, receive, answer)
