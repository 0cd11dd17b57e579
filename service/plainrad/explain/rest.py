"""What no statement rests on: it is shown in the report's own words, so that nothing of findings and conclusion is lost."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate, islice, pairwise
from typing import NamedTuple

from plainrad.domain.patient import OwnWords, Statement
from plainrad.domain.reading import Extent, Reading, SectionKind, Sentence, Side
from plainrad.explain.sources import SIDE_ELSEWHERE
from plainrad.explain.untold import left_out, told_of

TOLD_SECTIONS: frozenset[SectionKind] = frozenset({"findings", "conclusion", "recommendation", "addendum"})
_APART: frozenset[SectionKind] = frozenset({"technique", "comparison", "other"})
_STOP = re.compile(r";(?=\s)")
_JOINS = re.compile(
    r",?\s(?:and|but)\s(?!(?:is|are|was|were|has|have|no|not|in|of|with|may|can|shows?|measures?|appears?|extends?)\b)",
    re.IGNORECASE,
)
_JOINING = ("and", "but", "AND", "BUT")
_TURNS_ASIDE = re.compile(r"[,;]|\b(?:which|that|who|where)\b", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|shows?|remains?|appears?|looks?|enters?|holds?|contains?|lies|measures?|may|might|could|cannot|should|goes|go|causes|suggests|represents|indicates|becomes|continues|extends|demonstrates|reveals|makes)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"“([^”]*)”")
_WHEN = re.compile(r"\b(?:prev|previous|past|acute on|ago|(?:19|20)\d\d)\b", re.IGNORECASE)
_FIGURE = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s?(?:mm|cm|ml|cc)(?!\w)", re.IGNORECASE)
_SIDE = re.compile(r"\b(?:left|right)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}|\b[A-Z]\d[a-z]?\b")
_EDGE = re.compile(r"[\s,;:.\-\u2022*]+|(?:\d+|[a-z])[.)]\s+|(?:and|but)\b\s*", re.IGNORECASE)
_SMALL = frozenset(
    {"and", "but", "otherwise", "also", "again", "however", "there", "is", "are", "with", "of", "in", "the"}
)
_HEADING = re.compile(r"[^.:;?!]{1,60}:?\s*$")


class _Spans(NamedTuple):
    """Stretches in the order of their starts, and for each how far it or any before it reaches."""

    places: list[tuple[int, int]]
    reach: list[int]


def own_words(
    reading: Reading,
    statements: Sequence[Statement],
    text: str,
    *,
    sides: Mapping[Side, str],
    sections: frozenset[SectionKind] = TOLD_SECTIONS,
    whole: bool = True,
) -> tuple[OwnWords, ...]:
    """Return the stretches of `sections` (findings, conclusion, advice, addenda) that no statement has as its source, in their order.

    Where that is one clause of several, its whole sentence; with `whole` false the clause alone. `sides` are our words for left, right and both.
    """
    wanted = [
        number
        for number, one in enumerate(reading.sentences)
        if (one.section in sections or _swallowed(reading, number)) and not is_heading(reading, number, text)
    ]
    if not wanted:
        return ()
    first, last = reading.sentences[wanted[0]].start, reading.sentences[wanted[-1]].end
    given = [one for each in reading.mentions for one in each.evidence if one.rule in SIDE_ELSEWHERE]
    # A side taken from elsewhere tells nothing of the sentence that it stands in, unless it is all of it ("RIGHT HIP").
    alone = {text[one.start : one.end].strip(" .:\n") for one in reading.sentences} if given else set()
    labels = {(one.start, one.end) for one in given if text[one.start : one.end].strip(" .:\n") not in alone}
    spans = sorted(
        {
            part
            for told in statements
            for one in told.source
            if one.start < last
            and first < one.end
            and text[one.end : one.end + 1] != ":"
            and (one.start, one.end) not in labels
            for part in _spoken_of(one, told, reading, text)
        }
    )
    spoken = _Spans(spans, list(accumulate((end for _, end in spans), max)))
    found: list[OwnWords] = []
    resting = told_of(reading, statements) if whole else {}
    for number in wanted:
        sentence = reading.sentences[number]
        told = resting.get(number, ())
        places = _parts(sentence, spoken, text, whole=whole)
        swallowed = _swallows(sentence, " ".join(one.text for one in told), text, sides)
        lost = bool(told) and not places and sentence.section in TOLD_SECTIONS
        if swallowed or (lost and left_out(number, told, reading, text)):
            places = [_trimmed(text, sentence.start, sentence.end)]
        found.extend(OwnWords(start, end, text[start:end], sentence.section) for start, end in places)
    return tuple(found)


def _parts(sentence: Sentence, spans: _Spans, text: str, *, whole: bool) -> list[tuple[int, int]]:
    """Return the stretches of a sentence that are in none of `spans`; with `whole` the sentence itself for one clause of several."""
    found: list[tuple[int, int]] = []
    for start, end in _gaps(sentence.start, sentence.end, spans):
        place = _trimmed(text, start, end)
        if not any(word.lower() not in _SMALL for word in _WORD.findall(text[slice(*place)])):
            continue
        if whole and any(start <= one <= end for one in _clauses(sentence.start, sentence.end, text)):
            place = (sentence.start, sentence.end)  # half a sentence says too little alone
        elif whole and len(text[slice(*place)].split()) == 1 and not _STOP.search(text, sentence.start, sentence.end):
            place = _trimmed(text, sentence.start, sentence.end)  # "thorax." of "No pneumo thorax."
        if place not in found[-1:]:
            found.append(place)
    return found


def _swallows(sentence: Sentence, said: str, text: str, sides: Mapping[Side, str]) -> bool:
    """Return True where a size or a side stands in a sentence that is told, and in nothing that is told of it: "nodes up to 19 mm, lymphoma unlikely"."""
    if not said:
        return False
    known: tuple[Side, ...] = ("left", "right")
    named = {one[0].lower() for one in _SIDE.finditer(text, sentence.start, sentence.end)}
    lost = [
        one
        for one in known
        if one in named and not any(word in said for word in (one, one.title(), one.upper(), sides[one], sides["both"]))
    ]
    if sentence.section == "history" and any(
        one[0] not in said for one in _WHEN.finditer(text, sentence.start, sentence.end)
    ):
        return True  # "prev DVT 2017"
    return bool(lost) or any(one[1] not in said for one in _FIGURE.finditer(text, sentence.start, sentence.end))


def _swallowed(reading: Reading, number: int) -> bool:
    """Return True for a finding in what is no part of findings: in a title, or behind "Technique:"; better shown twice than not at all.

    But for a "no" of an older report, beside what that report found: "CT of March: two nodules. No ascites."
    """
    section = reading.sentences[number].section
    here = [one for one in reading.by_sentence.get(number, ()) if one.kind == "finding" and one.term_id is not None]
    if section not in _APART or not any(one.assertion in ("present", "absent", "possible") for one in here):
        return False
    of_old = section == "comparison" and all(one.assertion in ("absent", "historical") for one in here)
    return not (of_old and any(one.section == section and one.assertion == "historical" for one in reading.mentions))


def _spoken_of(source: Extent, told: Statement, reading: Reading, text: str) -> list[tuple[int, int]]:
    """Return the stretches of a source that a statement speaks of: of clauses parted by ";" those that hold what it tells, unless it quotes.

    As in "T8 collapse with a soft tissue mass; cord signal change": what tells the second clause does not tell the first.
    """
    whole = [(source.start, source.end)]
    stops = [one.start() for one in _STOP.finditer(text, source.start, source.end)] if "“" not in told.text else []
    stops = sorted({*stops, *_clauses(source.start, source.end, text)})
    if not stops:
        return whole
    quotes = _QUOTED.findall(told.text)
    edges = [source.start, *stops, source.end]
    mentions = [reading.by_id[one] for one in told.mentions if one in reading.by_id]
    parts = [
        (start, end)
        for start, end in pairwise(edges)
        if any(start <= one.start < end for one in mentions)
        or any(" ".join(text[slice(*_trimmed(text, start, end))].split()).rstrip(".") in quote for quote in quotes)
    ]
    return parts or whole


def _clauses(start: int, end: int, text: str) -> list[int]:
    """Return where an "and" or "but" joins two clauses that each have a verb: "the antrum is opaque and sinusitis may be the cause"."""
    found: list[int] = []
    begin = start
    if all(text.find(word, start, end) < 0 for word in _JOINING):
        return found
    for one in _JOINS.finditer(text, start, end):
        stop = _JOINS.search(text, one.end(), end)
        verb = _VERB.search(text, one.end(), stop.start() if stop else end)
        if verb and not _TURNS_ASIDE.search(text, one.end(), verb.start()) and _VERB.search(text, begin, one.start()):
            found.append(one.start())
            begin = one.end()
    return found


def is_heading(reading: Reading, number: int, text: str) -> bool:
    """Return True for a line that only names a part of the body or of the report ("Abdomen and pelvis"), or holds no word."""
    sentence = reading.sentences[number]
    if any(one.start <= sentence.start < one.body and sentence.end <= one.body for one in reading.sections):
        return True
    words = text[sentence.start : sentence.end]
    if not _WORD.search(words):
        return not any(char.isdigit() for char in words)
    if not _HEADING.match(words):
        return False
    alone = (
        text[: sentence.start].rpartition("\n")[2].strip() == ""
        and text[sentence.end :].partition("\n")[0].strip() == ""
    )
    if words.rstrip().endswith(":"):
        return alone
    names = [one for one in reading.by_sentence.get(number, ()) if one.kind in ("anatomy", "direction")]
    left = words
    for one in names:
        left = left.replace(one.text, " ")
    return alone and bool(names) and not _WORD.search(re.sub(r"\b(?:and|the|of)\b", " ", left, flags=re.IGNORECASE))


def _gaps(start: int, end: int, spans: _Spans) -> list[tuple[int, int]]:
    """Return what is left of start..end when `spans` are taken out."""
    left, at = [], start
    for one, two in islice(spans.places, bisect_right(spans.reach, start), None):
        if one >= end:
            break
        if two <= at:
            continue
        if one > at:
            left.append((at, one))
        at = max(at, two)
    return [*left, (at, end)] if at < end else left


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and (edge := _EDGE.match(text, start, end)):
        start = edge.end()
    while end > start and text[end - 1] in " \t\r\n,;":
        end -= 1
    return start, end
