"""The grades and scores that a sentence gives, such as "U3": the header of a table, or "the lateral aspects", gives none."""

import re

from plainrad.domain.reading import Mention, Reading

_FIGURE = re.compile(r"(?<![A-Za-z])\d|[A-Z]+\d|\b[IVX]{1,4}\b|\b(?:grade|category|stage) [A-Ea-e]\b")


def grades(number: int, reading: Reading, text: str) -> list[Mention]:
    """Return the scores of a sentence behind which a figure or grade stands."""
    end = reading.sentences[number].end
    return [
        one
        for one in reading.by_sentence.get(number, ())
        if one.kind == "score" and one.term_id and one.assertion == "present"
        and one.text != "aspects" and _FIGURE.search(text, one.start, end)
    ]  # fmt: skip
