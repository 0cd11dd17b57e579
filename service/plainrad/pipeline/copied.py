"""An older report that was copied below the new one: all of it is what was found then, whatever its own headers say."""

import datetime
import re
from bisect import bisect_left
from dataclasses import dataclass

from plainrad.pipeline.voices import Voices

_DATE = r"(?:\d{1,2}[./\-]\d{1,2}[./\-]\d{2,4}|\d{1,2}(?:st|nd|rd|th)?\s[A-Z][a-z]{2,8}\s\d{2,4}|[A-Z][a-z]{2,8}\s\d{4}|\d{1,2}/\d{4}|\d{1,2}[./]\d{1,2}(?![./\d]))"
# What may stand between the title and its mark: the name of the test, its date, the hospital; never a verb.
_TAIL = rf"(?:\s?\([^()\n]{{0,50}}\)|[^\S\n]+(?:{_DATE}|of|from|dated|on|for (?:reference|information|comparison|ease of reference|info)|for|at|\d{{1,2}}[:.]\d{{2}}|[A-Z][A-Za-z&+]{{0,14}})(?![a-z])){{0,6}}"
_OLD = r"(?:previous|prior|earlier|old|last|historic(?:al)?)"
_HEADER = re.compile(
    rf"(?:^[^\S\n]*|(?<=[.!?])[^\S\n]{{1,4}}|(?<=[.!?\s])(?=[-=_*]{{3}}))(?P<rule>[-=_*#~]{{2,}}[^\S\n]*|\[)?"
    rf"(?P<title>(?i:(?:copy of |copied |text of )?(?:the )?{_OLD} (?:[a-z\-]{{2,12}} ){{0,3}}report|"
    rf"report of (?:the )?{_OLD} (?:examination|study|scan|imaging|ct|mri|ultrasound|x-ray))s?"
    rf"|(?i:report (?:of|from|dated)) (?P<date>{_DATE})"
    rf"|(?i:{_OLD} (?:study|examination|exam|imaging|scan|ct|mri|mr|us|uss|cxr|xr|x-ray|ultrasound|radiograph|mammogram)s?(?=[^\n:]{{0,60}}[-=_*]{{3}})))"
    rf"(?P<tail>{_TAIL})[^\S\n]*(?:(?P<mark>:|[-=_*#~]{{2,}}|[^\S\n]-[^\S\n]|\])[-=_*#~]*|(?=\n|$))",
    re.M,
)
_SEPARATE = re.compile(r"(?:\n[^\S\n]*\n|[-=_*]{3}[^\S\n]*\n)\s*[-=_*]*[^\S\n]*$")
_DIGITS = re.compile(r"\d+")
_FEW = 2  # sentences that say what pictures show: where no header has opened the findings, these are a report


@dataclass(frozen=True, slots=True)
class Copy:
    """A copied report in characters: its header from `start`, its words from `body`; it goes on to the end of the text."""

    title: str
    start: int
    body: int


def find_copy(
    text: str, voices: Voices, *, opened: int | None, later: int | None, asked: bool, performed: datetime.date | None
) -> Copy | None:
    """Return the older report that stands below a new one, or None.

    `opened`: where the first findings or conclusion with a header begin; `later`: where the last such header stands;
    `asked`: a request has a header. What stands above must
    be a report itself: the story of earlier scans at the beginning is no copy.
    """
    dated: set[str] = set()
    said: list[int] | None = None
    for match in _HEADER.finditer(text):
        if match["date"]:
            key = _key(match["date"])
            ours = key in dated or _is_day(key, performed)  # two parts of one day's report
            dated.add(key)
            if ours:
                continue
        if not (match["mark"] or match["rule"]) and match["title"][0].islower():
            continue  # the end of a wrapped sentence
        if said is None:
            starts, parts = voices.parts(text, 0, len(text))
            said = [start for start, part in zip(starts, parts, strict=True) if voices.says(part)]
        headed = opened is not None and opened < match.start()
        own_headers = later is not None and later > match.end()
        if headed or bisect_left(said, match.start()) >= (_FEW if own_headers and asked and not match["rule"] else 1):
            start = match.start("rule") if match["rule"] else match.start("title")
            return Copy(match["title"], start, match.end())
    return None


def set_apart(text: str, start: int) -> bool:
    """Return True where what begins at `start` stands apart from what is above it: by an empty line or a rule."""
    return _SEPARATE.search(text, max(0, start - 200), start) is not None


def _key(date: str) -> str:
    return " ".join(_DIGITS.findall(date)) or date.lower()


def _is_day(key: str, performed: datetime.date | None) -> bool:
    numbers = [int(one) for one in key.split() if one.isdigit()]
    if performed is None or len(numbers) != 3:
        return False
    return numbers[:2] == [performed.day, performed.month] and numbers[2] % 100 == performed.year % 100
