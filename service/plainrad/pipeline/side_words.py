"""The words and letters that name a side."""

import re
from collections.abc import Sequence

from plainrad.domain.reading import Side
from plainrad.domain.term import Term
from plainrad.pipeline.drafts import Cue
from plainrad.pipeline.text import Tokens

_WORDS: dict[str, Side] = {
    "left": "left", "lt": "left", "left-sided": "left", "leftsided": "left", "lhs": "left", "lefthand": "left",
    "right": "right", "rt": "right", "rightsided": "right", "rhs": "right",
    "bilateral": "both", "bilaterally": "both", "both": "both", "bibasal": "both", "biapical": "both", "bibasilar": "both", "bihilar": "both", "bilat": "both", "either": "both",
    "rigth": "right", "rihgt": "right", "rght": "right", "righ": "right", "lfet": "left", "letf": "left", "lefft": "left", "bilatral": "both", "bilaterl": "both",
}  # fmt: skip
_OF_BOTH = (["B", "/"], ["b", "/"])
_CORRECT = (["place"], ["way"], ["position"], ["order"], ["direction"])
_PREFIX = re.compile(r"-(?!sided?\b)[A-Za-z]", re.I)
_YEAR = re.compile(r"(?:19|20)\d\d")
_TREATED = frozenset({"+", "post", "chemo", "adjuvant", "palliative", "after", "had", "radical"})
_NEAR = 2  # words between "absent" and "right": "on the"
_PART_OF = re.compile(r"\bpart of the (left|right) ")
# Before a side these say that the other side has it too: "effusions, larger on the right".
WORSE = frozenset({"greater", "more", "worse", "larger", "mainly", "predominantly", "bigger", "worst", "smaller", "less", "mostly", "chiefly", "dominant", "especially", "particularly", "marked", "severe", "prominent"})  # fmt: skip
# Entries of no region that are, in an exam or a row of one part, of that part.
ANYWHERE = frozenset({"focus", "defect", "signal-change", "hyperintensity", "hypointensity", "lucency", "soft-tissue-mass", "irregularity", "cortical-irregularity", "cortical-breach", "mass", "lesion", "nodule", "lump", "cyst", "cystic-lesion", "complex-cyst", "collection", "calcification", "oedema", "inflammation", "swelling", "haematoma", "contusion", "laceration", "abscess", "gas", "foreign-body", "soft-tissue-stranding", "deformity", "atrophy", "ulcer", "displacement", "thickening", "impingement-contact", "infiltration", "infection", "sinus-tract", "scar", "rupture", "solid-component", "obstruction", "dilatation", "stenosis", "filling-defect", "simple-cyst"})  # fmt: skip
_CAPITALS: dict[str, Side] = {
    "L": "left",
    "R": "right",
    "LT": "left",
    "RT": "right",
    "B/L": "both",
    "BL": "both",
    "LHS": "left",
    "RHS": "right",
}


def side_of(tokens: Tokens, index: int) -> Side | None:
    """Return the side that the token at `index` names; a letter counts only where it stands alone ("L", not "L>R" or "5L")."""
    raw = tokens.raw[index]
    if raw in _CAPITALS:
        if raw == "RT" and _is_treatment(tokens, index):
            return None
        if len(raw) == 1:
            if tokens.raw[max(0, index - 2) : index] in _OF_BOTH:
                return "both"  # "B/L"
            nearby = (
                tokens.text[tokens.starts[index] - 1 : tokens.starts[index]]
                + tokens.text[tokens.ends[index] : tokens.ends[index] + 1]
            )
            if _PREFIX.match(tokens.text, tokens.ends[index]):
                return None  # "R-CHOP"
            if any(mark in "<>=&'." or mark.isalnum() for mark in nearby):
                return None
        return _CAPITALS[raw]
    if raw in ("right", "Right") and tokens.words[index + 1 : index + 2] in _CORRECT:
        return None  # "the tube is in the right place"
    return _WORDS.get(tokens.words[index])


def _is_treatment(tokens: Tokens, index: int) -> bool:
    """Return True for radiotherapy: "WLE + RT 2016", "post RT change"."""
    before, after = tokens.words[max(0, index - 2) : index], tokens.words[index + 1 : index + 2]
    dated = bool(after) and (after[0] == "to" or _YEAR.fullmatch(after[0]) is not None)
    return dated or (bool(before) and before[-1] in _TREATED and before[0] not in _WORDS)


def side_of_word(word: str) -> Side | None:
    """Return the side that a word of an exam's title names: "XR Knee Rt", "US breast L"."""
    return _WORDS.get(word.lower()) or _CAPITALS.get(word.upper())


def denies_other(tokens: Tokens, cues: Sequence[Cue], start: int, index: int, side: Side) -> bool:
    """Return True for "necrosis of the left hip, absent on the right": a side named only to say that nothing is there."""
    denials = (cue for cue in cues if cue.rule.kind in ("negated", "resolved"))
    if not any(start < cue.end <= index and index - cue.end <= _NEAR for cue in denials):
        return False
    return any({side_of(tokens, i), side} == {"left", "right"} for i in range(start, index))


def side_of_name(term: Term) -> Side | None:
    """Return the one side that the name of a part says: the right upper lobe, the lingula (a part of the left lung)."""
    named = {_WORDS[word] for word in term.term.lower().split() if word in ("left", "right")}
    named = named or {_WORDS[word] for word in _PART_OF.findall(term.plain)}
    return named.pop() if len(named) == 1 else None
