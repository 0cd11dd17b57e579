"""What a later sentence of the same report overtakes: out of place on the first picture, put back on the second."""

import re
from collections.abc import Sequence
from typing import Final

from plainrad.domain.reading import Mention, Reading
from plainrad.glossary.lookup import Glossary

_NOW: Final = re.compile(
    r"\b(?:relocated|reduced|now (?:in|normal|satisfactor\w+|reduced|relocated)|no longer (?:seen|present|visible|evident|dislocated)|re-?expanded|has been (?:removed|drained))\b",
    re.IGNORECASE,
)
_EARLIER_SCAN: Final = re.compile(
    r"\b(?:previous\w*|prior|last|earlier|known|old|since|comparison|compared|report\w*)\b", re.IGNORECASE
)


def overtaken(mention: Mention, resolved: Sequence[Mention], reading: Reading, glossary: Glossary, text: str) -> bool:
    """Return True for a finding that a later sentence, one of those of `resolved`, says is no longer there, and speaks of no earlier scan."""
    if mention.assertion != "present" or mention.change is not None or mention.section != "findings":
        return False
    plain = glossary.term(mention.term_id or "").plain
    for one in resolved:
        if one.sentence <= mention.sentence or {one.laterality, mention.laterality} == {"left", "right"}:
            continue
        same = one.term_id == mention.term_id or glossary.term(one.term_id or "").plain == plain
        sentence = reading.sentences[one.sentence]
        said = text[sentence.start : sentence.end]
        if same and _NOW.search(said) and not _EARLIER_SCAN.search(said):
            return True
    return False
