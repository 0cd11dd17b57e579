"""What only the report's own words tell exactly: "the other nodules", "A is favoured over B", a "no" in a sentence about what is there."""

import re
from typing import Final

from plainrad.domain.patient import StatementGroup
from plainrad.domain.reading import Mention, Reading

_OTHERS: Final = re.compile(
    r"\bthe (?:other|others|remaining|rest of the)\s+(?:[a-z0-9\-]+\s+){0,2}$", re.IGNORECASE
)  # of what remains something is said that does not hold of the first
_KNOWN: Final = re.compile(r"\bknown\s+(?:[a-z\-]+\s+)?$", re.IGNORECASE)
_OVER: Final = frozenset({"prob.than", "unl.over"})
_NEAR: Final = 40  # characters before a finding
_LONGEST: Final = 45  # words: so long is only what was dictated without stops


def only_its_words(mention: Mention, text: str) -> bool:
    """Return True for a finding that no fixed sentence tells rightly."""
    if mention.certainty == "unlikely" and any(one.rule in _OVER for one in mention.evidence):
        return True  # less likely than another, which is not unlikely
    certain = mention.assertion == "present" and mention.change is None
    return certain and of_others(mention, text)


def of_others(mention: Mention, text: str) -> bool:
    """As in "the other visualised nodes are normal": what is said does not hold of the first."""
    return _OTHERS.search(text, max(0, mention.start - _NEAR), mention.start) is not None


def was_known(mention: Mention, text: str) -> bool:
    """As in "in keeping with known COPD": it is not found anew."""
    return _KNOWN.search(text, max(0, mention.start - _NEAR), mention.start) is not None


def group_of_no(mention: Mention, reading: Reading) -> StatementGroup:
    """Return the group of a "no" that is told with its whole sentence: with the findings where it names one that is there.

    As in "enhancing focus without washout", "two new metastases no extrahepatic disease".
    """
    there = (one for one in reading.by_sentence.get(mention.sentence, ()) if one.kind == "finding" and one.reportable)
    return "found" if any(one.assertion == "present" for one in there) else "looked_for_not_found"


def endless(number: int, reading: Reading, text: str) -> bool:
    """Return True for words without stops, which are nobody's sentence: what is said of one thing in them is not said of the next."""
    sentence = reading.sentences[number]
    return len(text[sentence.start : sentence.end].split()) > _LONGEST
