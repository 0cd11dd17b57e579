"""Coded answers of structured reports -> words. A label that turns its answer round must never become a plain "yes"."""

import re
from typing import Final

from plainrad.errors import WordsUnclearError

# "Absent findings: pneumothorax" reads as a pneumothorax.
_TURNS: Final = re.compile(
    r"\b(absen(t|ce)|negatives?|excluded?|exclusions?|ruled out|no|not|non|none|without|denie[ds]|lack|former|false|unlikely|differential)\b",
    re.IGNORECASE,
)
_YES: Final = frozenset({"present", "yes", "positive", "true", "detected", "seen"})
_NO: Final = frozenset({"absent", "no", "none", "negative", "not present", "not detected", "not seen", "false"})
# Answers about the answer. What they say of the finding is nothing, and a reader of words would take the finding as said.
_ABOUT: Final = re.compile(
    r"\b(unknown|indeterminate|undetermined|equivocal|uncertain|unspecified|unable|not|non|no|cannot|n/?a|refused|pending|error)\b",
    re.IGNORECASE,
)


def check_label(label: str) -> str:
    """Return the label on one line; raises WordsUnclearError for one that turns its answers round."""
    if _TURNS.search(label):
        raise WordsUnclearError
    return " ".join(label.split()).rstrip(":").rstrip()


def coded_answer(answer: str) -> str:
    """Return a coded answer as words that read one way only; raises WordsUnclearError."""
    words = " ".join(answer.split())
    plain = words.lower().rstrip(".")
    if plain in _YES:
        return "present"
    if plain in _NO:
        return "absent"
    if not words or _ABOUT.search(words):
        raise WordsUnclearError
    return words
