"""What a negation takes for granted: "no rupture of the aneurysm" denies the rupture, and says that there is an aneurysm."""

from collections.abc import Sequence

from plainrad.pipeline.drafts import Cue, Draft
from plainrad.pipeline.rules import Grammar

_KINDS = frozenset({"finding", "device", "other"})
_GIVEN = frozenset({"the", "this", "these", "that", "those", "known", "existing", "his", "her", "its", "their"})
_OF = frozenset({"of", "by", "from", "within", "in", "into", "around"})
# "No recurrence of the tumour", "no sign of the known lymphoma": here the thing itself is denied.
_ITSELF = frozenset({"evidence", "sign", "signs", "feature", "features", "suggestion", "indication", "recurrence", "residual", "residuum", "relapse", "return", "remnant", "remnants", "trace", "traces", "presence", "appearance", "history", "focus", "foci", "area", "areas", "site", "sites", "part", "visualisation", "visualization", "possibility", "risk", "likelihood", "question", "reappearance", "persistence", "finding", "findings", "manifestation", "manifestations", "stigmata", "case", "number", "spread"})  # fmt: skip
_REACH = 3  # words that may stand between "the" and the finding: "the right renal"


def is_owned(words: Sequence[str], cue: Cue, draft: Draft, grammar: Grammar, *, clause_start: int) -> bool:
    """Return True for a finding of which something else is denied: "no rupture of the aneurysm", "clearance of it is not seen"."""
    if draft.kind not in _KINDS or cue.rule.kind != "negated":
        return False
    first = cue.end if draft.start >= cue.end else clause_start
    index = draft.start - 1
    while index >= first and draft.start - 1 - index < _REACH and words[index] not in _GIVEN:
        if words[index] in grammar.prepositions or words[index] in grammar.conjunctions or not words[index].isalpha():
            return False
        index -= 1
    if index < first or words[index] not in _GIVEN:
        return False
    while index >= first and words[index] in _GIVEN:
        index -= 1
    return index > first and words[index] in _OF and words[index - 1].isalpha() and words[index - 1] not in _ITSELF
