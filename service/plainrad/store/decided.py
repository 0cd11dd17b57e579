"""What people decided and wrote about a report, read and added. Sessions are given; nothing commits here."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from plainrad.domain.records import Note
from plainrad.domain.release import HoldKind, Wish
from plainrad.store.tables import (
    ApprovalRow,
    EarlyReleaseRow,
    HiddenItemRow,
    HoldRow,
    NoteRow,
    PreferenceRow,
    ReportRow,
    VersionRow,
)


def holds(session: Session, report: ReportRow) -> Sequence[HoldRow]:
    """Return the holds of a report, lifted ones too, oldest first."""
    return session.scalars(select(HoldRow).where(HoldRow.report_id == report.id).order_by(HoldRow.id)).all()


def in_force(session: Session, report: ReportRow, kind: HoldKind) -> Sequence[HoldRow]:
    """Return the holds of a kind that are in force."""
    return [one for one in holds(session, report) if one.kind == kind and one.lifted_at is None]


def add_hold(session: Session, report: ReportRow, *, kind: HoldKind, reason: str, by: str, at: datetime) -> None:
    """Place a hold."""
    session.add(HoldRow(report_id=report.id, kind=kind, reason=reason, placed_by=by, placed_at=at))


def add_early(session: Session, version: VersionRow, *, reason: str, by: str, at: datetime) -> None:
    """Let a version out before its time."""
    session.add(EarlyReleaseRow(version_id=version.id, reason=reason, by=by, at=at))


def add_approval(session: Session, version: VersionRow, *, reason: str | None, by: str, at: datetime) -> None:
    """Note that a professional has looked at a version. The first look counts: a second one moves nothing."""
    session.add(ApprovalRow(version_id=version.id, reason=reason, by=by, at=at))
    version.looked_at = version.looked_at or at


def add_preference(
    session: Session, *, wish: Wish, by: str, at: datetime, report: int | None = None, patient: int | None = None
) -> None:
    """Note what a patient asked for, of one report or of all."""
    session.add(PreferenceRow(report_id=report, patient_id=patient, wish=wish, by=by, at=at))


def hide(session: Session, version: VersionRow, *, item: str, reason: str, by: str, at: datetime) -> bool:
    """Hide an item of a version from the patient; False when it was hidden already."""
    if item in hidden(session, version):
        return False
    session.add(HiddenItemRow(version_id=version.id, item=item, reason=reason, by=by, at=at))
    return True


def hidden(session: Session, version: VersionRow) -> frozenset[str]:
    """Return the items of a version that the patient is not shown: ids of statements, terms and own words."""
    return frozenset(session.scalars(select(HiddenItemRow.item).where(HiddenItemRow.version_id == version.id)))


def hidden_before(session: Session, version: VersionRow) -> list[tuple[VersionRow, HiddenItemRow]]:
    """Return what was hidden in the versions that this one replaces, with the version, oldest first."""
    wanted = (
        select(VersionRow, HiddenItemRow)
        .join(HiddenItemRow, HiddenItemRow.version_id == VersionRow.id)
        .where(VersionRow.report_id == version.report_id, VersionRow.number < version.number)
        .order_by(HiddenItemRow.id)
    )
    return [(before, item) for before, item in session.execute(wanted)]


def add_note(
    session: Session, report: ReportRow, *, kind: str, text: str, by: str, at: datetime, for_patient: bool = False
) -> Note:
    """Keep what somebody wrote."""
    row = NoteRow(
        public_id=str(uuid.uuid4()), report_id=report.id, version=report.current, kind=kind, text=text, by=by, at=at,
        for_patient=for_patient,
    )  # fmt: skip
    session.add(row)
    return _note(row)


def notes(session: Session, report: ReportRow) -> list[Note]:
    """Return everything that was written about a report, oldest first."""
    found = session.scalars(select(NoteRow).where(NoteRow.report_id == report.id).order_by(NoteRow.id))
    return [_note(row) for row in found]


def _note(row: NoteRow) -> Note:
    return Note(row.public_id, row.text, row.by, row.at, row.kind, row.for_patient)  # type: ignore[arg-type]
