"""The grades and scores that a sentence gives, such as "U3": the header of a table, or "the lateral aspects", gives none."""

import re

from plainrad.domain.reading import Mention, Reading

_FIGURE = re.compile(r"(?<![A-Za-z])\d|[A-Z]+\d|\b[IVX]{1,4}\b|\b(?:grade|category|stage) [A-Ea-e]\b")

# What the numbers of a scale mean: "PI-RADS v2.1 (1 = very low, 5 = very high)", "Deauville 1 (no uptake) to 5 (markedly above liver)".
_LEGEND = re.compile(
    r"\b\d\s?=\s?[a-z].*\b\d\s?=\s?[a-z]|\b\d \([a-z][^()]*\) to \d \([a-z]", re.IGNORECASE | re.DOTALL
)


def grades(number: int, reading: Reading, text: str) -> list[Mention]:
    """Return the scores of a sentence behind which a figure or grade stands."""
    end = reading.sentences[number].end
    if _LEGEND.search(text, reading.sentences[number].start, end):
        return []
    return [
        one
        for one in reading.by_sentence.get(number, ())
        if one.kind == "score" and one.term_id and one.assertion == "present"
        and one.text != "aspects" and _FIGURE.search(text, one.start, end)
    ]  # fmt: skip
