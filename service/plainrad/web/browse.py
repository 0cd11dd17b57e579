"""The list of entries: searched, filtered, a page at a time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from plainrad.authoring.desk import Current
from plainrad.glossary.entry_check import grade_of

A_PAGE: Final = 50
_A_YEAR: Final = timedelta(days=365)
AGES: Final = (
    ("never", "never read"),
    ("year", "read within a year"),
    ("older", "read over a year ago"),
    ("due", "to be read again"),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list was asked for; empty fields ask for everything."""

    words: str = ""
    region: str = ""
    kind: str = ""
    state: str = ""
    page: int = 1
    age: str = ""


@dataclass(frozen=True, slots=True)
class EntryRow:
    """An entry as the list shows it."""

    id: str
    term: str
    plain: str
    kind: str
    region: str
    state: str
    grade: float
    due: str
    changing: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the list, and how many there are."""

    rows: tuple[EntryRow, ...]
    count: int
    page: int
    pages: int


def browse(content: Current, wanted: Wanted, *, changing: Collection[str], today: date) -> Listed:
    """Return the entries that fit: those whose name begins with the words first, then by name."""
    words = " ".join(wanted.words.lower().split())
    found = []
    for name, placed in content.entries.items():
        entry = placed.entry
        region = placed.path.split("/")[1]
        if (wanted.region and region != wanted.region) or (wanted.kind and entry.kind != wanted.kind):
            continue
        state = "changing" if name in changing else entry.review.status
        if wanted.state and wanted.state != state:
            continue
        if wanted.age and not _of_age(wanted.age, entry.review.on, entry.review.next, today):
            continue
        said = (entry.term, entry.plain, *entry.forms, *entry.abbreviations, name)
        if words and not any(words in one.lower() for one in said):
            continue
        found.append((not entry.term.lower().startswith(words), entry.term.lower(), name))
    found.sort()
    pages = max(1, -(-len(found) // A_PAGE))
    page = min(max(1, wanted.page), pages)
    rows = tuple(_row(content, name, changing) for _, _, name in found[(page - 1) * A_PAGE : page * A_PAGE])
    return Listed(rows, len(found), page, pages)


def _of_age(age: str, read_on: str, read_again: str, today: date) -> bool:
    """Return True for an entry that was last read so long ago. Days are ISO dates, which sort as they follow each other."""
    if age == "due":
        return bool(read_again) and read_again <= today.isoformat()
    if age == "never":
        return not read_on
    recent = (today - _A_YEAR).isoformat()
    return bool(read_on) and (read_on < recent if age == "older" else read_on >= recent)


def _row(content: Current, name: str, changing: Collection[str]) -> EntryRow:
    placed = content.entries[name]
    entry = placed.entry
    return EntryRow(
        name, entry.term, entry.plain.replace("{side }", ""), entry.kind, placed.path.split("/")[1], entry.review.status,
        grade_of(entry), entry.review.next, name in changing,
    )  # fmt: skip
