"""Errors -> OperationOutcome: our stable code, what to do, and where. Nothing of what was sent."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from plainrad.errors import FhirInvalidError, PlainradError
from plainrad.formats.fhir.names import ERROR_SYSTEM, Resource

# Our code -> HTTP status and the code of FHIR's issue-type.
ISSUES: Final[Mapping[str, tuple[int, str]]] = {
    "json_invalid": (400, "structure"),
    "report_encoding": (400, "structure"),
    "request_broken": (400, "structure"),
    "not_found": (404, "not-found"),
    "method_not_allowed": (405, "not-supported"),
    "not_acceptable": (406, "not-supported"),
    "conflict": (409, "conflict"),
    "retracted": (410, "deleted"),
    "body_too_large": (413, "too-long"),
    "report_too_large": (413, "too-long"),
    "content_type_unsupported": (415, "not-supported"),
    "fhir_version": (415, "not-supported"),
    "fhir_invalid": (422, "invalid"),
    "fhir_reference": (422, "not-found"),
    "not_radiology": (422, "not-supported"),
    "attachment_unreadable": (422, "not-supported"),
    "patient_mismatch": (422, "conflict"),
    "words_unclear": (422, "not-supported"),
    "report_empty": (422, "required"),
    "report_invalid": (422, "value"),
    "record_invalid": (422, "value"),
    "nhs_number_invalid": (422, "value"),
    "report_not_verified": (422, "business-rule"),
    "report_status_missing": (422, "required"),
    "request_invalid": (422, "value"),
    "credentials_missing": (401, "login"),
    "credentials_invalid": (401, "login"),
    "access_denied": (403, "forbidden"),
    "access_not_configured": (403, "forbidden"),
    "csrf_failed": (403, "forbidden"),
    "forbidden": (403, "forbidden"),
    "demo_only": (403, "business-rule"),
    "not_released": (403, "suppressed"),
    "report_not_found": (404, "not-found"),
    "idempotency_conflict": (409, "conflict"),
    "stale": (409, "conflict"),
    "rate_limited": (429, "throttled"),
    "store_unavailable": (503, "transient"),
    "store_busy": (503, "transient"),
    "store_full": (503, "transient"),
    "store_schema": (503, "transient"),
    "keys_missing": (503, "transient"),
    "extra_missing": (501, "not-supported"),
    "not_kept": (501, "not-supported"),
    "busy": (503, "transient"),
    "not_ready": (503, "transient"),
    "internal_error": (500, "exception"),
}
# The issue of a code that belongs to another part of the service, by its HTTP status.
_BY_STATUS: Final[Mapping[int, str]] = {
    400: "structure", 401: "login", 403: "forbidden", 404: "not-found", 409: "conflict", 413: "too-long", 422: "value", 429: "throttled",
    501: "not-supported", 503: "transient",
}  # fmt: skip
_ID: Final = re.compile(r"[A-Za-z0-9.-]{1,64}", re.ASCII)


def outcome(
    code: str,
    diagnostics: str,
    *,
    where: str | None = None,
    request_id: str | None = None,
    now: datetime | None = None,
    status: int = 500,
) -> Resource:
    """Return the OperationOutcome of an error; for a code that is not known here `status` says which kind of issue it is."""
    issue: Resource = {
        "severity": "error",
        "code": ISSUES[code][1] if code in ISSUES else _BY_STATUS.get(status, "exception"),
        "details": {"coding": [{"system": ERROR_SYSTEM, "code": code}]},
        "diagnostics": diagnostics,
    }
    if where is not None:
        issue["expression"] = [where]
    made: Resource = {"resourceType": "OperationOutcome"}
    if request_id is not None and _ID.fullmatch(request_id):
        made["id"] = request_id
    if now is not None:
        made["meta"] = {"lastUpdated": now.astimezone(UTC).isoformat(timespec="seconds")}
    return {**made, "issue": [issue]}


def status_of(code: str) -> int:
    """Return the HTTP status of an error."""
    return ISSUES.get(code, ISSUES["internal_error"])[0]


def where_of(error: PlainradError) -> str | None:
    """Return the FHIRPath of an error that has one."""
    return error.where if isinstance(error, FhirInvalidError) else None
