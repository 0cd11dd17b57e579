"""Where a new statement begins in dictation without full stops: "no splenic injury pelvic drain in situ"."""

from collections.abc import Sequence

from plainrad.pipeline.drafts import Cue, Draft
from plainrad.pipeline.rules import Grammar

_LEAD_ON = frozenset({"that", "which", "who", "to"})
_IN_PLACE = (["in", "situ"], ["in", "place"], ["in", "position"], ["in", "good"], ["in", "satisfactory"])
_MOST = 3  # words, and the end of a line, that may describe a device: "pelvic", "left chest"


def device_follows(words: Sequence[str], drafts: Sequence[Draft], index: int, grammar: Grammar) -> bool:
    """Return True where a device follows the finding that ends at `index`: next to it, or said to be in place."""
    if not any(one.kind == "finding" and one.end == index for one in drafts):
        return False
    device = next((one for one in drafts if one.kind == "device" and index <= one.start <= index + _MOST), None)
    if device is None or device.start == index:
        return device is not None
    after = list(words[device.end : device.end + 2])
    small = grammar.conjunctions | grammar.prepositions | {"with"}
    between = words[index : device.start]
    return (after in _IN_PLACE or after[:1] in (["tip"], ["noted"])) and all(
        word == "\n" or (word.isalpha() and word not in small) for word in between
    )


def says_afresh(words: Sequence[str], cue: Cue, other: Cue, grammar: Grammar) -> bool:
    """Return True where `other` says something of its own behind the negation `cue`.

    As in "no effusion appearances are in keeping with oedema", and in "dilated loops without a transition point suggest ileus".
    """
    if words[other.start] in grammar.back_references:
        return any(words[i] in grammar.finite_verbs for i in range(other.start + 1, other.end))
    goes_on = words[cue.start] in ("without", "with") and words[other.start] in grammar.finite_verbs
    return goes_on and words[other.start - 1] not in _LEAD_ON
