"""How much a sentence sounds like the request of a scan, and how much like what its pictures show: points that anybody can count."""

import re
from collections.abc import Sequence
from typing import Final

from plainrad.pipeline.rules import RequestRules
from plainrad.pipeline.voices import Voices

_WORD = re.compile(r"[a-z][a-z\-/']*|\?")
_PERSON = re.compile(
    r"\s*(?:age\w*\s+)?(?:\d{1,3}[ \-]?(?:[MF]\b|yo\b|y/o\b|yrs?\b|year)|\d{1,2}(?:\+\d)?/40\b|\d{1,2}/(?:12|52)[ \-]old\b"
    r"|(?:d|day|week|wk|yr|year)\s?\d+ (?:post|fu|f/u|follow)|(?:f/u|fu|follow[ \-]?up (?:of|for|known|post)|post[ \-]?op (?:check|film))\b(?! (?:ct|mri?|us|x-?ray|cxr|imaging|scan|is|in)\b)|(?:dear|many thanks|thank you|this (?:gentleman|lady|man|woman|patient|boy|girl))\b)",
    re.I,
)  # "68F, weight loss", "36/40", "6/12 old boy", "D6 post"
_YEARS_OLD = re.compile(r"\b\d{1,3}[ \-]years?[ \-]old\b", re.I)
_AGED = re.compile(r"\bage[d:]?\s+\d{1,3}\b|\b(?:P|G)\d\b|\bLMP\b", re.I)
_TIME = re.compile(
    r"(?<![\w/.])(?:\d{1,2}(?:-\d{1,2})?|few)\s?/\s?(?:7|52|12|24)(?![\d/])|\b\d+ (?:day|week|month|year|hour)s? (?:ago|history)\b"
    r"|\b\d+ (?:days|weeks|months|years|yrs|hours|mins)\b(?! (?:earlier|before|previously))|\b(?:doing well|(?:well|better) (?:now|since)|now (?:well|better))\b|\byesterday\b|\btoday\b|\bx ?\d+ (?:episodes?|days?|weeks?)\b",
    re.I,
)  # "2/52", "3 weeks ago": how long it has been
_OPENS = re.compile(
    r"\s*(?:comparison|compared|technique|prior (?:study|imaging)|no (?:previous|prior)\b|previous (?:imaging|scan|ct|mri?|us|x-?ray)\b"
    r"|(?:ct|mri?|us|uss|ultrasound|mammogra\w+|x-?ray|xr)\b[^:.\n]{0,30}:|multi(?:phas|plan)\w+|unenhanced|axial\b|portal venous|low dose|ta \+ tv|standard views)",
    re.I,
)
_PROCEDURE = re.compile(
    r"\s*(?:under (?:aseptic|sterile|local|us|ultrasound|ct)|(?:informed |written |verbal )*consent\b|[rl]?cfa (?:access|puncture)|(?:right|left) (?:cfa|radial|femoral)\b[^.\n]{0,20}(?:access|puncture))",
    re.I,
)
_ARTICLE = re.compile(r"\s*(?:the|an?|both)\b", re.I)  # notes leave these out
_LABEL = re.compile(r"\s*(?P<title>[A-Za-z][A-Za-z /]{1,30}?)\s*(?::|\s-\s)")
_SIZE = re.compile(r"\d\s?(?:mm|cm)\b", re.I)
_ON = re.compile(
    r"\s*(?:currently |now )?on (?!the\b|this\b|these\b|both\b|all\b|axial|sagittal|coronal|t[12]\b|dwi\b|flair\b|review|further|comparison|ct\b|mri?\b|either\b|a\b)[a-z]",
    re.I,
)
_FOR = re.compile(
    r"\bfor (?:chemo\w*|immunotherapy|radiotherapy|treatment|surgery|transplant|theatre|assessment|clinic|dialysis|feeding|antibiotics)\b",
    re.I,
)
_OPERATION = re.compile(
    r"\b[a-z]{3,}(?:ectomy|plasty|otomy|ostomy|oscopy)\b|\b(?:wle|ogd|biopsy|bx|histology|cytology)\b", re.I
)
_OTHER_TEST = re.compile(
    r"\b(?:ct|mri?|us|uss|cxr|axr|xr|x-ray|films?|echo|ecg|ctpa)\b(?: \w+){0,3} (?:normal|nad|clear|neg|negative|shows?|showed|non diagnostic)\b",
    re.I,
)
_ELSEWHERE = re.compile(
    r"\s*(?:colonoscopy|flexi sig\w*|ogd|gastroscopy|endoscopy|cystoscopy|hysteroscopy|laparoscopy|biopsy|bx|histology|cytology)\s?[:\-]",
    re.I,
)
_YEAR = re.compile(r"(?<!since )(?<!from )(?<!of )(?<!to )(?<!/)\b(?:19|20)\d\d\b(?!/)")
_ANSWERED = re.compile(
    r"\?[^?]{1,60}?\s[-–:]\s?(?:none|no|nil|not|yes|negative|absent)\b", re.I
)  # "?fracture - none seen"
_THERE: Final = ("there is", "there are", "there has", "there have", "there was", "there were")
_MOST = 3  # points that words alone can give: a long list of them is no surer than a few


class Asking:
    """Counts the points; which words give them stands in `sections.toml` under `request`."""

    def __init__(self, rules: RequestRules, voices: Voices) -> None:
        self._rules = rules
        self._voices = voices

    def points(self, part: str) -> int:
        """Return the points of one sentence or line: above nothing it asks, or tells of the person; below, it tells of pictures."""
        words = _words(part)
        asked = self._voices.asks(part) and not _ANSWERED.search(part)
        says = self._voices.says(part) and not asked
        told = self._of_person(part, words, asked=asked, says=says)
        if _ELSEWHERE.match(part) or _OTHER_TEST.search(part):
            return told  # what another test showed is no picture of this one
        return told - self._of_pictures(part, words, says=says or self._voices.doubts(part))

    def of_somebody(self, part: str) -> bool:
        """Return True where a person is presented by age or sex: "68F, weight loss"."""
        return _PERSON.match(part) is not None or _YEARS_OLD.search(part) is not None

    def asks_only(self, parts: Sequence[str]) -> bool:
        """Return True where something is asked and nothing is said of pictures."""
        return any(self._voices.asks(one) for one in parts) and not any(self._voices.says(one) for one in parts)

    def opens(self, part: str) -> int:
        """Return the points of what stands before a part with which the report itself begins, or nothing where it does not begin there.

        It begins with a comparison, with how it was done, or with the name of a scan as a heading; a procedure has its reason before it.
        """
        return 2 if _PROCEDURE.match(part) else 1 if _OPENS.match(part) else 0

    def _of_person(self, part: str, words: set[str], *, asked: bool, says: bool) -> int:
        rules = self._rules
        named = len(words & rules.cues) + len(words & rules.medicines) + len(words & rules.tests)
        return (
            2 * self.of_somebody(part)
            + 3 * asked
            + bool(_AGED.search(part))
            + bool(_TIME.search(part))
            + bool(_YEAR.search(part))
            + bool(_ON.match(part) or _FOR.search(part))
            + bool(_OPERATION.search(part))
            + bool(_OTHER_TEST.search(part))
            + min(1 if says else _MOST, named)
            + self._voices.only_background(part)
        )

    def _of_pictures(self, part: str, words: set[str], *, says: bool) -> int:
        label = _LABEL.match(part)
        return (
            2 * says
            + 2 * bool(_ANSWERED.search(part))
            + 2 * part.lower().lstrip().startswith(_THERE)
            + (_ARTICLE.match(part) is not None)
            + 3 * (label is not None and self._voices.is_label(label["title"]))
            + min(_MOST, len(words & self._rules.pictures))
            + bool(_SIZE.search(part))
            + (not says and self._voices.names(part))
        )


def _words(part: str) -> set[str]:
    """Return the words, and the parts of those with a hyphen ("ex-smoker")."""
    found = _WORD.findall(part.lower())
    return {*found, *(piece for one in found if "-" in one for piece in one.split("-"))}
