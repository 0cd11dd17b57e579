"""What of the content waits for somebody: entries to be read again, entries that nobody has read, links that lead nowhere."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from plainrad.authoring.desk import Current
from plainrad.domain.board import SMALL, LinkSeen

AHEAD: Final = timedelta(days=30)
_ORDER: Final = {"gone": 0, "unreachable": 1, "moved": 2}


@dataclass(frozen=True, slots=True)
class DueEntry:
    """An entry whose day to be read again has come, or comes within thirty days."""

    id: str
    term: str
    region: str
    by: str
    next: str
    late: bool


@dataclass(frozen=True, slots=True)
class UnreadEntry:
    """An entry that no named professional has read, and how many patient versions explained it."""

    id: str
    term: str
    region: str
    shown: int


@dataclass(frozen=True, slots=True)
class BadLink:
    """A link whose page is gone, does not answer or has moved, and how many entries use it."""

    id: str
    title: str
    seen: LinkSeen
    entries: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Entries of a region: how many, and how many a named professional has read."""

    region: str
    entries: int
    read: int


def due_entries(content: Current, *, today: date) -> tuple[DueEntry, ...]:
    """Return the entries that are to be read again by thirty days from `today`, the latest first."""
    last = (today + AHEAD).isoformat()
    found = [
        DueEntry(name, placed.entry.term, _region(placed.path), placed.entry.review.by, placed.entry.review.next,
                 placed.entry.review.next < today.isoformat())
        for name, placed in content.entries.items()
        if placed.entry.review.status != "draft" and placed.entry.review.next and placed.entry.review.next <= last
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.next, one.id)))


def unread_entries(content: Current, shown: Mapping[str, int], *, limit: int) -> tuple[UnreadEntry, ...]:
    """Return drafts that five or more patient versions explained, those of most versions first."""
    found = [
        UnreadEntry(name, placed.entry.term, _region(placed.path), shown[name])
        for name, placed in content.entries.items()
        if placed.entry.review.status == "draft" and shown.get(name, 0) >= SMALL
    ]
    return tuple(sorted(found, key=lambda one: (-one.shown, one.id))[:limit])


def bad_links(content: Current, seen: Mapping[str, LinkSeen]) -> tuple[BadLink, ...]:
    """Return the links of which something else than life was seen at the address that they have now, the worst first."""
    used = Counter(name for placed in content.entries.values() for name in set(placed.entry.links))
    found = [
        BadLink(link.id, link.title, known, used[link.id])
        for link in content.raw.links
        if (known := seen.get(link.id)) is not None and known.url == link.url and known.state in _ORDER
    ]
    return tuple(sorted(found, key=lambda one: (_ORDER[one.seen.state], -one.entries, one.id)))


def unseen_links(content: Current, seen: Mapping[str, LinkSeen]) -> int:
    """Return how many links nobody has asked for at the address that they have now."""
    return sum(
        1
        for link in content.raw.links
        if not link.checked and ((known := seen.get(link.id)) is None or known.url != link.url)
    )


def coverage(content: Current) -> tuple[Coverage, ...]:
    """Return how many entries each region has, in the order of the regions' names."""
    every: Counter[str] = Counter()
    read: Counter[str] = Counter()
    for placed in content.entries.values():
        every[_region(placed.path)] += 1
        read[_region(placed.path)] += placed.entry.review.status != "draft"
    return tuple(Coverage(region, every[region], read[region]) for region in sorted(every))


def _region(path: str) -> str:
    return path.split("/")[1]
