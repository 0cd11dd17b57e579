"""What was done: title, code, modality and time, from wherever a sender of radiology reports puts them."""

from collections.abc import Mapping
from typing import Any, Final

from plainrad.errors import NotRadiologyError
from plainrad.formats.fhir.names import DCM, LOINC, NICIP, SECTION, SNOMED, Resource
from plainrad.formats.fhir.people import codings
from plainrad.formats.fhir.references import each
from plainrad.formats.incoming import parse_modality

# Table 0074, the part that is imaging: code -> modality, or None where it says only that it is imaging.
_SECTIONS: Final[Mapping[str, str | None]] = {
    "RAD": None, "RX": "XR", "CT": "CT", "NMR": "MR", "NMS": "NM", "RUS": "US", "OUS": "US", "VUS": "US", "CUS": "US",
    "XRC": "RF", "IMG": None,
}  # fmt: skip
_SNOMED: Final[Mapping[str, str]] = {
    "168537006": "XR", "77477000": "CT", "113091000": "MR", "16310003": "US", "71651007": "MG", "82918005": "PT",
    "44491008": "RF", "312681000": "BMD", "373205008": "NM",
}  # fmt: skip
# Codes that say only that this is a radiology report.
_GENERAL: Final = frozenset(
    {
        (SNOMED, "722124004"),
        (SNOMED, "4201000179104"),
        (LOINC, "18748-4"),
        (LOINC, "68604-8"),
        (LOINC, "18726-0"),
        (LOINC, "85430-7"),
    }
)
_PREFERRED: Final = (NICIP, SNOMED)


def exam_fields(report: Resource, orders: list[Resource], studies: list[Resource], *, where: str) -> dict[str, Any]:
    """Return the fields of the examination; raises NotRadiologyError where the category says another service."""
    concepts = [
        report.get("code"),
        *(one.get("code") for one in orders),
        *(one for study in studies for one in each(study.get("procedureCode"))),
    ]
    found: dict[str, Any] = {
        "title": _title(concepts, studies),
        "modality": _modality(report, where) or _study_modality(studies),
        "code": _code(concepts),
        "performed_at": _performed(report, studies),
    }
    return {name: value for name, value in found.items() if value is not None}


def _title(concepts: list[Any], studies: list[Resource]) -> str | None:
    for concept in concepts:
        if not isinstance(concept, dict):
            continue
        general = any(_key(one) in _GENERAL for one in codings(concept))
        names = [] if general else [concept.get("text")]
        names += [one.get("display") for one in _ordered(concept)]
        for name in names:
            if isinstance(name, str) and name.strip():
                return name
    return next((str(one["description"]) for one in studies if isinstance(one.get("description"), str)), None)


def _ordered(concept: Resource) -> list[Resource]:
    """Return the codings that say what was done, NICIP and SNOMED CT first."""
    own = [one for one in codings(concept) if _key(one) not in _GENERAL]
    rank = {system: number for number, system in enumerate(_PREFERRED)}
    return sorted(own, key=lambda one: rank.get(str(one.get("system")), len(rank)))


def _key(coding: Resource) -> tuple[str, str]:
    return str(coding.get("system")), str(coding.get("code"))


def _code(concepts: list[Any]) -> dict[str, Any] | None:
    for concept in concepts:
        for one in _ordered(concept) if isinstance(concept, dict) else ():
            if isinstance(one.get("code"), str):
                return {"value": one["code"], **({"system": one["system"]} if one.get("system") else {})}
    return None


def _modality(report: Resource, where: str) -> str | None:
    """Return the modality of the category. A category of table 0074 must name imaging in one of its codings."""
    categories = codings(report.get("category"))
    sections = [str(one.get("code")) for one in categories if one.get("system") == SECTION]
    if sections and not any(one in _SECTIONS for one in sections):
        raise NotRadiologyError(where=f"{where}.category")
    for one in categories:
        system, code = _key(one)
        if system == DCM and parse_modality(code):
            return code
        named = _SNOMED.get(code) if system == SNOMED else _SECTIONS.get(code) if system == SECTION else None
        if named:
            return named
    return None


def _study_modality(studies: list[Resource]) -> str | None:
    codes = [str(one.get("code")) for study in studies for one in each(study.get("modality"))]
    codes += [
        str((series.get("modality") or {}).get("code")) for study in studies for series in each(study.get("series"))
    ]
    return next((code for code in codes if parse_modality(code)), None)


def _performed(report: Resource, studies: list[Resource]) -> str | None:
    """Return when it was done. A time without a zone is none in FHIR, so a bare day is left to the resource itself."""
    period = report.get("effectivePeriod")
    moments = [report.get("effectiveDateTime"), report.get("effectiveInstant"), (period or {}).get("start")]
    moments += [study.get("started") for study in studies]
    return next((str(one) for one in moments if isinstance(one, str) and "T" in one), None)
