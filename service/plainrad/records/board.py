"""The board: work list, queues and figures, for the pages of staff. Beside `Records`, with the same room, rights and audit."""

from collections.abc import Iterable, Mapping

from plainrad.domain.board import Case, Figures, LinkSeen, Queue, QueueItem, QueuePage, Shelf, WordPage, WorkPage
from plainrad.domain.records import Actor
from plainrad.records import figures, queues, worklist
from plainrad.records.room import Room
from plainrad.store import links_seen


class Board:
    """What staff see of many reports at once. Every call knows who asks; what is of another organisation is not there."""

    def __init__(self, room: Room) -> None:
        self.room = room

    def work_list(
        self,
        *,
        actor: Actor,
        shelf: Shelf | None = None,
        accession: str | None = None,
        cursor: str | None = None,
        limit: int = 30,
    ) -> WorkPage:
        """Return a page of the work list with the counts of all shelves."""
        return worklist.work_list(self.room, actor=actor, shelf=shelf, accession=accession, cursor=cursor, limit=limit)

    def figures(self, *, actor: Actor) -> Figures:
        """Return the sums of the dashboard, exactly: who shows them leaves small ones out."""
        return figures.figures(self.room, actor=actor)

    def counts(self, *, actor: Actor) -> dict[str, int]:
        """Return how much waits: "words", "reading_wrong", "feedback"."""
        return queues.counts(self.room, actor=actor)

    def words(self, *, actor: Actor, page: int = 1, state: str = "open") -> WordPage:
        """Return unexplained words, those of most reports first. A word is here only when several patients share it."""
        return queues.word_page(self.room, actor=actor, page=page, state=state)

    def settle_word(self, word: str, *, actor: Actor, state: str) -> None:
        """Put a word "aside", back ("open"), or forget it for good ("never"); raises StaleError when it is not there."""
        queues.settle_word(self.room, actor=actor, word=word, state=state)

    def items(self, *, actor: Actor, queue: Queue, page: int = 1) -> QueuePage:
        """Return what is open in a queue."""
        return queues.item_page(self.room, actor=actor, queue=queue, page=page)

    def item(self, number: int, *, actor: Actor, queue: Queue) -> QueueItem:
        """Return one open item; raises ReportNotFoundError or StaleError."""
        return queues.one_item(self.room, number, actor=actor, queue=queue)

    def settle(self, number: int, *, actor: Actor, queue: Queue, reason: str) -> None:
        """Close an item: not wrong (with a reason), or read."""
        queues.settle_item(self.room, number, actor=actor, queue=queue, reason=reason)

    def make_case(self, number: int, *, actor: Actor, text: str, quoted: str, expected: Mapping[str, str]) -> str:
        """Close a reading that was wrong with a case, and return the id of the case; raises RecordInvalidError."""
        return queues.make_case(self.room, number, actor=actor, text=text, quoted=quoted, expected=dict(expected))

    def cases(self, *, actor: Actor) -> list[Case]:
        """Return the cases of the organisation."""
        return queues.all_cases(self.room, actor=actor)

    def links(self) -> dict[str, LinkSeen]:
        """Return what became of each link when it was last asked for."""
        with self.room.database.reading() as session:
            return links_seen.all_seen(session)

    def keep_links(self, seen: Iterable[LinkSeen]) -> int:
        """Keep what became of links, and return of how many."""
        with self.room.database.unit() as session:
            return links_seen.keep(session, seen)
