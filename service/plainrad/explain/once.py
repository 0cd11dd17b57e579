"""A sentence of the report is quoted once: not beside a finding and for itself, nor where another statement tells it in full."""

import re
from collections.abc import Sequence
from dataclasses import replace

from plainrad.domain.patient import Statement
from plainrad.domain.phrases import PhraseBook

_QUOTE = re.compile(r"“([^”]*)”")
_ONLY_QUOTE = re.compile(r"[^“”]{0,40}“([^”]*)”")


def quoted_once(told: Sequence[Statement], text: str) -> list[Statement]:
    """Return the statements without those that only quote what another one shows beside a finding, or tells in full, elsewhere in the report.

    As in "... likely an enchondroma", and in "with no right heart strain" where the conclusion says "No right heart strain."
    """
    plain = {
        _bare(text[at.start : at.end]): place
        for place, one in enumerate(told)
        if one.group == "looked_for_not_found" and "“" not in one.text
        for at in one.source
    }
    shown = {
        quote: place
        for place, one in enumerate(told)
        for quote in _QUOTE.findall(one.text)
        if one.group in ("found", "possible", "unchanged_or_known") and not _ONLY_QUOTE.fullmatch(one.text)
    }
    kept = list(told)
    gone: set[int] = set()
    for number, one in enumerate(told):
        match = _ONLY_QUOTE.fullmatch(one.text)
        place = shown.get(match[1]) if match else None
        if place is not None and one.group not in ("looked_for_not_found", kept[place].group):
            place = None
        if (
            match
            and place is None
            and one.group == "looked_for_not_found"
            and one.text.partition("“")[0].count(":") < 2
        ):
            place = plain.get(_bare(match[1]))  # behind a label it would be said of that row alone
            if place is not None and set(one.source) & set(told[place].source):
                place = (
                    None  # of the same sentence the other tells one item only: "NO CAVITATION NO ABSCESS NO EMPYEMA"
                )
        if place is not None:
            kept[place] = with_sources(kept[place], one)
            gone.add(number)
    return [one for number, one in enumerate(kept) if number not in gone]


def _bare(words: str) -> str:
    return " ".join(words.lower().split()).strip(" .;")


def beside_one(told: Sequence[Statement], book: PhraseBook) -> list[Statement]:
    """Return the statements; a sentence of the report that stands beside several of a group is left with the first of them.

    What is only mentioned keeps it: without its sentence nobody knows what is said of it.
    """
    opening, mentioned = (book.wording[name].partition("{")[0] for name in ("in_its_words", "neutral"))
    kept: list[Statement] = []
    shown: set[tuple[str, str]] = set()
    for one in told:
        words, found, quote = one.text.rpartition(opening)
        again = bool(found) and (one.group, quote) in shown and quote.endswith("”") and not words.startswith(mentioned)
        shown.add((one.group, quote))
        kept.append(replace(one, text=words) if again else one)
    return kept


def with_sources(one: Statement, *others: Statement) -> Statement:
    """Return the statement resting also on what the others rest on."""
    if not others:
        return one
    every = (one, *others)
    return replace(
        one,
        source=tuple(dict.fromkeys(place for item in every for place in item.source)),
        mentions=tuple(dict.fromkeys(name for item in every for name in item.mentions)),
        conclusion=any(item.conclusion for item in every),
    )
