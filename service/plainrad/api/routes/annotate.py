"""POST /v1/annotate: a verified report in, its patient version out. Nothing is kept."""

from typing import Any

from fastapi import APIRouter, Request, Response

from plainrad.api.accept import preferred
from plainrad.api.bodies import read_body
from plainrad.api.dependencies import EngineOf, SettingsOf
from plainrad.api.documentation import EXAMPLES, REPORT_SCHEMA, problems
from plainrad.api.pages import FRAGMENT, HTML, JSON, PDF, TEXT, answer_as, page_options
from plainrad.errors import RequestError
from plainrad.formats.incoming import parse_json, parse_report
from plainrad.formats.schemas import PatientReportSchema
from plainrad.render.view import LOOKS

router = APIRouter(tags=["reports"])
OFFERED = (JSON, HTML, TEXT, FRAGMENT, PDF)
_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {JSON: {"schema": REPORT_SCHEMA, "examples": EXAMPLES}}},
    "parameters": [
        {
            "in": "query",
            "name": "look",
            "schema": {"type": "string", "enum": list(LOOKS)},
            "description": "How the page, the fragment or the PDF looks.",
        },
        {
            "in": "query",
            "name": "heading",
            "schema": {"type": "integer", "enum": [1, 2, 3]},
            "description": "The level of the fragment's first heading.",
        },
        {
            "in": "query",
            "name": "prefix",
            "schema": {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,39}$"},
            "description": "What every id of the fragment begins with.",
        },
    ],
}


@router.post(
    "/v1/annotate",
    summary="Explain a verified report",
    response_class=Response,
    openapi_extra=_BODY,
    responses={
        200: {
            "model": PatientReportSchema,
            "description": "The patient version beside the untouched original: JSON, or by Accept a page, a fragment, a PDF or plain text.",
            "content": {name: {"schema": {"type": "string"}} for name in (HTML, TEXT, FRAGMENT)}
            | {PDF: {"schema": {"type": "string", "format": "binary"}}},
        },
        **problems(
            "json_invalid", "report_encoding", "not_acceptable", "body_too_large", "report_too_large", "content_type_unsupported",
            "report_empty", "report_invalid", "report_not_verified", "report_status_missing", "option_invalid",
            "extra_missing", "pdf_system", "internal_error", "busy", "not_ready",
        ),
    },
)  # fmt: skip
async def annotate(request: Request, engine: EngineOf, settings: SettingsOf) -> Response:
    """Return plain explanations, anatomy labels, links and the disclaimer for one report. The service keeps nothing.

    When the patient may see it is the caller's to hold: `release` says what the configured policy would do.
    """
    chosen = preferred(request.headers.get("accept"), OFFERED)
    if chosen is None:
        raise RequestError("not_acceptable", f"Accept one of: {', '.join(OFFERED)}.")
    options = page_options(request.query_params)
    body = await read_body(request, media_type=JSON, limit=settings.max_body_bytes)
    response = await engine.in_thread(
        lambda: answer_as(chosen, engine.annotate(parse_report(parse_json(body))), options)
    )
    response.headers["Vary"] = "Accept"
    return response
