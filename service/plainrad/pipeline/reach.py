"""Which mentions of a sentence a cue reaches: those in its scope, but for what the wording plainly leaves out."""

import re
from typing import Final

from plainrad.pipeline.drafts import Cue, Draft
from plainrad.pipeline.rules import Grammar
from plainrad.pipeline.scope import Clause

_SIDES: Final = {"left": "left", "right": "right", "lt": "left", "rt": "right", "l": "left", "r": "right"}
_OTHER_SIDE: Final = {"left": "right", "right": "left"}
_DATE: Final = re.compile(r"\d{1,4}[/.]\d{1,2}[/.]\d{2,4}")
_TO_DATE: Final = 6  # words from "not seen" to the date
_BEFORE_DATE: Final = frozenset({"on", "in", "at", "the", "a", "of", "from", "dated", "scan", "ct", "mri", "mr", "film", "radiograph", "x-ray", "xray", "cxr", "ultrasound", "us", "study", "examination", "imaging", "pet", "mammogram", "chest", "abdomen", "previous", "prior", "last", "-"})  # fmt: skip
_AFTER_HEDGE = frozenset({"given", "because", "although", "but", "however", "as", "with", "since", "here", "clinically", "on", "diagnosis", "though", "rather", "than"})  # fmt: skip


def reached(clause: Clause, cue: Cue, drafts: list[Draft], grammar: Grammar) -> list[Draft]:
    """Return the drafts that `cue` speaks of."""
    if cue.rule.scope == "sentence":
        if cue.rule.direction == "forward":
            return [one for one in drafts if one.start >= cue.end]
        if cue.rule.direction == "backward":
            return [one for one in drafts if one.end <= cue.start]
        return [one for one in drafts if one.end <= cue.start or one.start >= cue.end]
    found: list[Draft] = []
    if cue.rule.direction in ("forward", "both", "either"):
        start, end = clause.forward(cue)
        found += [one for one in drafts if start <= one.start < end]
    looks_back = cue.rule.direction == "either" and not found and not _describes_next(clause, cue, grammar)
    if cue.rule.direction in ("backward", "both") or looks_back:
        start, end = clause.backward(cue)
        if not _of_other_side(clause, cue) and not _of_one_beside(clause, cue, drafts):
            found += [one for one in drafts if start <= one.start and one.end <= end]
    if cue.rule.kind == "limited":
        found = [one for one in found if not _only_a_property(clause, one, grammar)]
    return found


def _of_other_side(clause: Clause, cue: Cue) -> bool:
    """As in "avascular necrosis of the left hip, not seen on the right": nothing is denied of the left."""
    if cue.rule.kind not in ("negated", "resolved"):
        return False
    after = [word for word in clause.words[cue.end : cue.end + 3] if word not in ("on", "in", "at", "the")]
    denied = _SIDES.get(after[0]) if after else None
    named = {_SIDES[word] for word in clause.words[clause.start : cue.start] if word in _SIDES}
    return denied is not None and bool(named) and named == {_OTHER_SIDE[denied]}


def _of_one_beside(clause: Clause, cue: Cue, drafts: list[Draft]) -> bool:
    """As in "left collection bigger, right one resolved": nothing is said of the left."""
    if cue.rule.kind not in ("negated", "resolved"):
        return False
    stop = max((i for i in range(clause.start, cue.start) if clause.words[i] in (",", "and", "but")), default=None)
    if stop is None or any(
        stop <= one.start < cue.start and one.kind in ("finding", "device", "other") for one in drafts
    ):
        return False
    beside = {_SIDES[word] for word in clause.words[stop : cue.start] if word in _SIDES}
    named = {_SIDES[word] for word in clause.words[clause.start : stop] if word in _SIDES}
    return bool(beside) and bool(named) and beside.isdisjoint(named)


def of_dated_scan(clause: Clause, cue: Cue) -> bool:
    """As in "nodule, not seen on CT of 12/03/2021": a scan that is named by its date may be an earlier one or this one."""
    if cue.rule.kind != "negated" or cue.rule.direction != "backward":
        return False
    after = [word for word in clause.words[cue.end : cue.end + _TO_DATE] if word not in _BEFORE_DATE]
    return bool(after) and _DATE.fullmatch(after[0]) is not None


def _only_a_property(clause: Clause, draft: Draft, grammar: Grammar) -> bool:
    """As in "enhancement of the lesion cannot be assessed": the lesion itself was seen."""
    index = draft.start - 1
    while index > clause.start and clause.words[index] in grammar.determiners:
        index -= 1
    owned = index > clause.start and clause.words[index] == "of"
    return owned and draft.like != "anatomy" and clause.words[index - 1] in grammar.property_words


def _describes_next(clause: Clause, cue: Cue, grammar: Grammar) -> bool:
    """As in "cyst, likely functional": what is likely is the next word, not the thing before it."""
    if cue.end >= clause.end or cue.rule.kind not in ("probable", "possible"):
        return False
    word = clause.words[cue.end]
    return word.isalpha() and word not in grammar.prepositions | grammar.conjunctions | _AFTER_HEDGE
