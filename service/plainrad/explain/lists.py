"""A list behind one "no": told item by item; an item that cannot be told is shown in the report's own words, and none is told twice."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from plainrad.domain.phrases import PhraseBook
from plainrad.domain.reading import Reading
from plainrad.explain.drafts import Draft
from plainrad.explain.quotes import quoted
from plainrad.explain.sources import own_words

_BETWEEN = re.compile(r",|/|\b(?:or|nor|and)\b", re.IGNORECASE)
_SAYS_MORE = re.compile(  # no item of a list any more: "no fracture, and the joint is normal", "no fracture or dislocation seen"
    r"\b(?:is|are|was|were|has|have|can|could|may|normal|intact|clear|seen|identified|detected|demonstrated|shown|noted|found|visuali[sz]ed|"
    r"suspected|evident|present|both|either|all|other\w*)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z]{3,}")
_MOST_WORDS_OF_AN_ITEM, _LONGEST_LIST = 4, 30
_IN_BRACKETS = re.compile(r" \(([^()“”]*)\)")


def whole_lists(drafts: Sequence[Draft], reading: Reading, text: str, book: PhraseBook) -> list[Draft]:
    """Return the drafts of a sentence: items with the same plain words as one, and the list itself beside them where an item is untold."""
    kept = _without_twins(drafts, reading, book)
    last: dict[int, Draft] = {}
    for draft in kept:
        cue = _negator(draft, reading)
        if cue is not None and draft.about is not None and "“" not in draft.statement.text:
            last[cue] = draft
    found = []
    for draft in kept:
        cue = _negator(draft, reading)
        if cue is not None and last.get(cue) is draft and draft.about is not None:
            said = own_words(draft.about, reading, text)
            if _has_untold(said.start, said.end, reading, text) and len(quoted(text, said).split()) <= _LONGEST_LIST:
                told = draft.statement.text + book.wording["in_its_words"].format(quote=quoted(text, said))
                found.append(replace(draft, statement=replace(draft.statement, text=told), about=None))
                continue
        found.append(draft)
    return found


def _has_untold(start: int, end: int, reading: Reading, text: str) -> bool:
    """Return True when a "no" has an item behind its first finding in which no finding was read: "no pouch or web"."""
    things = [
        (one.start, one.end)
        for one in reading.mentions
        if start <= one.start and one.end <= end and one.kind in ("finding", "device", "procedure")
    ]
    if not things:
        return False
    places = [start, *(one.start() for one in _BETWEEN.finditer(text, start, end)), end]
    for one, two in itertools.pairwise(places):
        words = _WORD.findall(_BETWEEN.sub(" ", text[one:two]))
        if one < things[0][1] or not words or len(words) > _MOST_WORDS_OF_AN_ITEM or _SAYS_MORE.search(text[one:two]):
            continue
        if not any(first < two and one < after for first, after in things):
            return True
    return False


def _without_twins(drafts: Sequence[Draft], reading: Reading, book: PhraseBook) -> list[Draft]:
    """Return the drafts, those of one "no" that differ only in the report's own word as one: "(peritoneal or omental nodularity)"."""
    kept: list[Draft] = []
    for draft in drafts:
        cue = _negator(draft, reading)
        bare = _IN_BRACKETS.sub("", draft.statement.text)
        at = next(
            (
                place
                for place, one in enumerate(kept)
                if cue is not None
                and _negator(one, reading) == cue
                and "“" not in bare
                and _IN_BRACKETS.sub("", one.statement.text) == bare
            ),
            None,
        )
        own = _IN_BRACKETS.findall(draft.statement.text)
        if at is None or len(own) != 1 or len(_IN_BRACKETS.findall(kept[at].statement.text)) != 1:
            kept.append(draft)
            continue
        one = kept[at].statement
        both = book.grammar.joined([_IN_BRACKETS.findall(one.text)[0], own[0]], book.grammar.or_)
        text = one.text.replace(_IN_BRACKETS.search(one.text)[0], book.wording["brackets"].format(words=both))  # type: ignore[index]
        ids = tuple(dict.fromkeys((*one.mentions, *draft.statement.mentions)))
        kept[at] = replace(kept[at], statement=replace(one, text=text, mentions=ids))
    return kept


def without_halves(drafts: Sequence[Draft], reading: Reading, book: PhraseBook) -> list[Draft]:
    """Return the drafts of a sentence without those items of a "no" that its quote, which has to be shown, holds as well."""
    opening = book.wording["own_words"].partition("{quote}")[0]
    quotes: dict[int, Draft] = {}
    for draft in drafts:
        cue = _negator(draft, reading)
        if cue is not None and draft.about is None and draft.statement.text.startswith(opening):
            longest = quotes.get(cue)
            if longest is None or len(draft.statement.text) > len(longest.statement.text):
                quotes[cue] = draft
    kept: list[Draft] = []
    halves: dict[int, tuple[str, ...]] = {}
    for draft in drafts:
        cue = _negator(draft, reading)
        whole = quotes.get(cue) if cue is not None else None
        words = " ".join(reading.by_id[draft.statement.mentions[0]].text.split())
        if draft.about is None:
            words = draft.statement.text.removeprefix(opening).rstrip("”.")
        if cue is None or whole is None or whole is draft or words not in whole.statement.text:
            kept.append(draft)
        else:
            halves[id(whole)] = halves.get(id(whole), ()) + draft.statement.mentions
    return [_with(draft, halves.get(id(draft), ())) for draft in kept]


def _with(draft: Draft, mentions: tuple[str, ...]) -> Draft:
    every = tuple(dict.fromkeys((*draft.statement.mentions, *mentions)))
    if len(every) == len(draft.statement.mentions):
        return draft
    return replace(draft, statement=replace(draft.statement, mentions=every))


def _negator(draft: Draft, reading: Reading) -> int | None:
    """Return where the "no" of a finding stands, or None for what is not absent."""
    mention = reading.by_id[draft.statement.mentions[0]]
    if mention.assertion != "absent" or draft.statement.group != "looked_for_not_found":
        return None
    return next((one.start for one in mention.evidence if one.rule.startswith("neg.")), None)
