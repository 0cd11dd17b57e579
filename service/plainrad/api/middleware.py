"""Around every request: its id, one log line, the figures, the headers that keep browsers careful, and the last catch."""

import re
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from plainrad.api.metrics import METHODS, Metrics
from plainrad.api.problems import broken
from plainrad.log import Log, where

_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Cache-Control": "no-store",
}


def _sent_id(headers: Headers, name: str) -> str | None:
    """Return the id that the caller sent once and that is one; anything else could be text."""
    values = headers.getlist(name)
    return values[0] if len(values) == 1 and _ID.fullmatch(values[0]) else None


class Guard:
    """The outermost layer: an exception that gets this far is answered and logged here, and its message goes nowhere."""

    def __init__(self, app: ASGIApp, *, log: Log, metrics: Metrics) -> None:
        self._app = app
        self._log = log
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = _sent_id(headers, "x-request-id") or str(uuid.uuid4())
        correlation_id = _sent_id(headers, "x-correlation-id")
        scope.setdefault("state", {})["request_id"] = request_id
        started = time.perf_counter()
        status, size = 0, 0

        async def answer(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                sent = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    sent.setdefault(name, value)
                sent["X-Request-ID"] = request_id
                if correlation_id is not None:
                    sent["X-Correlation-ID"] = correlation_id
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        failure: dict[str, str] = {}
        try:
            await self._app(scope, receive, answer)
        except Exception as error:
            failure = where(error)
            if not status:
                await broken(request_id)(scope, receive, answer)
        finally:
            seconds = time.perf_counter() - started
            method = scope["method"] if scope["method"] in METHODS else "other"
            route = getattr(scope.get("route"), "path", "unmatched")
            self._metrics.answered(method=method, route=route, status=status, seconds=seconds)
            fields = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1), "bytes": size}
            if correlation_id is not None:
                fields["correlation_id"] = correlation_id
            write = self._log.error if failure else self._log.info
            write("request_failed" if failure else "request", request_id=request_id, **fields, **failure)
