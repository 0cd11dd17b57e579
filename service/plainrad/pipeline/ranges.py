"""Numbered parts that a report names together: "T4-T9", "C5 to C7", "ribs 4-7", "2nd to 4th metatarsals", "segments 5/8".

One place, not two: of "fractures of the 4th to 7th ribs" the seventh alone would be told. By rule, so that no list of pairs is needed.
"""

import re
from collections.abc import Iterator

from plainrad.domain.term import When
from plainrad.glossary.lookup import SenseOf

_NUMBERS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth")  # fmt: skip
_BONE = r"(?:C[1-8]|[TD](?:1[0-2]|[1-9])|L[1-6]|S[1-5])"
_SPACE = rf"{_BONE}\s?[/-]\s?(?:[CTDLS]?\d{{1,2}})"
_TO = r"\s?(?:-|\bto\b|\bthrough\b|\bthru\b|\bdown to\b|\band down to\b)\s?"
_AND = r"\s?(?:,\s?and\b|,|&|\band\b|\bor\b|/)\s?"
_SIZED = r"(?!\s?(?:mm|cm|ml|%|x\s?\d|\.\d))"  # "L4 - 8 mm lesion", "Seg IVa - 8 mm lesion": a label and a size
_BONES = re.compile(rf"\b{_BONE}{_TO}(?:{_BONE}|\d{{1,2}}\b{_SIZED})\b(?:{_AND}{_BONE}(?:{_TO}(?:{_BONE}|\d{{1,2}}))?\b)*|\b{_BONE}(?:{_AND}{_BONE}\b(?:{_TO}(?:{_BONE}|\d{{1,2}})\b)?)+")  # fmt: skip
_SPACES = re.compile(rf"\b{_SPACE}\s?(?:\bto\b|\bthrough\b|\bthru\b|\bdown to\b)\s?{_SPACE}\b")
_ORDINAL = rf"(?:\d{{1,2}}(?:st|nd|rd|th)|{'|'.join(_NUMBERS)})"
_ROW = rf"(?:{_TO}|{_AND})"
_ORDINALS = re.compile(
    rf"\b(?:{_ORDINAL}|\d{{1,2}}(?=\s?-\s?\d{{1,2}}(?:st|nd|rd|th)))(?:{_ROW}(?:the )?{_ORDINAL})+ (?P<part>ribs?|metacarpals?|metatarsals?|toes?|fingers?)\b",
    re.IGNORECASE,
)
_PART_FIRST = re.compile(
    rf"\b(?P<part>ribs?|metacarpals?|metatarsals?) \d{{1,2}}(?:{_ROW}\d{{1,2}}\b)+(?!\s?(?:mm|cm|\.\d))", re.IGNORECASE
)
_SEGMENT = r"(?:VIII|VII|VI|IV|V|III|II|I|[1-8])(?:[ab])?"
_SEGMENTS = re.compile(rf"\b(?:segments?|segs?\.?) {_SEGMENT}(?:{_ROW}(?:{_SEGMENT}|[ab])\b{_SIZED})+", re.IGNORECASE)
_NO_BONES = re.compile(r"\s?-?(?:weight|w\b|wi\b|signal|image|sequence|hyper|hypo|iso|bright|dark|flair|tumou?r|disease|N[0-3X]\b|M[01X]\b|segment|mapping)", re.I)  # fmt: skip
_OFTEN_OTHERS = re.compile(
    r"(?:[TD][1-4]|C[1-5]|S[1-5])(?!\d)"
)  # sequences, stages of tumours, sacral bones or heart sounds
_FIGURE = re.compile(r"\d")
_ORDER = {"C": 0, "T": 7, "D": 7, "L": 19, "S": 24}
_SPINE = When(region=("spine", "bone"))
_LIVER = When(region=("liver", "abdomen", "pancreas", "bowel"))
_MOST = {"rib": 12, "metacarpal": 5, "metatarsal": 5, "toe": 5, "finger": 5}
_TERMS = {"rib": "numbered-ribs", "metacarpal": "metacarpal", "metatarsal": "metatarsal", "toe": "toe", "finger": "finger"}  # fmt: skip
Range = tuple[int, int, SenseOf]


def numbered(text: str) -> Iterator[Range]:
    """Yield (start, end, what it means and where) of every group of numbered parts in one sentence; offsets are in `text`."""
    if not _FIGURE.search(text) and "egment" not in text and "th " not in text:
        return
    for match in _SPACES.finditer(text):
        yield *match.span(), SenseOf("numbered-levels", When())
    for match in _BONES.finditer(text):
        sense = None if _NO_BONES.match(text, match.end()) else _bones(match.group())
        if sense is not None:
            yield *match.span(), sense
    for pattern in (_ORDINALS, _PART_FIRST):
        for match in pattern.finditer(text):
            part = match["part"].lower().rstrip("s")
            if all(0 < number <= _MOST[part] for number in _counted(match.group())):
                yield *match.span(), SenseOf(_TERMS[part], When())
    for match in _SEGMENTS.finditer(text):
        yield *match.span(), SenseOf("liver-segment", _LIVER)


def _bones(words: str) -> SenseOf | None:
    """Return what a group of bones of the spine means: nothing where it runs upwards or is one space, in the spine only where short forms are of doubt."""
    named = re.findall(_BONE, words)
    places = [_place(one) for one in named]
    last = re.search(rf"({_BONE}){_TO}(\d{{1,2}})$", words)
    if last:
        places.append(_ORDER[last[1][0]] + int(last[2]))
    if places != sorted(set(places)):
        return None
    if len(places) == 2 and places[1] - places[0] == 1 and re.fullmatch(rf"{_BONE}\s?[-/]\s?[CTDLS]?\d+", words):
        return None  # "L3-L4" is the space between two bones, and has an entry of its own
    doubtful = all(_OFTEN_OTHERS.fullmatch(one) for one in named) and len({one[0] for one in named}) == 1
    if doubtful and not re.search(_TO, words):
        return None
    return SenseOf("numbered-vertebrae", _SPINE if doubtful else When())


def _place(bone: str) -> int:
    return _ORDER[bone[0]] + int(bone[1:])


def _counted(words: str) -> list[int]:
    lower = words.lower()
    return [int(one) for one in re.findall(r"\d+", lower)] + [
        place for place, name in enumerate(_NUMBERS, start=1) if re.search(rf"\b{name}\b", lower)
    ]
