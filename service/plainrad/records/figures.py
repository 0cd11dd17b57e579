"""The sums of the dashboard: of one organisation, over the last twelve months. Nothing in them belongs to one report."""

from datetime import datetime
from typing import Final

from plainrad.domain.board import BY_YEAR, Figures
from plainrad.domain.records import Actor
from plainrad.records.counted import month
from plainrad.records.room import Room
from plainrad.records.worklist import SOON
from plainrad.store import reports, shelves, tallies

_MONTHS: Final = 12
_MOST_WORDS: Final = 500


def figures(room: Room, *, actor: Actor) -> Figures:
    """Return the sums of the actor's organisation."""
    room.allow(actor, "figures")
    now = room.now()
    months = last_months(now)
    with room.database.reading() as session:
        organisation = reports.organisation_id(session, actor.organisation or "")
        if organisation is None:
            return Figures({}, {}, {}, months)
        states = shelves.counts(session, organisation=organisation, now=now, soon=now + SOON)
        found = tallies.sums(session, organisation=organisation, since=months[0])
        found |= {
            kind: tallies.top(session, organisation=organisation, kind=kind, year=str(now.year - 1), limit=_MOST_WORDS)
            for kind in sorted(BY_YEAR)
        }
        lines = tallies.by_month(
            session, organisation=organisation, since=months[0], kinds=("made", "given", "feedback")
        )
        return Figures(states, found, lines, months)


def last_months(now: datetime) -> tuple[str, ...]:
    """Return the last twelve months, the oldest first."""
    number = now.year * 12 + now.month - 1
    return tuple(
        month(now.replace(year=one // 12, month=one % 12 + 1, day=1)) for one in range(number - _MONTHS + 1, number + 1)
    )
