"""Report -> a DiagnosticReport, where the report came in another format. What `incoming` reads is what this writes."""

import base64
from datetime import UTC, datetime
from typing import Any

from plainrad.domain.people import Patient
from plainrad.domain.report import Modality, Report
from plainrad.formats.fhir.names import (
    DCM,
    IDENTIFIER_TYPE,
    NHS_NUMBER,
    NHS_NUMBER_STATUS,
    NHS_NUMBER_STATUS_SYSTEM,
    ODS,
    SECTION,
    Resource,
)

_DICOM: dict[Modality, str] = {"XR": "DX", "IR": "XA"}  # ours -> the code of DICOM, where it is another


def to_resource(report: Report) -> Resource:
    """Return the report as a DiagnosticReport with its text as presentedForm[0]."""
    contained: list[Resource] = []
    resource: Resource = {
        "resourceType": "DiagnosticReport",
        "identifier": _report_number(report),
        "basedOn": _based_on(report, contained),
        "status": report.status.value,
        "category": [{"coding": _category(report)}],
        "code": _code(report),
        "subject": _subject(report.patient, contained),
        "effectiveDateTime": _moment(report.exam.performed_at),
        "issued": _moment(report.verified_at),
        "performer": [_organisation(report.organisation)] if report.organisation else None,
        "resultsInterpreter": [{"type": "Practitioner", "display": name} for name in report.reported_by] or None,
        "presentedForm": [
            {"contentType": "text/plain; charset=utf-8", "data": base64.b64encode(report.text.encode("utf-8")).decode()}
        ],
    }
    found = {name: value for name, value in resource.items() if value is not None}
    return found | ({"contained": contained} if contained else {})


def _moment(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="microseconds" if moment.microsecond else "seconds")


def _typed(code: str) -> Resource:
    return {"coding": [{"system": IDENTIFIER_TYPE, "code": code}]}


def _report_number(report: Report) -> list[Resource] | None:
    return [{"type": _typed("FILL"), "value": report.report_id}] if report.report_id else None


def _based_on(report: Report, contained: list[Resource]) -> list[Resource] | None:
    """Return the order, by its accession number, with who asked for it."""
    if not (report.accession or report.requester):
        return None
    order: Resource = {"resourceType": "ServiceRequest", "id": "order", "status": "completed", "intent": "order"}
    if report.accession:
        order["identifier"] = [{"type": _typed("ACSN"), "value": report.accession}]
    subject = _subject(report.patient, [])
    order["subject"] = subject or {"display": "unknown"}
    if report.requester:
        order["requester"] = {"display": report.requester}
    contained.append(order)
    return [{"reference": "#order"}]


def _category(report: Report) -> list[Resource]:
    found = [{"system": SECTION, "code": "RAD"}]
    if report.exam.modality:
        found.append({"system": DCM, "code": _DICOM.get(report.exam.modality, report.exam.modality)})
    return found


def _code(report: Report) -> Resource:
    """Return what was done. A DiagnosticReport must have a code; where none is known its text says what it is."""
    found: dict[str, Any] = {}
    if report.exam.code:
        coding = {"system": report.exam.code.system, "code": report.exam.code.value}
        found["coding"] = [{name: value for name, value in coding.items() if value}]
    if report.exam.title:
        found["text"] = report.exam.title
    return found or {
        "coding": [{"system": "http://snomed.info/sct", "code": "722124004", "display": "Radiology studies report"}]
    }


def _subject(patient: Patient | None, contained: list[Resource]) -> Resource | None:
    if patient is None:
        return None
    if not contained or contained[-1].get("id") != "patient":
        contained.append(_patient(patient))
    return {"reference": "#patient"}


def _patient(patient: Patient) -> Resource:
    identifiers: list[Resource] = []
    if patient.nhs_number:
        number: Resource = {"system": NHS_NUMBER, "value": patient.nhs_number.value}
        if not patient.traced:
            status = {"coding": [{"system": NHS_NUMBER_STATUS_SYSTEM, "code": "02"}]}
            number = {"extension": [{"url": NHS_NUMBER_STATUS[0], "valueCodeableConcept": status}], **number}
        identifiers.append(number)
    for one in patient.identifiers:
        other: Resource = {"value": one.value}
        if one.kind:
            other["type"] = {"coding": [{"code": one.kind}]}
        if one.system:
            other["system"] = one.system
        identifiers.append(other)
    name = {"family": patient.family, "given": list(patient.given) or None}
    found: dict[str, Any] = {
        "resourceType": "Patient",
        "id": "patient",
        "identifier": identifiers or None,
        "name": [{key: value for key, value in name.items() if value}] if patient.family or patient.given else None,
        "gender": patient.sex.value if patient.sex else None,
        "birthDate": patient.birth_date.isoformat() if patient.birth_date else None,
    }
    return {key: value for key, value in found.items() if value is not None}


def _organisation(code: str) -> Resource:
    return {"type": "Organization", "identifier": {"system": ODS[0], "value": code}}
