"""What `check-links` saw, for the queue of links. Sessions are given; nothing commits here."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from plainrad.domain.board import LinkSeen
from plainrad.store.board_tables import LinkSeenRow


def keep(session: Session, seen: Iterable[LinkSeen]) -> int:
    """Keep what became of each link in the place of what was known before, and return how many."""
    count = 0
    for one in seen:
        session.merge(LinkSeenRow(link_id=one.id, url=one.url, state=one.state, note=one.note, at=one.at))
        count += 1
    return count


def all_seen(session: Session) -> dict[str, LinkSeen]:
    """Return what is known of each link by its id."""
    rows = session.scalars(select(LinkSeenRow))
    return {row.link_id: LinkSeen(row.link_id, row.url, row.state, row.note, row.at) for row in rows}
