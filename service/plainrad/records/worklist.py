"""The work list of the radiologists: reports by what is to be done with them, with counts that cost nothing."""

import base64
import binascii
from datetime import UTC, datetime, timedelta
from typing import Final

from plainrad.domain.board import Shelf, WorkPage, WorkRow
from plainrad.domain.records import Actor
from plainrad.domain.release import ReleaseDecision
from plainrad.errors import CursorInvalidError, RecordInvalidError
from plainrad.records.room import Room
from plainrad.store import reports, shelves
from plainrad.store.engine import Session
from plainrad.store.shelves import Place
from plainrad.store.tables import ReportRow, VersionRow

SOON: Final = timedelta(days=3)
_MOST_ROWS: Final = 100


def work_list(
    room: Room, *, actor: Actor, shelf: Shelf | None, accession: str | None, cursor: str | None, limit: int
) -> WorkPage:
    """Return a page of the actor's organisation: of a shelf, or of all, newest first; "soon" by the time that comes first.

    The state of every row is worked out anew: a shelf only says where to look. Raises CursorInvalidError, RecordInvalidError.
    """
    room.allow(actor, "read_as_professional")
    if not 1 <= limit <= _MOST_ROWS:
        raise RecordInvalidError(f"limit: 1 to {_MOST_ROWS}.")
    after = _read_cursor(cursor)
    with room.database.unit() as session:
        organisation = reports.organisation_id(session, actor.organisation or "")
        if organisation is None:
            return WorkPage((), {}, None)
        now = room.now()
        counts = shelves.counts(session, organisation=organisation, now=now, soon=now + SOON)
        pairs = _pairs(session, organisation, shelf, accession, now, after, limit + 1)
        shown = pairs[:limit]
        flags = shelves.flags_by_report(session, [row.id for row, _ in shown])
        decided = zip(shown, room.decisions(session, shown), strict=True)
        rows = tuple(_row(row, version, decision, flags.get(row.id, ())) for (row, version), decision in decided)
        details = {
            "by": [name for name, given in (("shelf", shelf), ("accession", accession)) if given],
            "audience": "professional",
            "reports": [one.id for one in rows],
        }
        room.audit(session, actor, "listed", object_kind="reports", details=details)
        more = _write_cursor(shown[-1][0].id, rows[-1].decision.available_from) if len(pairs) > limit else None
        return WorkPage(rows, counts, more)


def _row(row: ReportRow, version: VersionRow, decision: ReleaseDecision, flags: tuple[str, ...]) -> WorkRow:
    return WorkRow(
        row.public_id, version.exam_title, row.accession or row.report_id, version.number, version.verified_at, decision,
        version.looked_at, tuple(version.sensitive or ()), flags,
    )  # fmt: skip


def _pairs(
    session: Session,
    organisation: int,
    shelf: Shelf | None,
    accession: str | None,
    now: datetime,
    after: Place | None,
    limit: int,
) -> list[tuple[ReportRow, VersionRow]]:
    if accession is not None or shelf is None:
        before = after.report if after is not None else None
        return reports.newest(
            session, organisation=organisation, patients=None, accession=accession, before=before, limit=limit
        )
    return shelves.standing(
        session, organisation=organisation, shelf=shelf, now=now, soon=now + SOON, after=after, limit=limit
    )


_MARK: Final = "w1"


def _write_cursor(report: int, moment: datetime | None) -> str:
    seconds = moment.astimezone(UTC).isoformat() if moment is not None else ""
    return base64.urlsafe_b64encode(f"{_MARK}|{report}|{seconds}".encode()).decode().rstrip("=")


def _read_cursor(cursor: str | None) -> Place | None:
    if not cursor:
        return None
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
        mark, report, moment = raw.split("|")
        if mark != _MARK or not report.isdigit() or len(report) > 18 or len(cursor) > 200:
            raise CursorInvalidError
        at = datetime.fromisoformat(moment) if moment else None
        if at is not None and at.tzinfo is None:
            raise CursorInvalidError
        return Place(int(report), at)
    except (binascii.Error, ValueError):
        raise CursorInvalidError from None
