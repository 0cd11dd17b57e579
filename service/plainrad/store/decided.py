"""What people decided and wrote about a report, read and added. Sessions are given; nothing commits here."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from plainrad.domain.records import Choice, Note
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


def choose(
    session: Session, version: VersionRow, *, choice: Choice, item: str, reason: str, by: str, at: datetime
) -> bool:
    """Hide an item of a version from the patient, or have it told in neutral words; False when that was chosen already."""
    if any(one.item == item and one.choice == choice for one in choices(session, version)):
        return False
    session.add(HiddenItemRow(version_id=version.id, choice=choice, item=item, reason=reason, by=by, at=at))
    return True


def unchoose(
    session: Session, version: VersionRow, *, choice: Choice, item: str, reason: str, by: str, at: datetime
) -> bool:
    """Undo a choice; False when it is not in force."""
    found = [one for one in choices(session, version) if one.item == item and one.choice == choice]
    for one in found:
        one.lifted_at, one.lifted_by, one.lift_reason = at, by, reason
    return bool(found)


def choices(session: Session, version: VersionRow) -> Sequence[HiddenItemRow]:
    """Return what is chosen for the parts of a version now, oldest first."""
    wanted = select(HiddenItemRow).where(HiddenItemRow.version_id == version.id, HiddenItemRow.lifted_at.is_(None))
    return session.scalars(wanted.order_by(HiddenItemRow.id)).all()


def hidden_before(session: Session, version: VersionRow) -> list[tuple[VersionRow, HiddenItemRow]]:
    """Return what is chosen for the versions that this one replaces, with the version, oldest first."""
    wanted = (
        select(VersionRow, HiddenItemRow)
        .join(HiddenItemRow, HiddenItemRow.version_id == VersionRow.id)
        .where(
            VersionRow.report_id == version.report_id,
            VersionRow.number < version.number,
            HiddenItemRow.lifted_at.is_(None),
        )
        .order_by(HiddenItemRow.id)
    )
    return [(before, item) for before, item in session.execute(wanted)]


def add_note(
    session: Session,
    report: ReportRow,
    *,
    kind: str,
    text: str,
    by: str,
    at: datetime,
    for_patient: bool = False,
    signed: str | None = None,
    about: dict[str, Any] | None = None,
) -> Note:
    """Keep what somebody wrote."""
    row = NoteRow(
        public_id=str(uuid.uuid4()), report_id=report.id, version=report.current, kind=kind, text=text, by=by, at=at,
        for_patient=for_patient, signed=signed, about=about,
    )  # fmt: skip
    session.add(row)
    return _note(row)


def take_note_back(
    session: Session, report: ReportRow, public_id: str, *, reason: str, by: str, at: datetime
) -> Note | None:
    """Take a note to the patient back, and return it as it was; None when no such note is shown."""
    row = session.scalar(
        select(NoteRow).where(
            NoteRow.report_id == report.id, NoteRow.public_id == public_id, NoteRow.for_patient, NoteRow.lifted_at.is_(None)
        )
    )  # fmt: skip
    if row is None:
        return None
    row.lifted_at, row.lifted_by, row.lift_reason = at, by, reason
    return _note(row)


def notes(session: Session, report: ReportRow) -> list[Note]:
    """Return everything that was written about a report, oldest first."""
    found = session.scalars(select(NoteRow).where(NoteRow.report_id == report.id).order_by(NoteRow.id))
    return [_note(row) for row in found]


def _note(row: NoteRow) -> Note:
    return Note(
        row.public_id, row.text, row.by, row.at, row.kind, row.for_patient, row.version, row.signed, row.about,  # type: ignore[arg-type]
        row.lifted_by, row.lifted_at, row.lift_reason,
    )  # fmt: skip
