"""Words like "small to moderate": neither end alone is true, so they are told as they are."""

import itertools
import re
from dataclasses import replace

from plainrad.domain.phrases import PhraseBook
from plainrad.domain.reading import Mention

_TO = re.compile(r"[\s\-]*(?:to|or|/)[\s\-]*", re.IGNORECASE)
_RANGE_BEFORE = re.compile(
    r"\b(?:mild|minor|minimal|slight|small|moderate|moderately|mildly|marked|severe)[\s\-]+(?:to|or)[\s\-]+(?:[a-z]+ly[\s\-]+)?$",
    re.IGNORECASE,
)


def without_ranges(mention: Mention, text: str, book: PhraseBook, *, many: bool) -> tuple[Mention, str]:
    """Return the mention without words like "small to moderate", and the sentence that tells them: neither end alone is true."""

    def told(own: str) -> str:
        return " " + book.wording["called"].format(**(book.grammar.many if many else book.grammar.one), own=own)

    row = sorted(mention.modifiers, key=lambda one: one.start)
    for one, two in itertools.pairwise(row):
        if _TO.fullmatch(text, one.end, two.start):
            own = " ".join(text[one.start : two.end].lower().split())
            left = tuple(item for item in mention.modifiers if item not in (one, two))
            return replace(mention, modifiers=left), told(own)
    for one in row:  # of "moderate to moderately advanced" only the last word may have been read
        before = _RANGE_BEFORE.search(text, max(0, one.start - 40), one.start)
        if before and not any(item.start < one.start and item.end > before.start() for item in row):
            own = " ".join(text[before.start() : one.end].lower().split())
            left = tuple(item for item in mention.modifiers if item is not one)
            return replace(mention, modifiers=left), told(own)
    return mention, ""
