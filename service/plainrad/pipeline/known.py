"""Where a word for the past reaches a thing that this scan shows: "the known aneurysm measures 5 cm", "more extensive than in 2022"."""

import itertools

from plainrad.pipeline.drafts import Cue, Draft
from plainrad.pipeline.rules import Grammar
from plainrad.pipeline.scope import Clause

_SEEN_NOW = frozenset({"seen", "noted", "demonstrated", "measures", "measuring", "again", "visible", "identified", "present", "evidence", "sequelae", "stigmata", "signs"})  # fmt: skip
_PUT = frozenset({"placed", "inserted", "sited", "fitted", "implanted", "deployed"})
_COMPARED = frozenset({"than", "since", "from", "compared", "with", "to"})
_OF_SCAN = frozenset({"in", "on", "at", "the", "that", "of", "to", "it", "was", "about", "approximately", "scan", "ct", "mri", "study", "film", "ultrasound", "examination", "radiograph"})  # fmt: skip
_TO_DATE = 5  # words from a change to the date of the scan compared with


def still_there(clause: Clause, history: Cue, draft: Draft, grammar: Grammar) -> bool:
    """Return True where the clause says of `draft`, which `history` reaches, that it is there now."""
    return (
        _is_seen(clause, history, draft)
        or _is_excepted(clause, history, draft)
        or _is_used(clause, history, draft, grammar)
        or _dates_a_change(clause, history)
    )


def _is_seen(clause: Clause, history: Cue, draft: Draft) -> bool:
    """A known thing that this scan shows is present, not history."""
    if draft.kind == "procedure":
        return False
    for cue in clause.cues:
        if cue.rule.kind in ("change", "partial") and not _of_another(clause, cue, history):
            others = [one for one in clause.drafts if one.kind == "finding" and one.start >= cue.end]
            if not others or draft.start >= cue.end or others[0].end == draft.end:
                return True
    words = clause.words[clause.start : clause.end]
    measured = any(
        word in ("now", "currently") and following[:1].isdigit() for word, following in itertools.pairwise(words)
    )
    return measured or bool(_SEEN_NOW & set(words))


def _of_another(clause: Clause, change: Cue, history: Cue) -> bool:
    """As in "reduced oedema, previous infarct": what has changed was named before the comma, and the past begins behind it."""
    named = [
        one for one in clause.drafts if change.end <= one.start and one.end <= history.start and one.like == "finding"
    ]
    return bool(named) and clause.words[history.start - 1] == ","


def _is_excepted(clause: Clause, history: Cue, draft: Draft) -> bool:
    """As in "no mass other than the known meningioma": what is excepted is there."""
    return (draft.target or draft.kind in ("finding", "device")) and any(
        one.rule.id == "exc.apart-from" and 0 <= history.start - one.end <= 1 for one in clause.cues
    )


def _is_used(clause: Clause, history: Cue, draft: Draft, grammar: Grammar) -> bool:
    """As in "treated with a stent", "a stent placed last week is blocked", "in keeping with the known calculus"."""
    if draft.like == "device" and clause.words[history.start] == "treated" and clause.words[history.end - 1] == "with":
        return True
    if draft.like == "device" and history.rule.id == "hist.after" and draft.end <= history.start:
        put = bool(_PUT & set(clause.words[draft.end : history.start]))
        return put and bool(grammar.finite_verbs & set(clause.words[history.end : clause.end]))
    near = [one for one in clause.cues if 0 <= history.start - one.end <= 1]
    if history.rule.id == "hist.after":
        change = [one for one in near if one.rule.kind in ("change", "partial")]
        return any(_COMPARED & set(clause.words[one.start : history.end]) for one in change)  # "larger than in 2022"
    known = clause.words[history.start] == "known" and any(one.rule.kind == "consistent" for one in near)
    return known and (draft.target or draft.kind == "finding") and draft.start >= history.end


def _dates_a_change(clause: Clause, history: Cue) -> bool:
    """As in "more extensive than in 2022", "new since 9 days ago": the date is that of the scan compared with."""
    for one in clause.cues:
        if one.rule.kind in ("change", "partial") and 0 <= history.start - one.end <= _TO_DATE:
            between = clause.words[max(one.start, one.end - 2) : history.start + 1]
            small = all(
                word in _COMPARED | _OF_SCAN or word.isdigit() for word in clause.words[one.end : history.start]
            )
            return small and bool(_COMPARED & set(between))
    return False
