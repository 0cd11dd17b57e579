"""Which mentions are things in their own right, and which only describe the next word ("enlarged", "displacing the root")."""

import re
from collections.abc import Sequence

from plainrad.domain.reading import Mention, Reading
from plainrad.glossary.lookup import Glossary

THINGS = frozenset({"finding", "device"})
_NOUNS_IN_ED = frozenset({"bleed", "rebleed", "bed", "seed"})
_COLUMN = re.compile(r"\s*\|\s*|\t\s*| {2,}")
_FIGURE = re.compile(r"(?<![A-Za-z])\d")
_NONE = re.compile(
    r":\s*(?:(?:on the )?(?:left|right|lt|rt)(?: side| kidney)?[\s:,-]+)?(?:none|nil|n/a|n\.a\.|not applicable|0)\b",
    re.IGNORECASE,
)
_OF_THE_PERSON = re.compile(r"\bwho (?:is|was)(?: (?:also|still|now))?\s+$", re.IGNORECASE)  # "a lady who is bleeding"
_VERBS = frozenset({"indents", "impresses on", "impresses"})
_LONGEST_ROW = 600  # characters, with the row below it
_CLOSE = re.compile(r"[\s\-]*$")
_NEXT_WORD = re.compile(r"[\s\-]+([A-Za-z]+)")
_OBSCURING = re.compile(
    r"\b(?:obscured|degraded|limited|hampered|precluded) by(?:\s+[A-Za-z\-]+){0,3}\s+$", re.IGNORECASE
)
_REASON = re.compile(
    r"\bgiven (?:its|the|their|this)(?:\s+[A-Za-z\-]+){0,2}\s+$", re.IGNORECASE
)  # "given its high density"
_SAID_NORMAL = re.compile(r"\s*(?:is|are|appears?|remains?|looks?)\s+(?:also\s+|both\s+)?(?:within (?:the )?(?:normal limits|limits of normal)|normal|unremarkable)\b", re.I)  # fmt: skip
_LOOKED_FOR = re.compile(  # "correlate for signs and symptoms of infection" finds none
    r"\b(?:correlate|correlation|evaluate|assess|monitor|screen|watch|check|look|observe)(?: clinically)? for(?:\s+[A-Za-z\-,]+){0,8}\s+$|\bsigns? (?:and|or) symptoms? of(?:\s+[A-Za-z\-]+){0,4}\s+$",
    re.IGNORECASE,
)
_SAID_OF = re.compile(r"\b(?:is|are|appears|was|were)(?:\s+[a-z]+ly)?\s+$", re.IGNORECASE)
_NORMAL_MOTION = re.compile(
    r"\bnormal[^.;]{0,40}\bmotion (?:and|or|&) (?:[a-z]+ ){0,2}$", re.I
)  # "normal wall motion and thickening"
_USED = re.compile(
    r"\b(?:using|utili[sz]ing)(?:\s+[\w\-.]+){0,6}\s+$", re.IGNORECASE
)  # "using a coaxial needle": no device that is there
_LABORATORY = re.compile(
    r"\b(?:to|by|from|awaiting|pending|the)\s+$", re.IGNORECASE
)  # "sent to pathology for analysis"
_ANOTHER_NOUN = (
    re.compile(  # "stone passage", "the tumour bed", "the hernia neck": what is named is not the finding itself
        r"[\s\-]+(?:passage|bed|neck|board|team|clinic|series|protocol|pathway|screening|surveillance|prophylaxis)\b",
        re.IGNORECASE,
    )
)
_ARTEFACT = re.compile(r"\bart[ei]facts?\b", re.IGNORECASE)
_SPARSE = re.compile(r"\b(?:paucity|scarcity) of(?:\s+[A-Za-z\-]+){0,2}\s+$", re.IGNORECASE)
_NORMAL = re.compile(
    r"\bnormal(?:\s+(?!without\b|with\b|no\b|but\b|and\b)[A-Za-z\-]+){0,3}\s+$", re.IGNORECASE
)  # "normal major intracranial flow voids"
_NORMAL_LIST = re.compile(
    r"\bnormal(?:[\s,]+[A-Za-z\-]+){0,4}[\s,]+$", re.IGNORECASE
)  # "normal flow, compression and augmentation"
_EVERYDAY = frozenset(
    {
        "compression",
        "augmentation",
        "enhancement",
        "uptake",
        "flow",
        "opacification",
        "deviation",
        "motion",
        "peristalsis",
    }
)
# After a noun in -ing ("thickening of", "swelling is") these go on; any other word is what the -ing word describes.
_AFTER_NOUN = frozenset(
    [
        "and",
        "or",
        "of",
        "in",
        "at",
        "on",
        "with",
        "is",
        "are",
        "was",
        "were",
        "to",
        "has",
        "have",
        "within",
        "around",
        "from",
        "about",
        "seen",
        "which",
        "that",
        "involving",
        "measures",
        "measuring",
        "but",
        "due",
        "suggests",
        "suggestive",
        "suggesting",
        "consistent",
        "noted",
        "along",
        "throughout",
        "adjacent",
        "affecting",
        "may",
        "could",
        "can",
        "cannot",
        "there",
        "bilaterally",
        "secondary",
        "identified",
        "likely",
        "for",
        "however",
        "over",
        "by",
        "without",
        "near",
        "demonstrated",
        "present",
        "compatible",
        "extending",
        "also",
        "extends",
        "not",
        "no",
        "as",
        "nor",
        "unchanged",
    ]
)


def stands_alone(mention: Mention, others: Sequence[Mention], text: str, glossary: Glossary) -> bool:
    """Return True for a thing that a statement may be about.

    An imaging test of long ago is none, nor is a describing word: "low attenuation" before "lesion", "dilated" before "duct".
    """
    if mention.kind == "procedure":
        return mention.assertion == "historical" and glossary.term(mention.term_id or "").region != "general"
    if mention.kind not in THINGS and not (mention.assertion == "possible" and _ARTEFACT.search(mention.text)):
        return False  # an artefact is told only where it may be what was taken for a finding
    if mention.text == "#" and text[mention.end : mention.end + 1].isdigit():
        return False  # "image #33"
    if _REASON.search(text[max(0, mention.start - 40) : mention.start]):
        return False
    if mention.kind == "device" and _USED.search(text[max(0, mention.start - 60) : mention.start]):
        return False
    if _NORMAL_MOTION.search(text[max(0, mention.start - 80) : mention.start]):
        return False
    if _SAID_NORMAL.match(text, mention.end) or _ANOTHER_NOUN.match(text, mention.end):
        return False
    if mention.text.lower() == "pathology" and _LABORATORY.search(text[max(0, mention.start - 20) : mention.start]):
        return False
    if _LOOKED_FOR.search(text[max(0, mention.start - 90) : mention.start]):
        return False
    if _OBSCURING.search(text[max(0, mention.start - 60) : mention.start]):
        return False
    if _SPARSE.search(text[max(0, mention.start - 40) : mention.start]):
        return False
    before = text[max(0, mention.start - 50) : mention.start]
    if _OF_THE_PERSON.search(before) or _is_verb(mention, text):
        return False
    if _NORMAL.search(before) or (mention.text.lower() in _EVERYDAY and _NORMAL_LIST.search(before)):
        return False
    last = mention.text.split()[-1].lower()
    if last.endswith("ed") and last not in _NOUNS_IN_ED and mention.text.lower() == last:
        return (
            _SAID_OF.search(text[max(0, mention.start - 30) : mention.start]) is not None
        )  # "dilated" alone describes; "ureter is dilated" says
    if last.endswith("ing"):
        following = _NEXT_WORD.match(text[mention.end : mention.end + 40])
        return following is None or following.group(1).lower() in _AFTER_NOUN
    return not any(_describes(mention, one, text) for one in others)


def _is_verb(mention: Mention, text: str) -> bool:
    """Return True for "indents bladder base": what the part before does, no thing."""
    if mention.text.lower() not in _VERBS:
        return False
    behind = _NEXT_WORD.match(text[mention.end : mention.end + 40])
    return behind is not None and behind.group(1).lower() not in _AFTER_NOUN


def names_its_row(mention: Mention, reading: Reading, text: str, glossary: Glossary) -> bool:
    """Return True for the name of a row whose things are told one by one: "Fibroids: intramural fibroid 34 mm"."""
    if _heads_a_column(mention, text):
        return True
    if not text.startswith(":", mention.end):
        return False
    if mention.assertion != "absent" and _NONE.match(text, mention.end):
        return True  # "Catheter: n/a", "Calculi: right none"
    names = [one for one in reading.by_sentence[mention.sentence] if one.term_id and one.start > mention.end]
    plain = glossary.term(mention.term_id or "").plain
    return any(glossary.term(one.term_id or "").plain == plain for one in names)


def _heads_a_column(mention: Mention, text: str) -> bool:
    """Return True in the head of a table: a row of names without a figure, over a row that is parted likewise and holds figures."""
    start = text.rfind("\n", 0, mention.start) + 1
    row, _, below = text[start : start + _LONGEST_ROW].partition("\n")
    if not ("|" in row or "\t" in row or "  " in row):
        return False
    below = below.partition("\n")[0]
    gaps, figures = _COLUMN.findall(row.strip()), any(char.isdigit() for char in below)
    return bool(gaps) and figures and not _FIGURE.search(row) and len(_COLUMN.findall(below.strip())) == len(gaps)


def _describes(mention: Mention, other: Mention, text: str) -> bool:
    """Return True when `other` is the noun that `mention` stands right before ("low attenuation lesion")."""
    if other.kind not in THINGS or other.term_id is None or not mention.end <= other.start <= mention.end + 2:
        return False
    return _CLOSE.match(text[mention.end : other.start]) is not None and not other.text.lower().endswith("ing")
