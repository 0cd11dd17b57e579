"""What versions were explained as, kept whole. Sessions are given; nothing commits here."""

import json
import zlib
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from plainrad.domain.patient import PatientReport, Provenance
from plainrad.domain.report import Exam, Report
from plainrad.domain.snapshot import from_values, to_values
from plainrad.store.tables import AnnotationRow, VersionRow


@dataclass(frozen=True, slots=True)
class Packed:
    """What a version was explained as, ready to be written: packing takes longer than writing, so it is done before."""

    exam: Exam
    sensitive: tuple[str, ...]
    provenance: Provenance
    contract: bytes = field(repr=False)
    snapshot: bytes = field(repr=False)


def pack(explained: PatientReport, *, contract: bytes) -> Packed:
    """Return a patient version and its JSON as they are kept. The words of the report and its patient stand in their own places only."""
    bare = replace(explained, report=replace(explained.report, text="-", patient=None, targets=()))
    values = json.dumps(to_values(bare), ensure_ascii=True, separators=(",", ":")).encode()
    return Packed(
        exam=explained.reading.exam,
        sensitive=tuple(sorted(sensitive_categories(explained))),
        provenance=explained.provenance,
        contract=zlib.compress(contract),
        snapshot=zlib.compress(values),
    )


def add_annotation(session: Session, row: VersionRow, packed: Packed, *, now: datetime) -> None:
    """Keep what a version was explained as."""
    session.add(
        AnnotationRow(
            version_id=row.id,
            contract=packed.contract,
            snapshot=packed.snapshot,
            plainrad=packed.provenance.plainrad,
            glossary=packed.provenance.glossary,
            pipeline=packed.provenance.pipeline,
            created_at=now,
        )
    )
    row.explained_at = now
    row.sensitive = list(packed.sensitive)


def sensitive_categories(explained: PatientReport) -> frozenset[str]:
    """Return the kinds of sensitive things that the report says or asks about, as the pipeline's flags name them."""
    marked = (one.code.removeprefix("sensitive_") for one in explained.flags if one.code.startswith("sensitive_"))
    return frozenset(one.replace("_", "-") for one in marked)


def explained_of(session: Session, row: VersionRow, report: Report) -> PatientReport | None:
    """Return what a version was explained as, with its words put back, or None as long as it was not explained."""
    kept = session.get(AnnotationRow, row.id)
    if kept is None:
        return None
    found = from_values(PatientReport, json.loads(zlib.decompress(kept.snapshot)))
    return replace(found, report=report)


def explained_by(session: Session, row: VersionRow) -> tuple[str, str, str] | None:
    """Return the versions of plainrad, glossary and pipeline that explained a version."""
    found = session.execute(
        select(AnnotationRow.plainrad, AnnotationRow.glossary, AnnotationRow.pipeline).where(
            AnnotationRow.version_id == row.id
        )
    ).one_or_none()
    return None if found is None else (found[0], found[1], found[2])
