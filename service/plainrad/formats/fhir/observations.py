"""A report that came as conclusion and results -> its words, in the order in which they were sent.

Each result becomes a line "label: value". A result that is not verified, or whose value is no words, number or code, makes the whole
report unreadable: half of a report can say the opposite of the whole.
"""

from decimal import Decimal
from typing import Final

from plainrad.domain.report import ReportStatus
from plainrad.errors import AttachmentError, FhirReferenceError, ReportNotVerifiedError, WordsUnclearError
from plainrad.formats.fhir.names import Resource
from plainrad.formats.fhir.references import Around, each
from plainrad.formats.labelled import check_label, coded_answer

MAX_RESULTS: Final = 500
_DEPTH: Final = 5
# Labels that say only that words of the report follow.
_BARE: Final = frozenset(
    {"finding", "findings", "impression", "impressions", "report", "narrative", "diagnostic imaging report"}
)


def report_words(report: Resource, around: Around, *, where: str) -> str | None:
    """Return the words of results and conclusion, or None where there are neither; raises a ReportError for what cannot be read."""
    lines: list[str] = []
    seen: set[int] = set()
    for number, reference in enumerate(each(report.get("result"))):
        place = f"{where}.result[{number}]"
        found = around.follow(reference, "Observation", where=place)
        if found is None:
            raise FhirReferenceError(where=place)
        lines.extend(_lines(found, around, place, seen, 0))
    conclusion = report.get("conclusion")
    parts = []
    if lines:
        parts.append("Findings:\n" + "\n".join(lines) + "\n")
    if isinstance(conclusion, str) and conclusion.strip():
        parts.append(f"Conclusion:\n{conclusion}\n" if lines else conclusion)
    return "\n".join(parts) if parts else None


def _lines(one: Resource, around: Around, place: str, seen: set[int], depth: int) -> list[str]:
    if id(one) in seen or depth > _DEPTH or len(seen) >= MAX_RESULTS:
        raise FhirReferenceError(where=place)
    seen.add(id(one))
    if one.get("status") not in set(ReportStatus):
        raise ReportNotVerifiedError
    found = [_line(one, part="result")]
    found.extend(_line(part, part="component") for part in each(one.get("component")))
    for number, reference in enumerate(each(one.get("hasMember"))):
        below = around.follow(reference, "Observation", where=f"{place}.hasMember[{number}]")
        if below is None:
            raise FhirReferenceError(where=f"{place}.hasMember[{number}]")
        found.extend(_lines(below, around, place, seen, depth + 1))
    return [line for line in found if line]


def _line(one: Resource, *, part: str) -> str:
    if one.get("dataAbsentReason"):
        raise WordsUnclearError
    label = concept_words(one.get("code"))
    label = "" if label.lower() in _BARE else check_label(label)
    notes = [note["text"] for note in each(one.get("note")) if isinstance(note.get("text"), str)]
    value = _value(one)
    if value is None and not notes:
        if part == "component" or not (one.get("component") or one.get("hasMember")):
            raise WordsUnclearError  # a label alone would be read as a finding
        return f"{label}:" if label else ""
    said = " ".join(words.strip() for words in (value or "", *notes) if words.strip())
    return f"{label}: {said}" if label else said


def _value(one: Resource) -> str | None:
    """Return the value as words; raises WordsUnclearError or AttachmentError for one that has none."""
    names = [name for name in one if name.startswith("value")]
    if not names:
        return None
    value = one[names[0]]
    match names[0]:
        case "valueString" | "valueDateTime" | "valueTime":
            return str(value)
        case "valueBoolean":
            return "present" if value else "absent"
        case "valueCodeableConcept":
            return coded_answer(concept_words(value))
        case "valueInteger":
            return str(value)
        case "valueQuantity":
            return _quantity(value)
        case "valueRange":
            return f"{_quantity(value.get('low', {}))} to {_quantity(value.get('high', {}))}"
        case _:
            raise AttachmentError("A result has a value of a type that is not read. Send the report as text.")


def _quantity(value: Resource) -> str:
    number = value.get("value")
    if not isinstance(number, int | Decimal) or isinstance(number, bool):
        raise WordsUnclearError
    unit = value.get("unit") or value.get("code") or ""
    said = f"{value['comparator']} " if value.get("comparator") else ""
    return f"{said}{number} {unit}".rstrip()


def concept_words(concept: object) -> str:
    """Return the words of a CodeableConcept: its text, else the first display; empty where it has only codes."""
    if not isinstance(concept, dict):
        return ""
    if isinstance(concept.get("text"), str):
        return str(concept["text"])
    return next((str(one["display"]) for one in each(concept.get("coding")) if isinstance(one.get("display"), str)), "")
