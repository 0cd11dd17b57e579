"""Patients, practitioners and organisations of FHIR -> the fields of a report."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from plainrad.errors import PatientMismatchError
from plainrad.formats.fhir.names import (
    IDENTIFIER_TYPE,
    NHS_NUMBER,
    NHS_NUMBER_STATUS,
    ODS,
    PERFORMER_FUNCTION,
    TRACED,
    Resource,
)
from plainrad.formats.fhir.references import Around, each

_PEOPLE: Final = ("Practitioner", "PractitionerRole", "Organization", "CareTeam", "Patient", "Device", "RelatedPerson")


def codings(concept: object) -> list[Resource]:
    """Return the codings of a CodeableConcept, or of several."""
    many = concept if isinstance(concept, list) else [concept]
    return [one for each_one in many if isinstance(each_one, dict) for one in each(each_one.get("coding"))]


def is_type(identifier: Resource, code: str) -> bool:
    """Return True where the identifier is of this type of table 0203."""
    return any(
        one.get("code") == code and one.get("system") == IDENTIFIER_TYPE for one in codings(identifier.get("type"))
    )


def nhs_numbers(identifiers: Iterable[Resource]) -> Iterator[Resource]:
    """Yield the identifiers that are NHS numbers in use."""
    for one in identifiers:
        if one.get("system") == NHS_NUMBER and one.get("use") != "old" and one.get("value"):
            yield one


def patient_fields(subject: object, around: Around, *, where: str) -> dict[str, Any] | None:
    """Return the fields of whom the report is about, or None where it does not say; raises PatientMismatchError."""
    if not isinstance(subject, dict):
        return None
    resource = around.follow(subject, "Patient", where=where)
    sent = [one for one in (subject.get("identifier"),) if isinstance(one, dict)]
    sent += each((resource or {}).get("identifier"))
    numbers = list(nhs_numbers(sent))
    if len({str(one["value"]).replace(" ", "") for one in numbers}) > 1:
        raise PatientMismatchError
    fields: dict[str, Any] = {
        "nhs_number": numbers[0]["value"] if numbers else None,
        "traced": all(_traced(one) for one in numbers),
        "identifiers": list(_others(sent)),
    }
    if resource is None:
        if isinstance(subject.get("reference"), str):
            fields["identifiers"].append({"value": subject["reference"], "kind": "reference"})
        if isinstance(subject.get("display"), str):
            fields["family"] = subject["display"]
    else:
        fields |= _name(each(resource.get("name")))
        fields["sex"] = resource.get("gender")
        birth = resource.get("birthDate")
        fields["birth_date"] = birth if isinstance(birth, str) and len(birth) == 10 else None
    known = {name: value for name, value in fields.items() if value not in (None, [], ())}
    return known if known.keys() - {"traced"} else None


def _traced(identifier: Resource) -> bool:
    """Return False where the sender says that the number is not verified. Who says nothing sends a traced number (NHS England)."""
    statuses = [one for one in each(identifier.get("extension")) if one.get("url") in NHS_NUMBER_STATUS]
    codes = {one.get("code") for status in statuses for one in codings(status.get("valueCodeableConcept"))}
    return codes <= TRACED


def _others(identifiers: Iterable[Resource]) -> Iterator[dict[str, Any]]:
    for one in identifiers:
        if one.get("system") != NHS_NUMBER and isinstance(one.get("value"), str):
            kind = next((str(code["code"]) for code in codings(one.get("type")) if code.get("code")), None)
            found = {"value": one["value"], "system": one.get("system"), "kind": kind}
            yield {name: value for name, value in found.items() if value is not None}


def _name(names: list[Resource]) -> dict[str, Any]:
    """Return the name in use: the official one first, never an old one."""
    order = {"official": 0, "usual": 1, None: 2, "nickname": 4, "maiden": 5, "old": 5, "temp": 3, "anonymous": 6}
    now = sorted(names, key=lambda one: order.get(one.get("use"), 3))
    if not now:
        return {}
    family = now[0].get("family") or (now[0].get("text") if not now[0].get("given") else None)
    given = [one for one in now[0].get("given", ()) if isinstance(one, str)]
    return {"family": family, "given": given}


def same_patient(subjects: Iterable[tuple[object, Around]], patient: dict[str, Any] | None, *, where: str) -> None:
    """Raise PatientMismatchError where another part of the message names another patient than the report does."""
    mine = _marks(patient)
    for subject, around in subjects:
        for kind, value in _marks(patient_fields(subject, around, where=where)).items():
            if mine.get(kind, value) != value:
                raise PatientMismatchError


def _marks(patient: dict[str, Any] | None) -> dict[str, str]:
    """Return what tells one patient from another: the NHS number, and the address of a patient who was not sent."""
    if patient is None:
        return {}
    found = {one["kind"]: str(one["value"]) for one in patient.get("identifiers", ()) if one.get("kind") == "reference"}
    if patient.get("nhs_number"):
        found["nhs_number"] = "".join(str(patient["nhs_number"]).replace("-", "").split())
    return found


def person(reference: object, around: Around, *, where: str) -> str | None:
    """Return the name of whom a reference means: of the resource, its display, else an identifier."""
    if not isinstance(reference, dict):
        return None
    resource = around.follow(reference, *_PEOPLE, where=where)
    if resource is not None and resource["resourceType"] == "PractitionerRole":
        inner = person(resource.get("practitioner"), around, where=where) or person(
            resource.get("organization"), around, where=where
        )
        if inner:
            return inner
    for name in (
        _written_name(resource),
        reference.get("display"),
        *_numbers(reference, resource),
        reference.get("reference"),
    ):
        if isinstance(name, str) and name.strip():
            return name
    return None


def _written_name(resource: Resource | None) -> str | None:
    names = (resource or {}).get("name")
    if isinstance(names, str):
        return names  # an organisation
    for one in sorted(each(names), key=lambda name: name.get("use") in ("old", "maiden")):
        if isinstance(one.get("text"), str):
            return str(one["text"])
        parts = [*one.get("prefix", ()), *one.get("given", ()), one.get("family")]
        return " ".join(part for part in parts if isinstance(part, str)) or None
    return None


def _numbers(reference: Resource, resource: Resource | None) -> Iterator[str]:
    identifiers = each([reference.get("identifier")]) + each((resource or {}).get("identifier"))
    return (str(one["value"]) for one in identifiers if one.get("value"))


def is_organisation(reference: Resource, around: Around, *, where: str) -> bool:
    """Return True where a performer is an organisation."""
    resource = around.follow(reference, where=where)
    identifier = reference.get("identifier")
    return (
        (resource or {}).get("resourceType") == "Organization"
        or reference.get("type") == "Organization"
        or (isinstance(identifier, dict) and identifier.get("system") in ODS)
        or (resource is None and str(reference.get("reference", "")).rpartition("/")[0].endswith("Organization"))
    )


def ods_code(reference: Resource, around: Around, *, where: str) -> str | None:
    """Return the ODS code of an organisation."""
    resource = around.follow(reference, where=where)
    for one in each([reference.get("identifier")]) + each((resource or {}).get("identifier")):
        if one.get("system") in ODS and isinstance(one.get("value"), str):
            return str(one["value"])
    return None


def is_secondary(reference: Resource) -> bool:
    """Return True for a performer whose function is not the primary one."""
    functions = [one for one in each(reference.get("extension")) if one.get("url") == PERFORMER_FUNCTION]
    codes = {one.get("code") for function in functions for one in codings(function.get("valueCodeableConcept"))}
    return bool(codes) and "PPRF" not in codes
