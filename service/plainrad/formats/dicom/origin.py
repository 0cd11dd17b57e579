"""What a patient version of ours says of the report that it was made from: who, when, for whom, and the number of the original."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from plainrad.formats.dicom import names
from plainrad.formats.dicom.moments import parse_moment
from plainrad.formats.dicom.tree import items, own


@dataclass(frozen=True, slots=True)
class Origin:
    """The report behind a patient version in DICOM."""

    uid: str
    reported_by: tuple[str, ...]
    verified_at: datetime | None
    requester: str | None
    report_id: str | None


def origin_of(dataset: Any) -> Origin | None:
    """Return what a patient version of ours was made from, or None for any other document."""
    if not (dataset.get("ConceptNameCodeSequence") and own(dataset, names.TITLE)):
        return None
    found: dict[str, list[Any]] = {}
    for one in items(dataset):
        for code in (names.REPORTED_BY, names.VERIFIED, names.ASKED_BY, names.REPORT_NUMBER, names.ORIGINAL):
            if own(one, code):
                found.setdefault(code[0], []).append(one)
    texts = {name: [str(one.get("TextValue", "")) for one in many] for name, many in found.items()}
    verified = found.get(names.VERIFIED[0])
    original = found.get(names.ORIGINAL[0])
    source = original[0].ReferencedSOPSequence if original else dataset.get("SourceInstanceSequence")
    if not source:
        return None
    return Origin(
        uid=str(source[0].ReferencedSOPInstanceUID),
        reported_by=tuple(texts.get(names.REPORTED_BY[0], ())),
        verified_at=parse_moment(verified[0].DateTime, zone=UTC) if verified else None,
        requester=next(iter(texts.get(names.ASKED_BY[0], ())), None),
        report_id=next(iter(texts.get(names.REPORT_NUMBER[0], ())), None),
    )
