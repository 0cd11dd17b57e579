"""Which mentions of a sentence a cue reaches: those in its scope, but for what the wording plainly leaves out."""

import re
from dataclasses import replace
from typing import Final

from plainrad.pipeline.drafts import Cue, Draft
from plainrad.pipeline.kin import theirs
from plainrad.pipeline.rules import Grammar
from plainrad.pipeline.scope import FRESH, Clause

_SIDES: Final = {"left": "left", "right": "right", "lt": "left", "rt": "right", "l": "left", "r": "right"}
_OTHER_SIDE: Final = {"left": "right", "right": "left"}
_DATE: Final = re.compile(r"\d{1,4}[/.]\d{1,2}[/.]\d{2,4}")
_REACH: Final = 4  # words before a finding that tell its size
_OF_SEVERAL: Final = frozenset({"are", "were", "have"})
_NEXT: Final = 4  # words from "absent" to what it denies
_TO_DATE: Final = 6  # words from "not seen" to the date
_BEFORE_DATE: Final = frozenset({"on", "in", "at", "the", "a", "of", "from", "dated", "scan", "ct", "mri", "mr", "film", "radiograph", "x-ray", "xray", "cxr", "ultrasound", "us", "study", "examination", "imaging", "pet", "mammogram", "chest", "abdomen", "previous", "prior", "last", "-"})  # fmt: skip
_AWAITS: Final = frozenset({"when", "once", "until"})
_TO_AWAITED = 7  # words from "when" to "has settled"
_NOT_AWAITED: Final = frozenset({",", "compared", "comparing", "viewed", "last", "and"})
_ENDS_OF_DEVICES: Final = frozenset({"tip", "tips", "end", "ends", "termination"})
_AFTER_HEDGE = frozenset({"given", "because", "although", "but", "however", "as", "with", "since", "here", "clinically", "on", "diagnosis", "though", "rather", "than"})  # fmt: skip
_BETWEEN_PARTS = frozenset({"and", ",", "or", "left", "right", "bilateral", "l", "r", "/", "&"})


def reached(clause: Clause, cue: Cue, drafts: list[Draft], grammar: Grammar) -> list[Draft]:
    """Return the drafts that `cue` speaks of."""
    if cue.rule.kind == "family":
        return theirs(clause.words, cue, drafts, grammar)
    if cue.rule.scope == "sentence":
        if cue.rule.direction == "forward":
            return [one for one in drafts if one.start >= cue.end]
        if cue.rule.direction == "backward":
            return [one for one in drafts if one.end <= cue.start]
        return [one for one in drafts if one.end <= cue.start or one.start >= cue.end]
    found: list[Draft] = []
    if cue.rule.direction in ("forward", "both", "either"):
        start, end = clause.forward(cue)
        in_brackets = cue.rule.direction == "either" and clause.words[cue.end : cue.end + 1] == ["("]
        found += [one for one in drafts if start <= one.start < end and not in_brackets]
    looks_back = cue.rule.direction == "either" and not found and not _describes_next(clause, cue, grammar)
    if cue.rule.direction in ("backward", "both") or looks_back:
        start, end = clause.backward(cue)
        if not (
            _of_other_side(clause, cue)
            or _of_one_beside(clause, cue, drafts)
            or _of_device_end(clause, cue)
            or _absent_next(clause, cue, grammar)
        ):
            found += [
                one
                for one in drafts
                if start <= one.start and one.end <= end and not _its_part(clause, cue, one, grammar)
            ]
    if cue.rule.kind in ("possible", "probable") and cue.rule.direction in ("forward", "either"):
        found += _headed(clause, cue, found)
    if cue.rule.id == "unl.over":  # not "favour a plaque over the diaphragm"
        places = [one.start for one in clause.drafts if one.like == "anatomy" and one.start >= cue.end]
        found = [one for one in found if one.like == "finding" and not any(place < one.start for place in places)]
    if cue.rule.id == "poss.accounts-for":
        found = [one for one in found if _is_blamed(clause, cue, one, grammar)]
    if cue.rule.kind == "limited":
        found = [one for one in found if not _only_a_property(clause, one, grammar)]
    return found


def _headed(clause: Clause, cue: Cue, found: list[Draft]) -> list[Draft]:
    """As in "suspected left adrenal and right iliac metastases": where only parts are reached, what they are joined to is meant."""
    ahead = [one for one in found if one.start >= cue.end]
    if not ahead or any(one.like != "anatomy" for one in ahead):
        return []
    after = sorted((one for one in clause.drafts if one.start >= ahead[-1].end), key=lambda one: one.start)
    place = ahead[-1].end
    for one in after:
        if not set(clause.words[place : one.start]) <= _BETWEEN_PARTS:
            return []
        if one.like == "finding":
            return [other for other in after if other.start >= one.start and other.end <= one.end]
        place = max(place, one.end)
    return []


def _its_part(clause: Clause, cue: Cue, draft: Draft, grammar: Grammar) -> bool:
    """As in "NG tube below the diaphragm, tip not seen", "no embolus, subsegmental vessels not assessed": the thing itself was seen."""
    if cue.rule.kind not in ("limited", "negated"):
        return False
    between = clause.words[draft.end : cue.start]
    if draft.like == "device":
        of_it = clause.words[max(clause.start, draft.start - 4) : draft.start]
        return bool(_ENDS_OF_DEVICES & set(between)) or (bool(_ENDS_OF_DEVICES & set(of_it)) and "of" in of_it)
    if cue.rule.kind != "limited" or draft.like != "finding":
        return False
    part = next((one for one in clause.drafts if one.like == "anatomy" and draft.end <= one.start < cue.start), None)
    if part is None:
        return False
    gap = set(clause.words[draft.end : part.start])
    return not gap & (grammar.prepositions | grammar.conjunctions | grammar.finite_verbs | {"with"})


def _of_device_end(clause: Clause, cue: Cue) -> bool:
    """As in "no pneumothorax NG tube below the diaphragm tip not included": only the end of the tube was not seen."""
    if cue.rule.kind not in ("limited", "negated") or clause.words[cue.start - 1] not in _ENDS_OF_DEVICES:
        return False
    return any(one.like == "device" and clause.start <= one.start < cue.start for one in clause.drafts)


def _absent_next(clause: Clause, cue: Cue, grammar: Grammar) -> bool:
    """As in "rest pain, absent pedal pulses": behind a comma the word denies what follows it."""
    if clause.words[cue.start : cue.end] != ["absent"] or clause.words[cue.start - 1] not in (",", ";"):
        return False
    following = clause.words[cue.end : min(clause.end, cue.end + _NEXT)]
    small = grammar.prepositions | grammar.conjunctions | grammar.finite_verbs
    named = next((n for n, _ in enumerate(following) if any(one.start == cue.end + n for one in clause.drafts)), None)
    return named is not None and all(word.isalpha() and word not in small for word in following[:named])


def _is_blamed(clause: Clause, cue: Cue, draft: Draft, grammar: Grammar) -> bool:
    """As in "colitis may account for the oedema": a cause that is thought of; "the protrusion may account for the pain" was seen."""
    opening = clause.words[clause.start : draft.start]
    said = grammar.determiners | grammar.finite_verbs | {"there", "which"}
    explained = clause.words[cue.end : clause.end]
    named = any(one.like == "finding" and one.start >= cue.end for one in clause.drafts)
    named = named or "cause" in clause.words[cue.start : cue.end]
    return named and not said & set(opening) and not grammar.symptom_words & set(explained)


def is_weighed(clause: Clause, cue: Cue, grammar: Grammar) -> bool:
    """Return True where a hedge makes "A rather than B" a matter of more and less: "probably A ...", "... is favoured"."""
    hedges = [one for one in clause.cues if one.rule.kind in ("possible", "probable")]
    return any(one.end <= cue.start for one in hedges) or any(
        one.rule.kind == "probable"
        and one.rule.direction != "forward"
        and one.start >= cue.end
        and clause.words[one.start] in grammar.finite_verbs
        for one in hedges
    )


def over_comma(clause: Clause, cue: Cue, draft: Draft, grammar: Grammar) -> Cue | None:
    """Return what "not seen" says of a finding before a comma that no "or" makes a list.

    Of "small effusion, clot not seen" nothing of the effusion, which has a size; of a gallstone in "gallstones, the pancreas
    was not seen" nothing; of "pregnancy, live embryo not seen" nothing sure. Three bare names are a list: "clot, stone, cyst not seen".
    """
    if cue.rule.id != "neg.not-seen" or draft.end > cue.start or clause.words[cue.start] in _OF_SEVERAL:
        return cue
    between = clause.words[draft.end : cue.start]
    if "," not in between[:-1] or grammar.conjunctions & set(between) or ":" in between:
        return cue
    before = clause.words[max(clause.start, draft.start - _REACH) : draft.start]
    earlier = "," in before
    if earlier:
        before = before[len(before) - before[::-1].index(",") :]
    comma = draft.end + len(between) - 1 - between[::-1].index(",")
    after = [one for one in clause.drafts if comma < one.start < cue.start]
    a_part = bool(after) and all(one.like == "anatomy" for one in after) and draft.like != "anatomy"
    if FRESH & set(before) or a_part:
        return None
    named = {i for one in clause.drafts for i in range(one.start, one.end)}
    described = any(clause.words[i].isalpha() and i not in named for i in range(draft.end, cue.start))
    listed = earlier or between.count(",") > 1
    return cue if listed and not described else Cue(replace(cue.rule, kind="unclear"), cue.start, cue.end)


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


def awaited(clause: Clause, cue: Cue) -> bool:
    """As in "stent when the sepsis has settled": what is waited for is not gone yet."""
    if cue.rule.kind not in ("resolved", "partial") or cue.rule.direction != "backward":
        return False
    before = clause.words[clause.start : cue.start]
    at = max((i for i, word in enumerate(before) if word in _AWAITS), default=None)
    return at is not None and 0 < len(before) - at - 1 <= _TO_AWAITED and not _NOT_AWAITED & set(before[at + 1 :])


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
