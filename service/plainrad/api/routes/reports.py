"""/v1/reports: hand in reports, find them, read about them, withdraw them."""

import re
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response

from plainrad.api.bodies import read_body
from plainrad.api.conditional import conditional
from plainrad.api.dependencies import EngineOf, MetricsOf, SettingsOf
from plainrad.api.documentation import EXAMPLES, REPORT_SCHEMA, problems
from plainrad.api.kept import (
    RecordsOf,
    actor_of,
    audience_of,
    body_of,
    in_thread,
    json_answer,
    known_to,
    nhs_number_of,
    plain_text,
    report_id_of,
    sent,
)
from plainrad.api.pages import JSON
from plainrad.api.portal_schemas import (
    ReaderAudience,
    ReceiptOut,
    ReportOut,
    ReportPage,
    SearchIn,
    StatusOut,
    VersionsOut,
    WithdrawIn,
    receipt_out,
    report_out,
    status_out,
    version_out,
)
from plainrad.api.security.guarded import PrincipalOf
from plainrad.domain.access import Principal, Scope
from plainrad.domain.records import Page, Receipt, ReportView
from plainrad.domain.release import ReleaseState
from plainrad.errors import DemoOnlyError, RequestError
from plainrad.formats.incoming import parse_json, parse_report
from plainrad.release.decide import told

router = APIRouter(tags=["kept reports"])
STORE_CODES = (
    "internal_error",
    "store_unavailable",
    "store_busy",
    "store_full",
    "store_schema",
    "keys_missing",
    "records_off",
)
BODY_CODES = ("json_invalid", "report_encoding", "body_too_large", "content_type_unsupported")
_KEY = re.compile(r"[\x21-\x7e]{1,200}", re.ASCII)
_SUBMIT: dict[str, Any] = {
    "requestBody": {"required": True, "content": {JSON: {"schema": REPORT_SCHEMA, "examples": EXAMPLES}}}
}
AudienceAsked = Annotated[ReaderAudience, Query(description="For whom a program reads; staff read as professionals.")]


@router.post(
    "/v1/reports", summary="Hand in a report", response_class=Response, openapi_extra=_SUBMIT,
    responses={
        201: {"model": ReceiptOut, "description": "It is kept: a new report, or a new version of one."},
        200: {"model": ReceiptOut, "description": "It was kept before: `unchanged`, `completed` or `replayed`."},
        **problems(
            *BODY_CODES, "report_too_large", "report_empty", "report_invalid", "report_not_verified", "report_status_missing",
            "nhs_number_invalid", "request_invalid", "record_invalid", "characters_invalid", "idempotency_conflict", "demo_only", "busy", "not_ready", *STORE_CODES,
        ),
    },
)  # fmt: skip
async def submit(
    request: Request, engine: EngineOf, records: RecordsOf, settings: SettingsOf, principal: PrincipalOf, metrics: MetricsOf,
    idempotency_key: Annotated[
        str | None, Header(description="1 to 200 visible characters: a new one for each submission, the same one when it is sent again.")
    ] = None,
) -> Response:  # fmt: skip
    """Keep a verified report, and work out its patient version. What is acknowledged is on disk.

    The same `report_id` (or else `accession`) with other words is a new version: the older patient version is retracted.
    """
    if idempotency_key is None or not _KEY.fullmatch(idempotency_key):
        raise RequestError(
            "request_invalid", "Idempotency-Key: send 1 to 200 visible characters, new for each submission."
        )
    body = await read_body(request, media_type=JSON, limit=settings.max_body_bytes)

    def keep() -> Receipt:
        report = parse_report(parse_json(body))
        number = report.patient.nhs_number if report.patient else None
        if principal.kind == "loopback" and report.patient is not None and (number is None or not number.for_tests):
            raise DemoOnlyError
        return records.submit(report, actor=actor_of(principal), key=idempotency_key)

    receipt = await engine.in_thread(keep)
    metrics.submitted(receipt.outcome)
    answer = json_answer(receipt_out(receipt), status=201 if receipt.outcome in ("created", "new_version") else 200)
    answer.headers["Location"] = f"/v1/reports/{receipt.id}"
    return answer


@router.get(
    "/v1/reports", summary="List reports", response_class=Response,
    responses={200: {"model": ReportPage}, **problems("request_invalid", "record_invalid", "characters_invalid", "cursor_invalid", *STORE_CODES)},
)  # fmt: skip
async def list_reports(
    request: Request, records: RecordsOf, principal: PrincipalOf,
    accession: Annotated[str | None, Query(max_length=300, description="Its accession number.")] = None,
    state: Annotated[ReleaseState | None, Query(description="Where it stands now.")] = None,
    audience: AudienceAsked = "patient",
    cursor: Annotated[str | None, Query(max_length=200, description="`next_cursor` of the answer before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="How many at most. A page may hold fewer and still go on.")] = 50,
) -> Response:  # fmt: skip
    """Return the reports of the caller's organisation, newest first. By patient: POST /v1/reports/search."""
    plain_text("accession", accession)
    page = await in_thread(
        lambda: records.list(
            actor=actor_of(principal), accession=accession, state=state, audience=audience_of(principal, audience),
            cursor=cursor, limit=limit,
        )
    )  # fmt: skip
    return conditional(request, json_answer(_page(page)))


@router.post(
    "/v1/reports/search", summary="List the reports of a patient", response_class=Response, openapi_extra=body_of(SearchIn),
    responses={
        200: {"model": ReportPage},
        **problems(*BODY_CODES, "nhs_number_invalid", "record_invalid", "characters_invalid", "cursor_invalid", *STORE_CODES),
    },
)  # fmt: skip
async def search(request: Request, records: RecordsOf, settings: SettingsOf, principal: PrincipalOf) -> Response:
    """Return the reports of one patient, newest first. The NHS number is in the body: addresses are logged on the way."""
    asked = await sent(request, SearchIn, settings)
    patient = nhs_number_of(asked.nhs_number)
    plain_text("accession", asked.accession)
    page = await in_thread(
        lambda: records.list(
            actor=actor_of(principal), patient=patient, accession=asked.accession, state=asked.state,
            audience=audience_of(principal, asked.audience), cursor=asked.cursor, limit=asked.limit,
        )
    )  # fmt: skip
    return json_answer(_page(page))


def _page(page: Page) -> ReportPage:
    return ReportPage(reports=[report_out(one) for one in page.reports], next_cursor=page.next_cursor)


async def view_of(records: RecordsOf, principal: Principal, report_id: str, audience: str) -> ReportView:
    """Return what the caller may know of a report; raises ReportNotFoundError."""
    found = report_id_of(report_id)
    view = await in_thread(
        lambda: records.get(found, actor=actor_of(principal), audience=audience_of(principal, audience))
    )
    return known_to(principal, view)


@router.get(
    "/v1/reports/{report_id}", summary="Read about a report", response_class=Response,
    responses={200: {"model": ReportOut}, **problems("report_not_found", "request_invalid", *STORE_CODES)},
)  # fmt: skip
async def about(
    request: Request, report_id: str, records: RecordsOf, principal: PrincipalOf, audience: AudienceAsked = "patient"
) -> Response:
    """Return what is known of a report beside its words."""
    return conditional(request, json_answer(report_out(await view_of(records, principal, report_id, audience))))


@router.get(
    "/v1/reports/{report_id}/status", summary="Where does it stand?", response_class=Response,
    responses={200: {"model": StatusOut}, **problems("report_not_found", "request_invalid", *STORE_CODES)},
)  # fmt: skip
async def status(
    request: Request, report_id: str, records: RecordsOf, principal: PrincipalOf, audience: AudienceAsked = "patient"
) -> Response:
    """Return whether it may be read now, and from when, as far as the patient may be told."""
    return conditional(request, json_answer(status_out(await view_of(records, principal, report_id, audience))))


@router.get(
    "/v1/reports/{report_id}/versions", summary="All its versions", response_class=Response,
    responses={200: {"model": VersionsOut}, **problems("report_not_found", *STORE_CODES)},
)  # fmt: skip
async def versions(request: Request, report_id: str, records: RecordsOf, principal: PrincipalOf) -> Response:
    """Return the versions without their words; their hashes to staff and to who hands in reports, else that of what can be read now."""
    view = await view_of(records, principal, report_id, "patient")
    found = await in_thread(lambda: records.versions(view.id, actor=actor_of(principal)))
    always = principal.kind == "staff" or Scope.SUBMIT in principal.scopes
    told_now = [version_out(one, hashed=always or (one.current and view.decision.visible)) for one in found]
    return conditional(request, json_answer(VersionsOut(id=view.id, versions=told_now)))


@router.post(
    "/v1/reports/{report_id}/withdraw", summary="Take a report back", response_class=Response, openapi_extra=body_of(WithdrawIn),
    responses={
        200: {"model": StatusOut}, **problems(*BODY_CODES, "report_not_found", "record_invalid", "characters_invalid", "stale", *STORE_CODES),
    },
)  # fmt: skip
async def withdraw(
    request: Request, report_id: str, records: RecordsOf, settings: SettingsOf, principal: PrincipalOf
) -> Response:
    """Retract the current version at once. It stays kept; other words can follow it."""
    asked = await sent(request, WithdrawIn, settings)
    found = report_id_of(report_id)
    view = await in_thread(
        lambda: records.withdraw(found, actor=actor_of(principal), reason=asked.reason, revision=asked.revision)
    )
    return json_answer(status_out(replace(view, decision=told(view.decision))))
