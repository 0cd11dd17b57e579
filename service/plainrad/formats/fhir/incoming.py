"""A FHIR DiagnosticReport -> a verified Report, with where its words came from. Bundles: see `entries`."""

from dataclasses import dataclass, field
from typing import Any

from plainrad.domain.report import Report, ReportStatus
from plainrad.errors import ReportEmptyError
from plainrad.formats.fhir.attachments import Form, read_form
from plainrad.formats.fhir.exam import exam_fields
from plainrad.formats.fhir.names import Resource
from plainrad.formats.fhir.observations import report_words
from plainrad.formats.fhir.people import (
    is_organisation,
    is_secondary,
    is_type,
    ods_code,
    patient_fields,
    person,
    same_patient,
)
from plainrad.formats.fhir.references import Around, each
from plainrad.formats.fhir.validate import check_resource
from plainrad.formats.incoming import parse_report


@dataclass(frozen=True, slots=True)
class Received:
    """A report as FHIR brought it. `form` is None where its words came as conclusion and results."""

    resource: Resource
    report: Report
    form: Form | None
    entry: int | None = None  # its place in the Bundle
    bundle: Resource | None = None  # the identifier of the Bundle
    beside: tuple[Resource, ...] = ()  # the entries of the Bundle that it refers to, however far
    body: bytes | None = field(default=None, repr=False)  # exactly as it was sent, where it was sent alone


def read_resource(resource: object, *, where: str = "DiagnosticReport") -> Received:
    """Return the report of a DiagnosticReport; raises a ReportError that holds nothing of it."""
    return read_checked(check_resource(resource, kind="DiagnosticReport", where=where), Around(), where)


def read_checked(resource: Resource, outside: Around, where: str, *, entry: int | None = None) -> Received:
    """Return the report of a DiagnosticReport that is well formed, among the resources of its Bundle."""
    status = resource.get("status")
    ReportStatus.parse(status if isinstance(status, str) else None)
    around = outside.within(resource)
    orders = _linked(resource, around, "basedOn", "ServiceRequest", where)
    studies = _linked(resource, around, "imagingStudy", "ImagingStudy", where)
    patient = patient_fields(resource.get("subject"), around, where=f"{where}.subject")
    others = [(one.get("subject"), around) for one in (*orders, *studies, *_results(resource, around))]
    same_patient(others, patient, where=f"{where}.subject")
    form = read_form(resource, where=where)
    text = form.text if form else report_words(resource, around, where=where)
    if text is None:
        raise ReportEmptyError
    fields: dict[str, Any] = {
        "text": text,
        "status": status,
        "exam": exam_fields(resource, orders, studies, where=where),
        "verified_at": resource.get("issued"),
        "patient": patient,
        "report_id": _report_id(resource),
        "accession": _accession(resource, orders, studies),
        "requester": _requester(orders, around, where),
        "reported_by": _reporters(resource, around, where),
        "organisation": _organisation(resource, around, where),
    }
    report = parse_report({name: value for name, value in fields.items() if value is not None})
    return Received(resource, report, form, entry)


def _linked(resource: Resource, around: Around, element: str, kind: str, where: str) -> list[Resource]:
    """Return the resources of this kind that an element refers to and that were sent."""
    found = []
    for number, one in enumerate(each(resource.get(element))):
        other = around.follow(one, where=f"{where}.{element}[{number}]")
        if other is not None and other["resourceType"] == kind:
            found.append(other)
    return found


def _results(resource: Resource, around: Around) -> list[Resource]:
    """Return the results that were sent; whether one is missing matters only where the words are in them."""
    found = []
    for one in each(resource.get("result")):
        address = str(one.get("reference", ""))
        known = around.contained.get(address[1:]) if address.startswith("#") else around.bundled.get(address)
        if known is not None:
            found.append(known)
    return found


def _report_id(resource: Resource) -> str | None:
    """Return the filler order number, else the first identifier that is no accession number."""
    identifiers = [one for one in each(resource.get("identifier")) if isinstance(one.get("value"), str)]
    filler = [one for one in identifiers if is_type(one, "FILL")]
    others = [one for one in identifiers if not is_type(one, "ACSN") and one.get("use") != "old"]
    return next((str(one["value"]) for one in (*filler, *others)), None)


def _accession(resource: Resource, orders: list[Resource], studies: list[Resource]) -> str | None:
    based_on = [one["identifier"] for one in each(resource.get("basedOn")) if isinstance(one.get("identifier"), dict)]
    for one in (
        *based_on,
        *(one for order in orders for one in each(order.get("identifier"))),
        *(one for study in studies for one in each(study.get("identifier"))),
        *each(resource.get("identifier")),
    ):
        if is_type(one, "ACSN") and isinstance(one.get("value"), str):
            return str(one["value"])
    return None


def _requester(orders: list[Resource], around: Around, where: str) -> str | None:
    names = (person(one.get("requester"), around, where=f"{where}.basedOn") for one in orders)
    return next((name for name in names if name), None)


def _reporters(resource: Resource, around: Around, where: str) -> list[str]:
    """Return who reported it, the primary reporter first; performers that are people where nobody is named as interpreter."""
    interpreters = each(resource.get("resultsInterpreter"))
    place = f"{where}.resultsInterpreter"
    if not interpreters:
        place = f"{where}.performer"
        interpreters = [one for one in each(resource.get("performer")) if not is_organisation(one, around, where=place)]
    names = [person(one, around, where=place) for one in sorted(interpreters, key=is_secondary)]
    return list(dict.fromkeys(name for name in names if name))


def _organisation(resource: Resource, around: Around, where: str) -> str | None:
    places = [("performer", one) for one in each(resource.get("performer"))]
    places += [("resultsInterpreter", one) for one in each(resource.get("resultsInterpreter"))]
    codes = (ods_code(one, around, where=f"{where}.{element}") for element, one in places)
    return next((code for code in codes if code), None)
