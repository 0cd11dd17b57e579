"""Errors of the FHIR routes as OperationOutcome: a route class, because an error must be turned round before the app's own handlers see it."""

from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from plainrad.api.problems import CODES, headers_of
from plainrad.errors import PlainradError
from plainrad.formats.fhir.names import MEDIA_TYPE, Resource
from plainrad.formats.fhir.outcome import ISSUES, outcome, status_of, where_of
from plainrad.formats.fhir.wire import dumps

_BROKEN = "The report was not explained and nothing was kept. The request id finds the cause in the log."


def fhir_answer(resource: Resource, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return a resource as an answer."""
    return Response(
        dumps(resource), status_code=status, headers={"Content-Type": f"{MEDIA_TYPE}; charset=utf-8", **(headers or {})}
    )


def refusal(
    code: str, diagnostics: str, *, request_id: str, where: str | None = None, error: PlainradError | None = None
) -> Response:
    """Return the OperationOutcome of an error."""
    status = status_of(code) if code in ISSUES else CODES[code][0]
    headers = headers_of(error or PlainradError(), status)
    made = outcome(code, diagnostics, where=where, request_id=request_id, now=datetime.now(UTC), status=status)
    return fhir_answer(made, status=status, headers=headers)


class FhirRoute(APIRoute):
    """A route whose errors are OperationOutcomes. One that nobody foresaw goes on to the log, as a type and a place."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler with its errors turned round."""
        original = super().get_route_handler()

        async def handle(request: Request) -> Response:
            request_id = request.state.request_id
            try:
                return await original(request)
            except PlainradError as error:
                if error.code not in ISSUES and error.code not in CODES:
                    raise  # the app's own handler passes it on, and so does `handle`
                return refusal(error.code, str(error), request_id=request_id, where=where_of(error), error=error)
            except RequestValidationError:
                return refusal("request_invalid", "A parameter is wrong.", request_id=request_id)
            except HTTPException:
                return refusal("request_broken", "The request could not be read.", request_id=request_id)

        return handle

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request; after an error that nobody foresaw the answer is sent here, and the error goes on to the log."""
        try:
            await super().handle(scope, receive, send)
        except Exception:
            answer = refusal("internal_error", _BROKEN, request_id=scope["state"]["request_id"])
            await answer(scope, receive, send)
            raise
