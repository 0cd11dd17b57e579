"""A second look for doubt around a finding that was read as there: it can only make a statement less certain, never more."""

import re

from plainrad.domain.reading import Mention, Reading

_BEFORE = re.compile(
    r"(?P<said>\b(?:(?:primary|main|leading|first|top|prime|chief|differential) (?:consideration|diagnos[ie]s|differential|concern)s?|considerations?|"
    r"differential(?: diagnos[ie]s)?|working diagnosis|suggestion)\b(?: (?:is|are|of|would be|includes?|to include|for|should include|remains?))*)"
    r"[^.;:]{0,90}$",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    r"[^.;]{0,90}?(?P<said>\b(?:(?:is|are) )?(?:difficult|hard|impossible|not possible) to (?:entirely |completely )?(?:exclude|rule out|distinguish|differentiate)|"
    r"\b(?:cannot|can not|could not|can't) (?:be )?(?:entirely |completely |confidently )?(?:excluded|ruled out)|\b(?:is|are) (?:not )?(?:entirely |completely )?(?:not )?excluded|"
    r"\b(?:is|are|remains?) (?:a|the|also a)? ?(?:possibility|possibilities|consideration|considerations|concern)\b)",
    re.IGNORECASE,
)
_TURN = re.compile(
    r"\b(?:but|however|although|though|whereas|while|which|because|due to|with no|without)\b|\n\s*\n", re.IGNORECASE
)


def overlooked_doubt(mention: Mention, reading: Reading, text: str) -> str | None:
    """Return the words of doubt that stand around a finding in its own clause, or None: "difficult to exclude", "primary consideration is"."""
    sentence = reading.sentences[mention.sentence]
    before = _BEFORE.search(text, sentence.start, mention.start)
    if before and not _TURN.search(text, before.end("said"), mention.start):
        return " ".join(before["said"].split())
    behind = _BEHIND.match(text, mention.end, sentence.end)
    if behind is None or _TURN.search(text, mention.end, behind.start("said")):
        return None
    others = (
        one
        for one in reading.by_sentence.get(mention.sentence, ())
        if one.kind == "finding" and one.assertion == "possible"
    )
    if not any(mention.end <= one.start < behind.start("said") for one in others):  # else the doubt is about that one
        return " ".join(behind["said"].split())
    return None
