"""What of the content waits for somebody: entries to be read again, entries that nobody has read, links that lead nowhere."""

from collections import Counter
from collections.abc import Collection, Mapping
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
        for name, placed in content.read.items()
        if placed.entry.review.next and placed.entry.review.next <= last
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.next, one.id)))


def unread_entries(content: Current, shown: Mapping[str, int], *, limit: int) -> tuple[UnreadEntry, ...]:
    """Return drafts that five or more patient versions explained, those of most versions first."""
    found = [
        UnreadEntry(name, placed.entry.term, _region(placed.path), number)
        for name, number in shown.items()
        if number >= SMALL and name not in content.read and (placed := content.entries.get(name)) is not None
    ]
    return tuple(sorted(found, key=lambda one: (-one.shown, one.id))[:limit])


def bad_links(content: Current, seen: Mapping[str, LinkSeen]) -> tuple[BadLink, ...]:
    """Return the links of which something else than life was seen at the address that they have now, the worst first."""
    found = [
        BadLink(link.id, link.title, known, content.link_uses[link.id])
        for link in content.raw.links
        if (known := seen.get(link.id)) is not None and known.url == link.url and known.state in _ORDER
    ]
    return tuple(sorted(found, key=lambda one: (_ORDER[one.seen.state], -one.entries, one.id)))


@dataclass(frozen=True, slots=True)
class LinkHealth:
    """A link of an entry, and what became of its page when it was last asked for; None: not at the address that it has now."""

    title: str
    publisher: str
    url: str
    seen: LinkSeen | None


def links_of(content: Current, ids: Collection[str], seen: Mapping[str, LinkSeen]) -> tuple[LinkHealth, ...]:
    """Return the links of these ids with their health; one that is not known is left to the law."""
    return tuple(
        LinkHealth(
            link.title,
            link.publisher,
            link.url,
            known if (known := seen.get(link.id)) and known.url == link.url else None,
        )
        for link in content.raw.links
        if link.id in ids
    )


def unseen_links(content: Current, seen: Mapping[str, LinkSeen]) -> int:
    """Return how many links nobody has asked for at the address that they have now."""
    return sum(
        1
        for link in content.raw.links
        if not link.checked and ((known := seen.get(link.id)) is None or known.url != link.url)
    )


def coverage(content: Current) -> tuple[Coverage, ...]:
    """Return how many entries each region has, in the order of the regions' names."""
    read = Counter(_region(placed.path) for placed in content.read.values())
    return tuple(Coverage(region, content.regions[region], read[region]) for region in sorted(content.regions))


def _region(path: str) -> str:
    return path.split("/")[1]
