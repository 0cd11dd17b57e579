"""Errors as application/problem+json (RFC 9457), with stable codes and nothing of what was sent."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from plainrad.api.schemas import ProblemSchema
from plainrad.errors import PlainradError, RateLimitedError

MEDIA_TYPE = "application/problem+json"
# Every code that the service answers with, its HTTP status and its title.
CODES: dict[str, tuple[int, str]] = {
    "json_invalid": (400, "Not valid JSON"),
    "report_encoding": (400, "Not valid UTF-8"),
    "request_broken": (400, "The request could not be read"),
    "credentials_missing": (401, "There are no credentials"),
    "credentials_invalid": (401, "The credentials were not accepted"),
    "sign_in_failed": (401, "Nobody was signed in"),
    "access_denied": (403, "The caller may not do this"),
    "access_not_configured": (403, "No client has been set up"),
    "forbidden": (403, "The caller may not do this"),
    "not_released": (403, "It may not be read now"),
    "demo_only": (403, "Only invented patients are kept here"),
    "csrf_failed": (403, "The request did not come from the page"),
    "not_found": (404, "There is nothing here"),
    "term_not_found": (404, "No such glossary entry"),
    "report_not_found": (404, "No such report"),
    "method_not_allowed": (405, "Not with this method"),
    "not_acceptable": (406, "No format that the caller accepts"),
    "idempotency_conflict": (409, "The key was used for something else"),
    "stale": (409, "The report has changed meanwhile"),
    "change_state": (409, "Not in this state"),
    "change_stale": (409, "The entry has changed meanwhile"),
    "change_not_found": (404, "No such change or version"),
    "change_breaks_law": (422, "It breaks the editorial law"),
    "four_eyes": (403, "Somebody else has to approve it"),
    "reviewer_missing": (422, "Half of a review"),
    "body_too_large": (413, "The request is too large"),
    "report_too_large": (413, "The report is too long"),
    "content_type_unsupported": (415, "Not a format that is read here"),
    "report_empty": (422, "The report has no text"),
    "report_invalid": (422, "A field cannot be used"),
    "nhs_number_invalid": (422, "Not an NHS number"),
    "report_not_verified": (422, "The report is not verified"),
    "report_status_missing": (422, "Nobody said that the report is verified"),
    "request_invalid": (422, "A parameter cannot be used"),
    "option_invalid": (422, "An option cannot be used"),
    "record_invalid": (422, "A field cannot be used"),
    "characters_invalid": (422, "A character that cannot be kept"),
    "cursor_invalid": (422, "The cursor cannot be used"),
    "access_invalid": (422, "A client, key or account cannot be used"),
    "webhook_invalid": (422, "An address that is not called"),
    "rate_limited": (429, "Too many requests"),
    "internal_error": (500, "Something went wrong here"),
    "store_error": (500, "The database refused this"),
    "seal_broken": (500, "Sealed identifiers cannot be opened"),
    "extra_missing": (501, "This service was installed without that part"),
    "pdf_system": (501, "The system of this service lacks what a PDF needs"),
    "pdf_unavailable": (501, "No PDF is made here"),
    "dicom_off": (501, "This service takes no DICOM"),
    "hl7_off": (501, "This service takes no HL7 v2"),
    "busy": (503, "The service is busy"),
    "not_ready": (503, "The service is starting"),
    "store_unavailable": (503, "The database does not answer"),
    "store_busy": (503, "The database is busy"),
    "store_full": (503, "The database has no room"),
    "store_schema": (503, "The database is of another version"),
    "keys_missing": (503, "There is no key for identifiers"),
    "records_off": (503, "No reports are kept here"),
}
_STATUS_CODES = {404: "not_found", 405: "method_not_allowed"}
_DETAILS = {
    "not_found": "There is no such address. GET /openapi.json lists those that there are.",
    "method_not_allowed": "The address does not know this method; the Allow header names those that it knows.",
    "request_broken": "The request could not be read.",
    "internal_error": "The request could not be carried out. The request id finds the cause in the log.",
}


def problem(
    code: str,
    detail: str,
    *,
    request_id: str,
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> JSONResponse:
    """Return the answer for `code`. `more`: fields of ProblemSchema that only this code has."""
    status, title = CODES.get(code, CODES["internal_error"])
    body = ProblemSchema(
        type=f"urn:plainrad:problem:{code}", title=title, status=status, detail=detail, code=code, request_id=request_id,
        **(more or {}),
    )  # fmt: skip
    extra = {"Retry-After": "5"} if status == 503 else {}
    return JSONResponse(
        body.model_dump(mode="json", exclude_none=True),
        status_code=status,
        media_type=MEDIA_TYPE,
        headers={**extra, **(headers or {})},
    )


def broken(request_id: str) -> JSONResponse:
    """Return the answer for an error that nobody foresaw."""
    return problem("internal_error", _DETAILS["internal_error"], request_id=request_id)


def answer_problem(request: Request, error: Exception) -> JSONResponse:
    """Return the problem of an error that is ours; raises it again when it is no fault of the request."""
    code = getattr(error, "code", "internal_error")
    if code not in CODES:
        raise error  # the content is broken, not the request: the log names the place
    return problem(code, str(error), request_id=request.state.request_id, headers=headers_of(error, CODES[code][0]))


def headers_of(error: Exception, status: int) -> dict[str, str]:
    """Return the headers that go with an error: how to come in, and when to come again."""
    if status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": 'Bearer realm="plainrad"'}
    if isinstance(error, RateLimitedError):
        return {"Retry-After": str(error.seconds)}
    return {"Retry-After": "5"} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}


def _http(request: Request, error: Exception) -> JSONResponse:
    status = getattr(error, "status_code", HTTPStatus.BAD_REQUEST)
    code = _STATUS_CODES.get(status, "request_broken")
    return problem(code, _DETAILS[code], request_id=request.state.request_id, headers=getattr(error, "headers", None))


def _validation(request: Request, error: Exception) -> JSONResponse:
    """Name the parameters that are wrong; FastAPI's own answer would repeat what was sent."""
    found: list[Any] = list(error.errors()) if isinstance(error, RequestValidationError) else []
    names = dict.fromkeys(str(item["loc"][-1]) for item in found if item["loc"][0] in ("query", "path"))
    detail = (
        f"Cannot be used: {', '.join(names)}. GET /openapi.json says what it may be."
        if names
        else "A parameter is wrong."
    )
    return problem("request_invalid", detail, request_id=request.state.request_id)


def install_problems(app: FastAPI) -> None:
    """Make `app` answer every error as a problem. What is not foreseen goes on to the middleware."""
    app.add_exception_handler(PlainradError, answer_problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _validation)
