"""Sentences of which a good part is told by nobody: they are shown in the report's own words as well, so that nothing is lost.

A statement rests on the whole sentence that its finding stands in. Of "pouch at C5/6 that retains contrast" it may tell the pouch alone. What is
told are the words of the mentions that statements rest on, of what was read with them, and all that stands in the statements themselves.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final

from plainrad.domain.patient import Statement
from plainrad.domain.reading import Mention, Reading

_WORD: Final = re.compile(r"[A-Za-z][A-Za-z'\-]+")
_MASK: Final = re.compile(r"[Xx]+")  # what hides a name
_MANY: Final = 3  # words that nothing tells
_FEW: Final = 2  # so many are enough where they are ...
_PART: Final = 4  # ... a quarter of what the sentence says
_FORM: Final = frozenset({"qualifier", "direction", "normal"})
# Words that say nothing of themselves: joining words, words of seeing and of comparing, of the scan, of doubt (told by our own), of size and side.
_EMPTY: Final = frozenset({
    "the", "a", "an", "and", "or", "of", "in", "at", "on", "to", "for", "with", "without", "within", "is", "are", "was", "were", "has", "have",
    "had", "be", "been", "being", "there", "this", "that", "these", "those", "it", "its", "which", "who", "what", "when", "where", "as",
    "by", "from", "into", "onto", "no", "not", "nor", "but", "also", "again", "any", "all", "both", "either", "neither", "some", "other", "another",
    "one", "two", "three", "several", "multiple", "more", "most", "less", "least", "than", "very", "only", "about", "over", "after", "before",
    "since", "while", "although", "though", "however", "otherwise", "because", "due", "do", "does", "did", "if", "then", "so", "such", "under", "up",
    "out", "through", "throughout", "during", "between", "around", "along", "per", "via", "upon", "seen", "noted", "demonstrated", "demonstrates",
    "demonstrate", "identified", "evident", "present", "shows", "show", "showed", "shown", "reveals", "revealed", "reveal", "visualised",
    "visualized", "imaged", "appears", "appear", "appeared", "appearing", "appearance", "appearances", "involving", "including", "includes",
    "contains", "contain", "containing", "remains", "remain", "described", "observed", "left", "right", "side", "sided", "bilateral", "bilaterally",
    "midline", "level", "region", "area", "aspect", "part", "portion", "field", "view", "views", "projection", "series", "film", "films", "image",
    "images", "imaging", "scan", "scans", "study", "examination", "exam", "radiograph", "radiographs", "ultrasound", "ct", "mri", "mr", "xr",
    "report", "findings", "finding", "conclusion", "impression", "comment", "likely", "probably", "probable", "possible", "possibly", "may", "might",
    "could", "can", "cannot", "would", "should", "consistent", "keeping", "compatible", "suggest", "suggests", "suggesting", "suggestive",
    "suspicious", "represent", "represents", "representing", "given", "secondary", "related", "evidence", "sign", "signs", "significant", "definite",
    "obvious", "small", "large", "mild", "mildly", "moderate", "moderately", "severe", "severely", "minor", "minimal", "minimally", "slight",
    "slightly", "marked", "markedly", "approximately", "maximum", "largest", "size", "diameter", "dimension", "length", "measuring", "measures",
    "measured", "measure", "mm", "cm", "ml", "compared", "comparison", "previous", "previously", "prior", "new", "newly", "now", "currently",
    "today", "stable", "unchanged", "change", "changes", "interval", "increased", "decreased", "normal", "limits", "limited", "unremarkable",
    "further", "additional", "patient", "noting", "associated",
})  # fmt: skip


def told_of(reading: Reading, statements: Sequence[Statement]) -> dict[int, list[Statement]]:
    """Return the statements that rest on each sentence, by its number."""
    starts = [one.start for one in reading.sentences]
    found: dict[int, list[Statement]] = {}
    for told in statements:
        for at in told.source:
            for number in range(max(0, bisect_right(starts, at.start) - 1), bisect_left(starts, at.end)):
                if at.start < reading.sentences[number].end:
                    found.setdefault(number, []).append(told)
    return found


def left_out(number: int, told: Sequence[Statement], reading: Reading, text: str) -> bool:
    """Return True where the statements that rest on a sentence leave out a good part of it."""
    sentence = reading.sentences[number]
    ids = {name for one in told for name in one.mentions}
    spoken = [one for one in reading.by_sentence.get(number, ()) if one.id in ids or one.kind in _FORM]
    every = _WORD.finditer(text, sentence.start, sentence.end)
    words = [one for one in every if one[0].lower() not in _EMPTY and not _MASK.fullmatch(one[0])]
    if len(words) < _FEW or not spoken:
        return len(words) >= _MANY and not _said(words, told)
    covered = bytearray(sentence.end - sentence.start)  # one for each character: 1 where something read stands
    for one in spoken:
        for start, end in _extents(one):
            first, last = max(start - sentence.start, 0), min(end, sentence.end) - sentence.start
            if first < last:
                covered[first:last] = b"\1" * (last - first)
    left = [one for one in words if not covered[one.start() - sentence.start]]
    if len(left) < _FEW:
        return False
    said = " ".join(one.text for one in told).lower()
    lost = sum(one[0].lower() not in said for one in left)
    return lost >= _MANY or (lost >= _FEW and lost * _PART >= len(words))


def _said(words: Sequence[re.Match[str]], told: Sequence[Statement]) -> bool:
    said = " ".join(one.text for one in told).lower()
    return sum(one[0].lower() not in said for one in words) < _MANY


def _extents(mention: Mention) -> list[tuple[int, int]]:
    """Return where a mention, its describing words, its sizes and what it was read by stand."""
    found = [(mention.start, mention.end), *((one.start, one.end) for one in mention.evidence)]
    found += [(one.start, one.end) for one in mention.modifiers]
    return found + [(one.start, one.end) for one in mention.measurements]
