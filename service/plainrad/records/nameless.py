"""What of a report may be shown to those who do not look after the patient: words that are nobody's name, a sentence without names.

A word can only be judged by its looks, and a name that is written like any other word looks like any other word. So every sign that
speaks for a name counts, and where in doubt a word is left out: that it is missing from a list of missing words does no harm. What
signs cannot tell the number of patients does: editors see a word only when several share it (`store.missing`).
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from rapidfuzz.distance import OSA

from plainrad.content import content_folder
from plainrad.domain.patient import PatientReport
from plainrad.domain.people import Patient
from plainrad.domain.report import Report
from plainrad.explain.unexplained import unexplained
from plainrad.glossary.words import EverydayWords

_COUNTED: Final = frozenset(
    {"findings", "conclusion", "recommendation", "technique"}
)  # who came and why is told elsewhere
_PLAIN: Final = re.compile(r"[a-z]{2,}(?:-[a-z]{2,})*")
_LONGEST: Final = 40
_TOKEN: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_LINE: Final = re.compile(r"[^\r\n]+")
# After one of these somebody may be named. The words of the next few places are left out.
_SIGNS = (
    "dr drs doctor mr mrs ms miss mx master prof professor sir dame lord lady rev reverend father sister matron nurse gp consultant registrar "
    "radiographer radiologist sonographer reporter operator surgeon physician oncologist chaperone interpreter colleague team secretary "
    "name named names known called call patient pt gentleman lady man woman boy girl baby infant child daughter son wife husband mother mum "
    "dad brother partner carer friend neighbour cousin uncle aunt niece nephew informed informs inform told tell telephoned phoned rang "
    "rung contacted bleeped spoke spoken discussed discussion signed typed dictated verified authorised reported reviewed seen referred "
    "referrer requested requester address lives living resident road street avenue lane close hospital infirmary ward clinic surgery practice "
    "email tel telephone fax nhs dob born"
)
_PEOPLE: Final = frozenset(_SIGNS.split())
_AFTER_ONE: Final = 5  # so many words after a sign of people
_WINDOW: Final = re.compile(r"\d|[@#/\\_=<>|&+*]")
_NUMBER: Final = re.compile(r"\d[\d /.:-]{2,}\d|\d{4,}")
_ADDRESS: Final = re.compile(r"\S+@\S+|(?:https?://|www\.)\S+|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.IGNORECASE)
_REST: Final = r"[^\W\d_]*(?:['’-][^\W\d_]+)*"
_NO_NAME: Final = (
    r"(?!(?:and|or|has|had|is|was|no|not|of|at|on|to|who|with|for|in|by|about|today|the|a|as|will|would|if)\b)"
)
# Behind "Dr" or "Mrs" anything may be a name, behind "sister" or "consultant" only what has a capital.
_TITLED: Final = (
    re.compile(
        rf"(?P<title>\b(?i:drs?|mr|mrs|ms|miss|mx|prof|professor)\b\.?)(?:\s+(?:[A-Z]\.?\s+)*{_NO_NAME}[^\W\d_]{_REST}){{1,2}}"
    ),
    re.compile(
        rf"(?P<title>\b(?i:doctor|sir|dame|sister|nurse|consultant)\b)(?:\s+(?:[A-Z]\.?\s+)*[A-Z]{_REST}){{1,2}}"
    ),
)
BLANK: Final = "[…]"


@cache
def common_names() -> frozenset[str]:
    """Return the names that are common in the United Kingdom, in small letters."""
    lines = content_folder("glossary").joinpath("names.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def missing_words(report: Report, explained: PatientReport, everyday: EverydayWords) -> frozenset[str]:
    """Return the hard words of a report that no entry explains and that nothing marks as a name or a number, in small letters.

    `report` must be whole, with its patient: what is known of people is what best tells a name.
    """
    text = report.text
    people = names_of(report)
    capital = {match.group().lower() for match in _TOKEN.finditer(text) if not match.group().islower()}
    left_out = bytearray(len(text) + 1)
    for start, end in _near_people(text):
        left_out[start:end] = b"\1" * (end - start)
    for one in explained.reading.sections:
        left_out[one.start : one.body] = b"\1" * (one.body - one.start)
    counted = bytearray(len(text) + 1)
    for sentence in explained.reading.sentences:
        if sentence.section in _COUNTED:
            counted[sentence.start : sentence.end] = b"\1" * (sentence.end - sentence.start)
    found = set()
    for start, end in unexplained(text, explained, everyday):
        word = text[start:end]
        if not all(counted[start:end]) or any(left_out[start:end]) or not _stands_alone(text, start, end):
            continue
        if 4 <= len(word) <= _LONGEST and _PLAIN.fullmatch(word) and not _may_name(word, people, capital):
            found.add(word)
    return frozenset(found)


def without_names(text: str, people: Iterable[str] = (), *, known: Iterable[str] = ()) -> str:
    """Return a sentence with a blank in the place of every name, long number and address.

    A name came with the report (`people`), stands behind a title, or is common and has a capital. Words of `known`, in small letters,
    are those of findings: Bell and Graves stay there.
    """
    names, medical = frozenset(people), frozenset(known)
    text = _ADDRESS.sub(BLANK, text)
    text = _NUMBER.sub(BLANK, text)
    for titled in _TITLED:
        text = titled.sub(lambda match: f"{match['title']} {BLANK}", text)

    def shown(match: re.Match[str]) -> str:
        word = match.group().lower()
        common = match.group()[0].isupper() and word.removesuffix("'s").removesuffix("’s") in common_names()
        return BLANK if _like_one_of(word, names) or (common and word not in medical) else match.group()

    return _TOKEN.sub(shown, text)


def finding_words(explained: PatientReport) -> frozenset[str]:
    """Return every word that was read as part of a finding, in small letters: Bell and Graves are among them."""
    said = (one.text.lower() for one in explained.reading.mentions)
    return frozenset(word for text in said for word in _TOKEN.findall(text))


def names_of(report: Report) -> frozenset[str]:
    """Return every part of a name that came with a report, in small letters: patient, who asked, who reported."""
    return frozenset(_parts((report.requester or "", *report.reported_by, *_names(report.patient))))


def _names(patient: Patient | None) -> tuple[str, ...]:
    return (patient.family or "", *patient.given) if patient is not None else ()


def _parts(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        for token in re.findall(r"[^\W\d_]+", name.lower()):
            if len(token) >= 2 and token not in ("dr", "mr", "mrs", "ms", "miss", "prof"):
                yield token


def _may_name(word: str, people: frozenset[str], capital: set[str]) -> bool:
    parts = (word, *word.split("-"), word.removesuffix("s"))
    return any(one in common_names() or one in capital or _like_one_of(one, people) for one in parts)


def _like_one_of(word: str, people: frozenset[str]) -> bool:
    """Return True for a name and for one that is mistyped by a letter, or by two where it is long."""
    whole = word.replace("'s", "").replace("’s", "")
    for name in people:
        allowed = 0 if len(name) < 4 else 1 if len(name) < 8 else 2
        if OSA.distance(whole, name, score_cutoff=allowed) <= allowed:
            return True
    return False


def _near_people(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches in which somebody may be named: behind a sign of people, to the end of a few words or of the line."""
    for line in _LINE.finditer(text):
        tokens = [(match.start() + line.start(), match.end() + line.start()) for match in _TOKEN.finditer(line.group())]
        for number, (start, end) in enumerate(tokens):
            if text[start:end].lower() in _PEOPLE:
                last = tokens[min(number + _AFTER_ONE, len(tokens) - 1)]
                before = tokens[max(0, number - 2)]
                yield before[0], last[1]


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Return True for a word between blanks or the marks of a sentence: no part of an address, a number or a code."""
    left = text[max(0, start - 2) : start]
    right = text[end : end + 2]
    if _WINDOW.search(left.strip()[-1:] or " ") or _WINDOW.search(right[:1] or " "):
        return False
    return not (left[-1:] in (".", ":") or (right[:1] in (".", ":") and right[1:2] not in ("", " ", "\r", "\n", ")")))
