"""Where a finding is: whether it lies in the place that is named with it, and that place for a sentence of its own."""

import re

from plainrad.domain.reading import Mention, Reading
from plainrad.explain.phrase import located_in
from plainrad.glossary.lookup import Glossary

_BESIDE_IT = re.compile(
    r"\b(?:level of|levels of|to|towards?|into|next|beside|adjacent|near|close|above|below|beneath|between|around|behind|abut\w*|"
    r"overlying|underlying|beyond|outside|reach\w*|extend\w*|displac\w*|compress\w*|indent\w*|touch\w*|from)\b",
    re.IGNORECASE,
)


def stands_in(mention: Mention, reading: Reading, text: str) -> bool:
    """Return False for a place that a finding only reaches or lies beside: "to the level of the aortic arch"."""
    where = reading.by_id.get(mention.location or "")
    if where is None or where.start < mention.end:
        return True
    return _BESIDE_IT.search(text, mention.end, where.start) is None


def place_apart(mention: Mention, reading: Reading, glossary: Glossary, text: str) -> str:
    """Return the place of a finding for a sentence of its own ("the left kidney"), or nothing where its name says it."""
    where = reading.by_id.get(mention.location or "")
    if where is None:
        return ""
    plain = glossary.term(mention.term_id or "").plain
    return located_in(where, glossary, plain, text).removeprefix(" in ")
