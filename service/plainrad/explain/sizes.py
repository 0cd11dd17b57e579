"""The sizes of a finding, told as the report writes them."""

import re

from plainrad.domain.phrases import PhraseBook
from plainrad.domain.reading import Measurement, Mention
from plainrad.explain.phrase import Thing

_LENGTHS = ("mm", "cm")
_DISTANCE = re.compile(
    r"\s*(?:\)|in )?\s*(?:above|below|from|away|proximal|distal|deep|superior|inferior|beyond|anterior|posterior|medial|lateral|short of|cranial|"
    r"caudal|cephalad|off|into|shift|of (?:shift|displacement|translation|shortening|anterolisthesis|retrolisthesis))",
    re.IGNORECASE,
)
_NOT_ITS_SIZE = re.compile(
    r"[,;.]|\b(?:in|at|from|with|by|to|and|contain\w*|show\w*|has|is|are|above|below)\b", re.IGNORECASE
)
_SIZE_WORD = re.compile(r"\b(?:measur\w*|size|diameter|length|span\w*|maximum)\b[^.;]*$", re.IGNORECASE)
_RANGE = re.compile(r"\b(?:up to|by|at least|(?:between|from|ranging)[^.;]{0,20}(?:and|to))\s+$", re.IGNORECASE)
_HYPHEN = re.compile(r"(?<=\d)-(?=[a-z])|(?<=[a-z])-(?=\d)", re.IGNORECASE)
_NEXT_COLUMN = re.compile(r"\t|  ")
_LABEL = re.compile(r":\s*$")
_LABEL_WIDTH = 12  # characters
_BESIDE = re.compile(r"\s*[(,]?\s*(?:of )?$")


def size_sentences(mention: Mention, thing: Thing, text: str, book: PhraseBook) -> str:
    """Return " It measures 12 mm." and " Before, it measured 9 mm.", or nothing: more than one size of a kind is not told."""
    if mention.assertion not in ("present", "possible"):
        return ""
    sizes = [one for one in mention.measurements if one.unit in _LENGTHS]
    before = [one for one in sizes if one.when == "prior"]
    current = [one for one in sizes if one.when == "current"]
    now = [one for one in current if _is_size(mention, one, text)]
    if mention.change in ("larger", "smaller") and len(before) == 1 and len(current) == 1:
        now = current  # "has reduced from 62 mm to 31 mm"
    told = ""
    if len(now) == 1:
        told += " " + book.wording["size_many" if thing.plural else "size"].format(size=_written(now[0]))
    if len(before) == 1 and mention.change != "new":
        told += " " + book.wording["size_prior"].format(size=_written(before[0]))
    return told


def _written(one: Measurement) -> str:
    """Return the figure as the report writes it, without the hyphen of "5-mm"; "from 9 to 5 mm" gives both their unit."""
    bare = one.unit is not None and one.text[-1:].isdigit()
    return f"{one.text} {one.unit}" if bare else _HYPHEN.sub(" ", one.text)


def _is_size(mention: Mention, one: Measurement, text: str) -> bool:
    """A figure beside the thing is its size; "extends by 6 mm", "3 cm above" and "up to 2 cm" are not."""
    if _DISTANCE.match(text[one.end : one.end + 30]) or _RANGE.search(text[max(0, one.start - 30) : one.start]):
        return False
    if one.end <= mention.start:
        between = text[one.end : mention.start]
        if _NEXT_COLUMN.search(between) and _LABEL.search(text, max(0, one.start - _LABEL_WIDTH), one.start):
            return False  # "Left kidney:   8.1 cm   Cortical thinning": the size of the row, in a column of its own
        return len(re.findall(r"\w+", between)) <= 4 and not _NOT_ITS_SIZE.search(between)
    between = text[mention.end : one.start]
    return bool(_SIZE_WORD.search(between)) or bool(_BESIDE.match(between))
