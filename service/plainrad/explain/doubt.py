"""The report's own words of doubt, and a second look for doubt around a finding that was read as there: it can only make a statement less certain."""

import re

from plainrad.domain.phrases import PhraseBook
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
_TOLD = ("findings", "conclusion", "recommendation", "addendum")
_APPEARS = re.compile(r"\b(?:appears?|looks?|seems?)\b", re.IGNORECASE)
_NOT_RULED_OUT = re.compile(
    r"\b(?:occult|to exclude|cannot be (?:\w+ )?excluded|not (?:\w+ )?excluded|suspected|suspicion|concern)\b"
)
_LONG_NAME = 3  # letters
_NEAR = 160  # characters
_TURN = re.compile(
    r"\b(?:but|however|although|though|whereas|while|which|because|due to|with no|without)\b|\n\s*\n", re.IGNORECASE
)
_HEDGES = ("poss.", "prob.", "unl.", "cons.", "alt.")
_MODAL = re.compile(r"\b(?:could|may|might|can|possibly|perhaps)(?: (?:also|well|still))?\s+$", re.IGNORECASE)
# What only opens the sentence is no word of doubt: "There is a possible".
_LOOSE_START = re.compile(
    r"^(?:(?:there|this|that|it|which)\s+)?(?:is|are|was|were)\s+(?:also\s+)?(?:(?:a|an|some|another)\s+)?(?=(?:possible|questionable|equivocal)\b)",
    re.IGNORECASE,
)
_LOOSE_END = re.compile(r"^[\s,;:(]+|(?:[\s,;:(]+|\s+(?:an?|the|any))+$", re.IGNORECASE)


def overlooked_doubt(mention: Mention, reading: Reading, text: str) -> str | None:
    """Return the words of doubt that stand around a finding in its own clause, or None: "difficult to exclude", "primary consideration is"."""
    sentence = reading.sentences[mention.sentence]
    before = _BEFORE.search(text, max(sentence.start, mention.start - _NEAR), mention.start)
    if before and not _TURN.search(text, before.end("said"), mention.start):
        return " ".join(before["said"].split())
    behind = _BEHIND.match(text, mention.end, min(sentence.end, mention.end + _NEAR))
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


def hedge(mention: Mention, reading: Reading, text: str, book: PhraseBook) -> str:
    """Return the report's own words of doubt, ready to stand behind ours: " (“cannot be excluded”)"."""
    sentence = reading.sentences[mention.sentence]
    for one in mention.evidence:
        if one.rule.startswith(_HEDGES) and sentence.start <= one.start < one.end <= sentence.end:
            modal = _MODAL.search(text, max(sentence.start, one.start - 20), one.start)
            start = modal.start() if modal else one.start
            words = _LOOSE_START.sub("", _LOOSE_END.sub("", " ".join(text[start : one.end].split())))
            if len(words) > 2 and "“" not in words and "”" not in words:
                return book.wording["said"].format(words=words)
    return ""


def seems_only(part: Mention, reading: Reading, text: str) -> bool:
    """Return True for a part that "appears" normal while another sentence does not rule out that something is wrong with it.

    As in "The scaphoid appears intact. Repeat views to exclude an occult scaphoid fracture."
    """
    sentence = reading.sentences[part.sentence]
    if not _APPEARS.search(text, part.end, sentence.end):
        return False
    name = max(part.text.lower().split(), key=len)
    if len(name) < _LONG_NAME:
        return False
    return any(
        number != part.sentence
        and one.section in _TOLD
        and re.search(rf"\b{re.escape(name)}\b", said := text[one.start : one.end].lower())
        and _NOT_RULED_OUT.search(said) is not None
        for number, one in enumerate(reading.sentences)
    )
