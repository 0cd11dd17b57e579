"""A reading and its line in the audit.

Looking takes longer than writing, so it is done beside others, in one picture of the database. The line is written alone, after a
look whether anything has changed since: then it is looked at again, now alone. So nothing is given that was not true when its line
was written, and a reading keeps nobody waiting for longer than its line takes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from plainrad.domain.records import Actor
from plainrad.records.room import Room
from plainrad.store import reports
from plainrad.store.engine import Session
from plainrad.store.tables import ReportRow

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Seen(Generic[Found]):
    """What was found, the reports that it rests on, and what the audit says of it."""

    found: Found
    rows: Sequence[ReportRow]
    action: str
    details: Mapping[str, Any]
    object_kind: str = "report"
    also: Callable[[Session], None] | None = None  # what is written with the line

    @property
    def object_id(self) -> str | None:
        """Return the report that was read, or None for a list."""
        return self.rows[0].public_id if self.object_kind == "report" else None

    @property
    def marks(self) -> dict[int, int]:
        """Return the revision of each report as it was seen."""
        return {row.id: row.revision for row in self.rows}


def seen(room: Room, actor: Actor, look: Callable[[Session], Seen[Found]]) -> Found:
    """Return what `look` finds, written into the audit."""
    with room.database.reading() as session:
        first = look(session)
        marks, object_id = first.marks, first.object_id
    with room.database.unit() as session:
        still = reports.revisions(session, list(marks)) == marks
        last = first if still else look(session)
        object_id = object_id if still else last.object_id
        room.audit(session, actor, last.action, object_kind=last.object_kind, object_id=object_id, details=last.details)
        if last.also is not None:
            last.also(session)
        return last.found
