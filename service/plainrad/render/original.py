"""The original text, cut into pieces that can carry links. The pieces, put together again, are the text itself."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from plainrad.domain.patient import OwnWords, Statement
from plainrad.domain.reading import Mention
from plainrad.domain.term import TermKind

STRONG_KINDS: frozenset[TermKind] = frozenset({"finding", "device", "procedure", "measurement", "score", "anatomy"})


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters of the original. With a `term_id` they are marked as an explained word."""

    text: str
    term_id: str | None = None
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """The place that a statement's link leads to, and the statement to go back to."""

    id: str
    statement: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring pieces. With spots it is a place that statements rest on."""

    pieces: tuple[Piece, ...]
    spots: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    term_id: str
    strong: bool


def spot_ids(statement: Statement) -> tuple[str, ...]:
    """Return the id of the place in the original of each source of `statement`."""
    first = f"original-{statement.id}"
    return (first, *(f"{first}-{number}" for number in range(2, len(statement.source) + 1)))


def own_id(number: int) -> str:
    """Return the id of a stretch of the report's own words, counted from 1."""
    return f"own-{number}"


def cut_original(
    text: str,
    *,
    mentions: Iterable[Mention],
    explained: Collection[str],
    statements: Iterable[Statement],
    own_words: Iterable[OwnWords] = (),
) -> tuple[Stretch, ...]:
    """Return `text` as stretches, with the first occurrence of each explained word marked.

    Of words that overlap, the longest is marked. Sources that overlap become one stretch with a spot for each. A span
    that lies outside the text is left out: a page without a link is better than a page with the wrong words.
    """
    words = _words(len(text), mentions, explained)
    stretches: list[Stretch] = []
    position = 0
    for start, end, spots in _places(len(text), statements, own_words, words):
        if position < start:
            stretches.append(Stretch(tuple(_pieces(text, position, start, words))))
        stretches.append(Stretch(tuple(_pieces(text, start, end, words)), spots))
        position = end
    if position < len(text):
        stretches.append(Stretch(tuple(_pieces(text, position, len(text), words))))
    return tuple(stretches)


def _words(length: int, mentions: Iterable[Mention], explained: Collection[str]) -> list[_Word]:
    """Return the words to mark, in text order, none overlapping another."""
    candidates = [
        _Word(mention.start, mention.end, mention.term_id, mention.kind in STRONG_KINDS)
        for mention in mentions
        if mention.term_id in explained and mention.term_id is not None and 0 <= mention.start < mention.end <= length
    ]
    chosen: list[_Word] = []
    for word in sorted(candidates, key=lambda word: (word.start - word.end, word.start)):
        at = bisect_left(chosen, word.start, key=lambda other: other.start)
        if (at == 0 or chosen[at - 1].end <= word.start) and (at == len(chosen) or word.end <= chosen[at].start):
            chosen.insert(at, word)
    first: dict[str, _Word] = {}
    for word in chosen:
        first.setdefault(word.term_id, word)
    return list(first.values())


def _places(
    length: int, statements: Iterable[Statement], own_words: Iterable[OwnWords], words: Sequence[_Word]
) -> Iterator[tuple[int, int, tuple[Spot, ...]]]:
    """Yield (start, end, spots), in text order; no place overlaps another or cuts a marked word in two."""
    sources = [
        (*_around_words(source.start, source.end, words), Spot(spot, statement.id))
        for statement in statements
        for source, spot in zip(statement.source, spot_ids(statement), strict=True)
        if 0 <= source.start < source.end <= length
    ]
    sources += [
        (*_around_words(one.start, one.end, words), Spot(f"original-{own_id(number)}", own_id(number)))
        for number, one in enumerate(own_words, start=1)
        if 0 <= one.start < one.end <= length
    ]
    place: tuple[int, int, tuple[Spot, ...]] | None = None
    for start, end, spot in sorted(sources, key=lambda source: source[:2]):
        if place is None:
            place = (start, end, (spot,))
        elif start < place[1]:
            place = (place[0], max(place[1], end), (*place[2], spot))
        else:
            yield place
            place = (start, end, (spot,))
    if place is not None:
        yield place


def _around_words(start: int, end: int, words: Sequence[_Word]) -> tuple[int, int]:
    before = bisect_right(words, start, key=lambda word: word.start) - 1
    if before >= 0 and words[before].end > start:
        start = words[before].start
    after = bisect_left(words, end, key=lambda word: word.end)
    if after < len(words) and words[after].start < end:
        end = words[after].end
    return start, end


def _pieces(text: str, start: int, end: int, words: Sequence[_Word]) -> Iterator[Piece]:
    """Yield the pieces of text[start:end]; every marked word lies wholly inside or wholly outside."""
    for word in words[bisect_left(words, start, key=lambda word: word.start) :]:
        if word.start >= end:
            break
        if start < word.start:
            yield Piece(text[start : word.start])
        yield Piece(text[word.start : word.end], word.term_id, word.strong)
        start = word.end
    if start < end:
        yield Piece(text[start:end])
