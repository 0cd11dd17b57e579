"""Which sentences an addendum corrects: what they say stands no longer, so no statement may take words from them as they are."""

import re

from plainrad.domain.reading import Evidence, Mention, Reading

_RULE = "check.addendum-corrects"
_ADDS = "check.addendum-adds"
_MISTAKE = re.compile(
    r"\b(?:incorrect(?:ly)?|in error|wrong(?:ly)?|erroneous(?:ly)?|mistake\w*|should read|corrected|correction)\b",
    re.IGNORECASE,
)
_PUT_RIGHT = re.compile(r"\b(?:incorrect(?:ly)?|in error|wrong(?:ly)?|erroneous(?:ly)?|mistake)\b", re.IGNORECASE)
_TAKEN_BACK = re.compile(r"\b(?:disregard|supersed\w+|withdrawn|retracted|another patient)\b", re.IGNORECASE)
_NOTHING_MORE = re.compile(
    r"\bno (?:further |additional |more )?(?:imaging|follow[- ]?up|action|investigation|assessment|scan)s?\b[^.;]{0,40}\b(?:is|are) (?:now |therefore )?(?:required|needed|necessary|indicated)\b"
    r"|\bno longer (?:required|needed|necessary|indicated)\b",
    re.IGNORECASE,
)
_SIDE = re.compile(r"\b(left|right)\b", re.IGNORECASE)
_OLD = frozenset({"findings", "conclusion", "recommendation"})


def superseded(number: int, reading: Reading, text: str) -> list[Mention]:
    """Return the mentions of a sentence that an addendum corrects, empty where it corrects nothing in it.

    Where it corrects the side, every older sentence that names the old side is corrected too.
    """
    if not any(one.kind == "addendum" for one in reading.sections):
        return []
    sentence = reading.sentences[number]
    here = list(reading.by_sentence.get(number, ()))
    if sentence.section not in _OLD:
        return []
    corrected = [one for one in here if _cue(one) is not None]
    if corrected or not here:
        return corrected
    said = {side.lower() for side in _SIDE.findall(text[sentence.start : sentence.end])}
    return here if said & _old_sides(reading, text) else []


def no_step_left(reading: Reading, text: str) -> bool:
    """Return True where an addendum says that nothing more is needed: the next steps of the report before it stand no longer."""
    return any(_NOTHING_MORE.search(text, one.start, one.end) for one in reading.sentences if one.section == "addendum")


def outdated(number: int, reading: Reading) -> list[Mention]:
    """Return what a sentence calls normal, or rules out, though an addendum names a finding there: no longer told in plain words."""
    return [one for one in reading.by_sentence.get(number, ()) if any(cue.rule == _ADDS for cue in one.evidence)]


def told_anew(reading: Reading, text: str) -> bool:
    """Return True where an addendum tells a finding itself, or takes the whole report back: older words are only background then."""
    for one in reading.sections:
        if one.kind == "addendum" and _TAKEN_BACK.search(text, one.start, one.end):
            return True
    for mention in reading.mentions:
        if mention.section == "addendum" and mention.kind == "finding" and mention.reportable:
            sentence = reading.sentences[mention.sentence]
            if not _PUT_RIGHT.search(text, sentence.start, sentence.end):
                return True
    return False


def _cue(mention: Mention) -> Evidence | None:
    return next((one for one in mention.evidence if one.rule == _RULE), None)


def _old_sides(reading: Reading, text: str) -> set[str]:
    sides = set()
    for one in reading.mentions:
        cue = _cue(one)
        if cue is None or one.laterality is None:
            continue
        words = text[cue.start : cue.end]
        if _MISTAKE.search(words) and _SIDE.search(words):
            sides.add(one.laterality)
    return {str(side) for side in sides}
