"""Is it a well-formed FHIR R4 resource that we may read? fhir.resources looks at its shape, we look at what that leaves out.

Elements that R4 does not know are let through untouched (senders add them), except those that only another version of FHIR has: they
say that the rest is not R4 either. A modifierExtension may turn a meaning round, so one that we do not know is refused (R4, section 2.4).
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from pydantic import ValidationError

from plainrad.errors import ExtraMissingError, FhirInvalidError, FhirVersionError, ReportStatusMissingError
from plainrad.formats.fhir.names import Resource

# Elements of a DiagnosticReport that other versions have and R4 has not.
OTHER_VERSIONS: Final = frozenset(
    {"context", "codedDiagnosis", "image", "imagingStudyReference", "study", "note", "composition", "supportingInfo",
     "recommendation", "procedure", "communication", "relatesTo", "conclusionCodeableConcept"}
)  # fmt: skip
# Required bindings of R4 (code systems that a sender may not extend): resource and element -> the codes.
BINDINGS: Final[Mapping[tuple[str, str], frozenset[str]]] = {
    ("DiagnosticReport", "status"): frozenset(
        ["registered", "partial", "preliminary", "final", "amended", "corrected", "appended", "cancelled", "entered-in-error", "unknown"]
    ),
    ("Observation", "status"): frozenset(
        ["registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error", "unknown"]
    ),
    ("Patient", "gender"): frozenset(["male", "female", "other", "unknown"]),
    ("Practitioner", "gender"): frozenset(["male", "female", "other", "unknown"]),
    ("ServiceRequest", "status"): frozenset(
        ["draft", "active", "on-hold", "revoked", "completed", "entered-in-error", "unknown"]
    ),
    ("ServiceRequest", "intent"): frozenset(
        ["proposal", "plan", "directive", "order", "original-order", "reflex-order", "filler-order", "instance-order", "option"]
    ),
    ("ImagingStudy", "status"): frozenset(["registered", "available", "cancelled", "entered-in-error", "unknown"]),
    ("Composition", "status"): frozenset(["preliminary", "final", "amended", "entered-in-error"]),
    ("Bundle", "type"): frozenset(
        ["document", "message", "transaction", "transaction-response", "batch", "batch-response", "history", "searchset", "collection"]
    ),
    ("Identifier", "use"): frozenset(["usual", "official", "temp", "secondary", "old"]),
}  # fmt: skip


def check_resource(resource: object, *, kind: str, where: str | None = None) -> Resource:
    """Return `resource` if it is a well-formed R4 resource of this kind; raises FhirInvalidError or FhirVersionError."""
    place = where or kind
    if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        raise FhirInvalidError("This is not a FHIR resource: an object with a resourceType is wanted.", where=place)
    if resource["resourceType"] != kind:
        raise FhirInvalidError(f"A {kind} is wanted here.", where=place)
    if kind == "DiagnosticReport" and OTHER_VERSIONS & resource.keys():
        raise FhirVersionError(where=place)
    if kind == "DiagnosticReport" and resource.get("status") is None:
        raise ReportStatusMissingError
    if resource.get("implicitRules"):
        raise FhirInvalidError("Resources with implicitRules are not read.", where=f"{place}.implicitRules")
    if any(not one or None in one.values() for one in _objects(resource)):
        raise FhirInvalidError("An empty object, or an element that is null, is not FHIR.", where=place)
    for one, path in _own_parts(resource, place):
        _check_bindings(one, path)
    _check_shape(resource, kind, place)
    if any(one.get("modifierExtension") for one in _objects(resource)):
        raise FhirInvalidError("A modifierExtension may change what is meant, and this one is not known.", where=place)
    return resource


def _own_parts(resource: Resource, place: str) -> Iterator[tuple[Resource, str]]:
    yield resource, place
    contained = resource.get("contained")
    for number, one in enumerate(contained if isinstance(contained, list) else []):
        path = f"{place}.contained[{number}]"
        if not isinstance(one, dict) or not isinstance(one.get("resourceType"), str):
            raise FhirInvalidError("A contained resource has a resourceType.", where=path)
        if one.get("contained"):
            raise FhirInvalidError("A contained resource contains no other.", where=path)
        yield one, path


def _check_bindings(resource: Resource, place: str) -> None:
    for (kind, element), codes in BINDINGS.items():
        value = resource.get(element)
        if resource["resourceType"] == kind and value is not None and str(value) not in codes:
            raise FhirInvalidError("This code is not one that FHIR R4 allows here.", where=f"{place}.{element}")
    identifiers = resource.get("identifier")
    for number, one in enumerate(identifiers if isinstance(identifiers, list) else []):
        use = one.get("use") if isinstance(one, dict) else None
        if use is not None and str(use) not in BINDINGS["Identifier", "use"]:
            raise FhirInvalidError(
                "This code is not one that FHIR R4 allows here.", where=f"{place}.identifier[{number}].use"
            )


@cache
def _model(kind: str) -> Any:
    """Return the R4B class of a kind of resource. R4B: see docs/adr/0012."""
    try:
        from fhir.resources.R4B import get_fhir_model_class
    except ImportError:
        raise ExtraMissingError("fhir") from None
    return get_fhir_model_class(kind)  # ValueError for a kind of resource that there is not


def _check_shape(resource: Resource, kind: str, place: str) -> None:
    problem: tuple[str, str] | None = None
    try:
        _model(kind).model_validate(resource)
    except ValidationError as error:
        for item in error.errors(include_input=False, include_url=False, include_context=False):
            if item["type"] != "extra_forbidden":
                problem = (_what(item["type"]), _path(place, item["loc"]))
                break
    except ExtraMissingError:
        raise
    except Exception:  # fhir.resources fails in its own ways on a resourceType that it does not know
        problem = ("cannot be read as FHIR R4", place)
    if problem is not None:
        raise FhirInvalidError(f"This {problem[0]}.", where=problem[1])


def _what(kind: str) -> str:
    return "element is required" if "missing" in kind else "does not have the form that FHIR R4 asks for"


def _path(place: str, location: tuple[int | str, ...]) -> str:
    """Return the FHIRPath of a place: names of R4 elements only, because errors of unknown ones are passed over."""
    for part in location:
        place += f"[{part}]" if isinstance(part, int) else f".{part}"
    return place


def _objects(resource: Resource) -> Iterator[Resource]:
    """Yield the resource and every object in it, at any depth."""
    waiting: list[Any] = [resource]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
