"""What versions were explained as, kept whole. Sessions are given; nothing commits here."""

import json
import zlib
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from plainrad.domain.patient import PatientReport
from plainrad.domain.report import Report
from plainrad.domain.snapshot import from_values, to_values
from plainrad.store.tables import AnnotationRow, VersionRow


def add_annotation(
    session: Session, row: VersionRow, explained: PatientReport, *, contract: bytes, now: datetime
) -> None:
    """Keep what a version was explained as. The words of the report and its patient stand in their own places only."""
    bare = replace(explained, report=replace(explained.report, text="-", patient=None, targets=()))
    values = json.dumps(to_values(bare), ensure_ascii=True, separators=(",", ":")).encode()
    session.add(
        AnnotationRow(
            version_id=row.id,
            contract=zlib.compress(contract),
            snapshot=zlib.compress(values),
            plainrad=explained.provenance.plainrad,
            glossary=explained.provenance.glossary,
            pipeline=explained.provenance.pipeline,
            created_at=now,
        )
    )
    row.explained_at = now
    row.sensitive = sorted(sensitive_categories(explained))


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
