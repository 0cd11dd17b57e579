"""FHIR R4 under /fhir: DiagnosticReports and Bundles in, the same with a patient version out; read and search where reports are kept."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response

from plainrad.api.accept import preferred
from plainrad.api.bodies import read_body
from plainrad.api.dependencies import EngineOf, SettingsOf
from plainrad.api.engine import Engine
from plainrad.api.kept_fhir import KeptRecords
from plainrad.api.outcomes import FhirRoute, fhir_answer, refusal
from plainrad.domain.access import Principal
from plainrad.errors import FhirInvalidError, FhirVersionError, RequestError
from plainrad.formats.fhir.incoming import read_resource
from plainrad.formats.fhir.names import MEDIA_TYPE, Resource
from plainrad.formats.fhir.wire import dumps, parse
from plainrad.records.records import Records
from plainrad.settings import Settings
from plainrad.wire.fhir.annotate import annotate, unwrapped, with_patient_version
from plainrad.wire.fhir.conformance import capability_statement
from plainrad.wire.fhir.keep import address, keep_bundle, receipt
from plainrad.wire.fhir.kept import Held, Kept
from plainrad.wire.fhir.search import parse_query, searchset

router = APIRouter(tags=["FHIR R4"], route_class=FhirRoute, prefix="/fhir")
FORM: Final = "application/x-www-form-urlencoded"
XML: Final = (
    f"FHIR as XML is not read here. Send the same resource as JSON, with Content-Type: {MEDIA_TYPE}. "
    "Every FHIR library writes both."
)
_VERSION: Final = re.compile(r"fhirversion\s*=\s*\"?(?P<version>[0-9.]+)", re.IGNORECASE)
_ID: Final = re.compile(r"[A-Za-z0-9.-]{1,64}", re.ASCII)
_SOME_RESOURCE: Final[dict[str, Any]] = {"type": "object", "required": ["resourceType"]}
_OUTCOME: Final[dict[str, Any]] = {
    "description": "An OperationOutcome: `issue.details.coding` holds our code, `diagnostics` what to do.",
    "content": {MEDIA_TYPE: {"schema": _SOME_RESOURCE}},
}
_ANSWER: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The resource.", "content": {MEDIA_TYPE: {"schema": _SOME_RESOURCE}}},
    **{one: dict(_OUTCOME) for one in (400, 401, 403, 404, 405, 406, 409, 410, 413, 415, 422, 429, 500, 501, 503)},
}
_BODY: Final[dict[str, Any]] = {"requestBody": {"required": True, "content": {MEDIA_TYPE: {"schema": _SOME_RESOURCE}}}}


def _kept(request: Request) -> Kept | None:
    """Return the reports that are kept, as the caller may see them; None where the service keeps none."""
    own: Kept | None = request.app.state.kept
    records: Records | None = request.app.state.records
    if own is not None or records is None:
        return own
    principal: Principal | None = request.state.principal
    return KeptRecords(records, principal)


def _check_accept(request: Request) -> None:
    wanted = request.query_params.get("_format")
    if wanted is not None and wanted.partition(";")[0] not in ("json", MEDIA_TYPE, "application/fhir json"):
        raise RequestError("not_acceptable", f"Only {MEDIA_TYPE} is given.")
    if preferred(request.headers.get("accept"), (MEDIA_TYPE,)) is None:
        raise RequestError("not_acceptable", f"Accept {MEDIA_TYPE}.")
    named = _VERSION.search(request.headers.get("accept", "")) or _VERSION.search(
        request.headers.get("content-type", "")
    )
    if named and named["version"] not in ("4.0", "4.0.1"):
        raise FhirVersionError


async def _body(request: Request, settings: Settings) -> tuple[bytes, Any]:
    """Return the body, and its values."""
    _check_accept(request)
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent.endswith(("+xml", "/xml")):
        raise RequestError("content_type_unsupported", XML)
    body = await read_body(request, media_type=MEDIA_TYPE, limit=settings.max_document_bytes)
    return body, parse(body)


async def _resource(request: Request, settings: Settings) -> Any:
    return (await _body(request, settings))[1]


async def _explained(engine: Engine, sent: Any) -> Response:
    made = await engine.in_thread(lambda: dumps(annotate(sent, engine.annotate, now=datetime.now(UTC))))
    return Response(made, headers={"Content-Type": f"{MEDIA_TYPE}; charset=utf-8"})


@router.get("/metadata", summary="What this server can do", response_class=Response, responses=_ANSWER)
async def metadata(request: Request) -> Response:
    """Return the CapabilityStatement."""
    _check_accept(request)
    return fhir_answer(capability_statement(kept=_kept(request) is not None))


@router.post(
    "/DiagnosticReport/$annotate", summary="Explain a report or a Bundle; nothing is kept", response_class=Response,
    openapi_extra=_BODY, responses=_ANSWER,
)  # fmt: skip
async def annotate_operation(request: Request, engine: EngineOf, settings: SettingsOf) -> Response:
    """Return the DiagnosticReport or Bundle with patient versions beside the untouched originals."""
    return await _explained(engine, await _resource(request, settings))


@router.post(
    "/DiagnosticReport", summary="Explain a report, and keep it where reports are kept", response_class=Response,
    openapi_extra=_BODY, responses={**_ANSWER, 201: {"description": "It is kept.", "content": {MEDIA_TYPE: {"schema": _SOME_RESOURCE}}}},
)  # fmt: skip
async def create(request: Request, engine: EngineOf, settings: SettingsOf) -> Response:
    """Return 201 and where it is kept; where nothing is kept, 200 and the report with its patient version."""
    body, parsed = await _body(request, settings)
    sent = unwrapped(parsed)
    if sent["resourceType"] != "DiagnosticReport":
        raise FhirInvalidError("A DiagnosticReport is wanted here. Send a Bundle to the base, /fhir.")
    kept = _kept(request)
    if kept is None:
        return await _explained(engine, sent)
    exactly = body if sent is parsed else None
    held = (await engine.in_thread(lambda: kept.keep([replace(read_resource(sent), body=exactly)])))[0]
    return fhir_answer(
        receipt(held), status=201 if held.new else 200, headers={"Location": f"{_base(request)}/{address(held)}"}
    )


@router.post("/", include_in_schema=False)
@router.post(
    "", summary="Explain every report of a Bundle: all or none, or one by one where it is a batch", response_class=Response, openapi_extra=_BODY, responses=_ANSWER
)  # fmt: skip
async def bundle(request: Request, engine: EngineOf, settings: SettingsOf) -> Response:
    """Return the Bundle with patient versions; where reports are kept, a receipt for each."""
    sent = await _resource(request, settings)
    if unwrapped(sent)["resourceType"] != "Bundle":
        raise FhirInvalidError("A Bundle is wanted here.")
    kept = _kept(request)
    if kept is None:
        return await _explained(engine, sent)
    return fhir_answer(await engine.in_thread(lambda: keep_bundle(unwrapped(sent), kept)))


@router.get("/DiagnosticReport", summary="Search the released reports", response_class=Response, responses=_ANSWER)
async def search(request: Request, engine: EngineOf) -> Response:
    """Return released reports by identifier, patient and date, a page at a time."""
    return await _search(request, engine, request.query_params.multi_items())


@router.post(
    "/DiagnosticReport/_search", summary="Search, with the parameters out of sight of address logs", response_class=Response,
    openapi_extra={"requestBody": {"content": {FORM: {"schema": {"type": "object"}}}}}, responses=_ANSWER,
)  # fmt: skip
async def search_by_form(request: Request, engine: EngineOf) -> Response:
    """Return the same as GET."""
    body = await read_body(request, media_type=FORM, limit=10_000)
    try:
        sent = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=20)
    except (UnicodeDecodeError, ValueError):
        raise RequestError("request_invalid", "The form cannot be read.") from None
    return await _search(request, engine, [*request.query_params.multi_items(), *sent])


async def _search(request: Request, engine: Engine, parameters: list[tuple[str, str]]) -> Response:
    _check_accept(request)
    kept = _needed(request)
    query = parse_query(parameters)

    def work() -> Resource:
        found = kept.search(query)
        shown = [_shown(one) for one in found.held if one.patient.release.state == "released"]
        return searchset(found, shown, parameters, base=_base(request))

    return fhir_answer(await engine.in_thread(work))


@router.get(
    "/DiagnosticReport/{report_id}", summary="Read a released report", response_class=Response, responses=_ANSWER
)
async def read(request: Request, report_id: str, engine: EngineOf) -> Response:
    """Return a released report with its patient version; 403 before its release."""
    _check_accept(request)
    kept = _needed(request)
    held = await engine.in_thread(lambda: kept.read(report_id)) if _ID.fullmatch(report_id) else None
    if held is None:
        raise RequestError("not_found", "There is no such report.")
    release = held.patient.release
    if release.state == "retracted":
        raise RequestError("retracted", "This report was retracted.")
    if release.state != "released":
        raise RequestError("not_released", "The patient version has not been released.")
    shown = await engine.in_thread(lambda: _shown(held))
    return fhir_answer(shown, headers={"ETag": f'W/"{held.version}"'})


_ALLOWED: Final = {
    "": "POST", "metadata": "GET", "DiagnosticReport": "GET, POST", "DiagnosticReport/$annotate": "POST",
    "DiagnosticReport/_search": "POST",
}  # fmt: skip
_ANY: Final = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@router.api_route("/{path:path}", methods=_ANY, include_in_schema=False)
async def anything_else(request: Request, path: str) -> Response:
    """Say in FHIR that there is nothing here, or nothing by this method."""
    if path not in _ALLOWED:
        raise RequestError("not_found", "There is nothing here. GET /fhir/metadata says what there is.")
    answer = refusal("method_not_allowed", f"Use {_ALLOWED[path]}.", request_id=request.state.request_id)
    answer.headers["Allow"] = _ALLOWED[path]
    return answer


def _needed(request: Request) -> Kept:
    kept = _kept(request)
    if kept is None:
        raise RequestError("not_kept", "This service keeps no reports, so none can be read. Use $annotate.")
    return kept


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/") + "/fhir"


def _shown(held: Held) -> Resource:
    made = with_patient_version(held.received, held.patient, now=held.updated)
    meta = {
        **made.get("meta", {}),
        "versionId": str(held.version),
        "lastUpdated": held.updated.astimezone(UTC).isoformat(),
    }
    return {"resourceType": "DiagnosticReport", **made, "id": held.id, "meta": meta}
