"""Notes that wait for the editors, and what was made of them. Sessions are given; nothing commits here."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from plainrad.domain.board import Case, Queue
from plainrad.store.board_tables import CaseRow, WorkItemRow
from plainrad.store.tables import NoteRow, ReportRow, VersionRow


def add(session: Session, note_public_id: str, *, organisation: int, queue: Queue, item: str | None) -> None:
    """Put a note into a queue."""
    session.flush()
    number = session.scalars(select(NoteRow.id).where(NoteRow.public_id == note_public_id)).one()
    session.add(WorkItemRow(organisation_id=organisation, queue=queue, note_id=number, item=item, state="open"))


def count(session: Session, *, organisation: int, queue: Queue) -> int:
    """Return how many items are open."""
    wanted = select(func.count()).where(
        WorkItemRow.organisation_id == organisation, WorkItemRow.queue == queue, WorkItemRow.state == "open"
    )
    return session.scalars(wanted).one()


def waiting(
    session: Session, *, organisation: int, queue: Queue, limit: int, offset: int
) -> list[tuple[WorkItemRow, NoteRow, ReportRow, VersionRow]]:
    """Return open items with their notes and the versions that these speak of, the oldest first."""
    wanted = (
        select(WorkItemRow, NoteRow, ReportRow, VersionRow)
        .join(NoteRow, NoteRow.id == WorkItemRow.note_id)
        .join(ReportRow, ReportRow.id == NoteRow.report_id)
        .join(VersionRow, (VersionRow.report_id == NoteRow.report_id) & (VersionRow.number == NoteRow.version))
        .where(WorkItemRow.organisation_id == organisation, WorkItemRow.queue == queue, WorkItemRow.state == "open")
        .order_by(WorkItemRow.id)
        .limit(limit)
        .offset(offset)
    )
    return [(item, note, report, version) for item, note, report, version in session.execute(wanted)]


def find(
    session: Session, number: int, *, organisation: int, queue: Queue
) -> tuple[WorkItemRow, NoteRow, ReportRow, VersionRow] | None:
    """Return an item of this organisation, a settled one too."""
    wanted = (
        select(WorkItemRow, NoteRow, ReportRow, VersionRow)
        .join(NoteRow, NoteRow.id == WorkItemRow.note_id)
        .join(ReportRow, ReportRow.id == NoteRow.report_id)
        .join(VersionRow, (VersionRow.report_id == NoteRow.report_id) & (VersionRow.number == NoteRow.version))
        .where(WorkItemRow.id == number, WorkItemRow.organisation_id == organisation, WorkItemRow.queue == queue)
    )
    found = session.execute(wanted).one_or_none()
    return None if found is None else (found[0], found[1], found[2], found[3])


def add_case(session: Session, *, organisation: int, values: dict[str, Any], by: str, at: datetime) -> int:
    """Keep a case, and return its number."""
    row = CaseRow(organisation_id=organisation, values=values, by=by, at=at)
    session.add(row)
    session.flush()
    return row.id


def cases(session: Session, *, organisation: int) -> list[Case]:
    """Return every case, the first one first."""
    wanted = select(CaseRow).where(CaseRow.organisation_id == organisation).order_by(CaseRow.id)
    return [Case(f"site-{row.id:04d}", row.at, row.values) for row in session.scalars(wanted)]
