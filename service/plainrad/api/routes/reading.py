"""/v1/reports/{id}/patient-version and /original: the words, and only when they may be read."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response

from plainrad.api.accept import preferred
from plainrad.api.conditional import conditional
from plainrad.api.documentation import problems
from plainrad.api.kept import (
    RecordsOf,
    actor_of,
    audience_of,
    in_thread,
    json_answer,
    not_released,
    report_id_of,
)
from plainrad.api.pages import JSON, TEXT, answer_as
from plainrad.api.portal_schemas import OriginalOut, original_out
from plainrad.api.routes.annotate import OFFERED
from plainrad.api.routes.reports import STORE_CODES, AudienceAsked
from plainrad.api.security.guarded import PrincipalOf
from plainrad.domain.records import NotReleased
from plainrad.errors import RequestError
from plainrad.formats.schemas import PatientReportSchema

router = APIRouter(tags=["kept reports"])
_AS_IT_IS: Final = (JSON, TEXT)
_READ_CODES = ("report_not_found", "not_released", "not_acceptable", "request_invalid")


@router.get(
    "/v1/reports/{report_id}/patient-version", summary="The patient version, when it may be read", response_class=Response,
    responses={
        200: {
            "model": PatientReportSchema,
            "description": "The patient version beside the untouched original, in a form by Accept.",
            "content": {one: {"schema": {"type": "string"}} for one in OFFERED if one != JSON},
        },
        **problems(*_READ_CODES, *STORE_CODES),
    },
)  # fmt: skip
async def patient_version(
    request: Request, report_id: str, records: RecordsOf, principal: PrincipalOf, audience: AudienceAsked = "patient"
) -> Response:
    """Return it, or 403 `not_released` with the release time where the policy lets it be said. Each reading is in the audit."""
    chosen = _chosen(request, OFFERED)
    wanted = report_id_of(report_id)
    found = await in_thread(
        lambda: records.patient_version(wanted, actor=actor_of(principal), audience=audience_of(principal, audience))
    )
    if isinstance(found, NotReleased):
        return not_released(request, found, principal)
    return conditional(request, await in_thread(lambda: answer_as(chosen, found.patient_report)))


@router.get(
    "/v1/reports/{report_id}/original", summary="The report as it was sent, when it may be read", response_class=Response,
    responses={
        200: {
            "model": OriginalOut,
            "description": "The text, byte for byte as text/plain, or in JSON with its hash.",
            "content": {TEXT: {"schema": {"type": "string"}}},
        },
        **problems(*_READ_CODES, *STORE_CODES),
    },
)  # fmt: skip
async def original(
    request: Request, report_id: str, records: RecordsOf, principal: PrincipalOf, audience: AudienceAsked = "patient",
    version: Annotated[int | None, Query(ge=1, le=100_000, description="Staff only: a version; else the current one.")] = None,
) -> Response:  # fmt: skip
    """Return the text exactly as it was sent, at the time from which the patient version may be read, and not before."""
    chosen = _chosen(request, _AS_IT_IS)
    wanted = report_id_of(report_id)
    audience_now = audience_of(principal, audience)
    if version is not None and audience_now != "professional":
        raise RequestError("request_invalid", "version: programs read the current version only.")
    found = await in_thread(
        lambda: records.original(wanted, actor=actor_of(principal), audience=audience_now, version=version)
    )
    if isinstance(found, NotReleased):
        return not_released(request, found, principal)
    if chosen == TEXT:
        text = found.report.text.encode("utf-8", "surrogatepass")
        return conditional(request, Response(text, media_type=f"{TEXT}; charset=utf-8"))
    return conditional(request, json_answer(original_out(found)))


def _chosen(request: Request, offered: tuple[str, ...]) -> str:
    chosen = preferred(request.headers.get("accept"), offered)
    if chosen is None:
        raise RequestError("not_acceptable", f"Accept one of: {', '.join(offered)}.")
    return chosen
