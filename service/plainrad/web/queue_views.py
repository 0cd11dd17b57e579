"""What the pages of the queues are given beside the items themselves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from plainrad.authoring.desk import AuthoringDesk
from plainrad.domain.board import MissingWord

QUEUES: Final = (
    ("words", "Words", "Words that nobody explains", "Hard words of your reports that have no entry, those of most reports first."),
    ("wrong", "Readings", "Readings marked wrong", "What a radiologist found to be read wrongly. Make a case of it, or say why it was right."),
    ("feedback", "Feedback", "Feedback of patients", "What did not help, what worried them, and what they wrote."),
    ("links", "Links", "Links that lead nowhere", "Pages that are gone, do not answer or have moved."),
    ("entries", "Entries", "Entries to be read again", "Entries whose next reading is due, and drafts that patients see most."),
)  # fmt: skip
_KEYS: Final = {
    "words": "words",
    "wrong": "reading_wrong",
    "feedback": "feedback",
    "links": "links",
    "entries": "entries",
}


@dataclass(frozen=True, slots=True)
class TabView:
    """A queue in the row of queues."""

    url: str
    name: str
    count: int
    here: bool


@dataclass(frozen=True, slots=True)
class WordRow:
    """A missing word: explained meanwhile by an entry (`entry`), being written in a change (`change`), or neither."""

    word: str
    reports: int
    last: str
    entry: str | None
    change: str | None


def tabs(counts: Mapping[str, int], here: str) -> tuple[TabView, ...]:
    """Return the row of queues."""
    return tuple(
        TabView(f"/staff/queues/{name}", title, counts[_KEYS[name]], name == here) for name, title, _, _ in QUEUES
    )


def word_rows(words: Iterable[MissingWord], desk: AuthoringDesk) -> tuple[WordRow, ...]:
    """Return the words with what is being done about each."""
    found = tuple(words)
    wanted = {one.word for one in found}
    entries = {
        said: name
        for name, placed in desk.current().entries.items()
        for said in map(str.lower, (placed.entry.term, *placed.entry.forms))
        if said in wanted
    }
    changes = {
        said: change.id
        for change in desk.open_changes()
        for said in (str(one).lower() for one in (change.entry.get("term", ""), *change.entry.get("forms", ())))
        if said in wanted
    }
    return tuple(
        WordRow(one.word, one.reports, one.last_at.strftime("%-d %B %Y"), entries.get(one.word), changes.get(one.word))
        for one in found
    )
