"""Boxes of a form: of "Free fluid: [ ] present [x] absent" only what stands behind the ticked box is said."""

from collections.abc import Sequence
from typing import Final

from spacy.tokens import Doc

from plainrad.pipeline.drafts import Draft, Line, evidence

_TICKS: Final = frozenset({"x", "*", "/", "v", "y"})
_SIGNS: Final = {"\u2610": False, "\u25a1": False, "\u2611": True, "\u2612": True}
_YES: Final = frozenset({"present", "yes", "seen", "positive", "y"})
_NO: Final = frozenset({"absent", "no", "none", "nil", "negative", "n", "never"})
_ABOUT: Final = frozenset({"finding", "device", "score", "other"})


def read_ticks(doc: Doc, line: Line, drafts: Sequence[Draft], words: Sequence[str]) -> None:
    """Let the ticked box decide of what stands before the boxes; a finding of an empty box is not told, nor one of a doubtful form."""
    boxes = _boxes(words, line)
    if not boxes:
        return
    behind = line.start == boxes[0][0] or words[boxes[0][0] - 1] in (":", "-", "=", "?")
    ends = [start for start, _, _ in boxes[1:]] + [line.end]
    options = [(ticked, after, end) for (_, after, ticked), end in zip(boxes, ends, strict=True)]
    if not any(ticked for ticked, _, _ in options) and not any(
        _answer(words, one, two) in ("yes", "no") for _, one, two in options
    ):
        return  # "a [ ] cm mass": a gap, and no box
    answers = {_answer(words, after, end) for ticked, after, end in options if ticked}
    for draft in drafts:
        if draft.kind not in _ABOUT:
            continue
        of_empty = any(not ticked and after <= draft.start < end for ticked, after, end in options)
        before = draft.end <= boxes[0][0]
        if not before and behind and not of_empty:
            continue  # what is ticked is read like any other words
        if before and behind and answers == {"yes"}:
            draft.assertion, draft.certainty = "present", "definite"
        elif before and behind and answers == {"no"}:
            draft.assertion, draft.certainty = "absent", "definite"
        else:
            draft.assertion, draft.certainty = "neutral", "possible"
        draft.evidence.append(evidence(doc, "check.ticked-box", boxes[0][0], boxes[0][1]))


def _boxes(words: Sequence[str], line: Line) -> list[tuple[int, int, bool]]:
    """Return (start, place after, ticked) of each "[ ]" and "[x]" of the line."""
    found: list[tuple[int, int, bool]] = []
    for index in range(line.start, line.end - 1):
        if words[index] in _SIGNS:
            found.append((index, index + 1, _SIGNS[words[index]]))
            continue
        if words[index] != "[":
            continue
        if words[index + 1] == "]":
            found.append((index, index + 2, False))
        elif index + 2 < line.end and words[index + 1] in _TICKS and words[index + 2] == "]":
            found.append((index, index + 3, True))
    return found


def _answer(words: Sequence[str], start: int, end: int) -> str:
    said = {word for word in words[start:end] if word.isalpha()}
    if len(said) == 1 and said <= _YES:
        return "yes"
    return "no" if len(said) == 1 and said <= _NO else "unclear"
