"""A sentence of the report is quoted once: not beside a finding and for itself, nor where another statement tells it in full."""

import re
from collections.abc import Sequence
from dataclasses import replace

from plainrad.domain.patient import Statement

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
