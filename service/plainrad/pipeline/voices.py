"""Who speaks in a part of a report: one who asks for a scan, or one who says what its pictures show."""

import re
from typing import Final

from plainrad.glossary.lookup import Glossary
from plainrad.pipeline.rules import Grammar, SectionRules

# No run of spaces or empty lines is longer here, so that a page of them is as quick as any other.
_NEXT = re.compile(r"\n\s{0,60}(?=\S)|(?<=[.?!;])\s{1,60}(?=[A-Z0-9?(])")
# In notes that lost their full stops a new sentence begins with one of these: "drain out yesterday Compared with 06/11".
_TELEGRAM = re.compile(
    r"(?<![a-z,])\n\s{0,60}(?=\S)|\n\s{0,60}(?=[^a-z\s])|(?<=[.?!;])\s{1,60}(?=[A-Z0-9?(])|(?<=\S)\s{3,60}(?=[A-Z])"
    r"|(?<=[\w)/%]) +(?=(?:There|The|No|Left|Right|Both|Bilateral|Compar(?:ed|ison)|This|These|Normal|DWI|Cemented|Patchy|Small|Large|Mild|Minor"
    r"|Moderate|Severe|Marked|Extensive|Multiple|Background|Previous|Technique|Under)\b)"
)
_NOTHING = re.compile(r"\W*(?:none|nil|not available|no (?:previous|prior|recent|relevant)\b[^.\n]*)\W*$", re.I)
_WORD = re.compile(r"[a-z][a-z\-']*|\?")
_PLAIN = re.compile(r"[a-z0-9/']+")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_OWN_DOUBT = re.compile(r"\?\s?(?=[A-Za-z])")  # "opacity ?infection", but not "fracture?"
_SIZED = re.compile(r"\d\s?(?:mm|cm)\b|\b(?:segment|lobe|zone|base|pole)\b", re.I)
_LUMPS: Final = frozenset({"lesion", "nodule", "nodules", "mass", "cyst", "collection"})
_OF_BONE: Final = frozenset({"bony", "bone", "osseous", "skeletal"})
_SAYS = ("there is", "there are", "there has", "there have")
_OPENERS = (
    "dear ",
    "many thanks",
    "thank you",
    "kindly",
    "query ",
    "exclude ",
    "assess ",
    "evaluate ",
    "r/o ",
    "rule out ",
)
_SHORTEST = 2  # words of a sentence that can say what a picture shows
_LONGEST_FORM = 6  # words


class Voices:
    """Tells them apart by small lists of words (`sections.toml`) and by the findings of the glossary."""

    def __init__(self, rules: SectionRules, grammar: Grammar, glossary: Glossary) -> None:
        self._pictures = rules.picture_words
        self._people = rules.request_words | grammar.symptom_words
        self._technique = rules.technique_words
        self._denied = rules.denied_in_requests | grammar.symptom_words
        self._labels = rules.labels
        self._glossary = glossary

    def parts(self, text: str, start: int, end: int, *, telegram: bool = False) -> tuple[list[int], list[str]]:
        """Return where the sentences and lines of `text[start:end]` begin, and their words; notes in `telegram` style lack full stops."""
        breaks = (_TELEGRAM if telegram else _NEXT).finditer(text, start, end)
        starts = [start, *(match.end() for match in breaks)]
        return starts, [text[a:b] for a, b in zip(starts, [*starts[1:], end], strict=True)]

    def asks(self, part: str) -> bool:
        """Return True for a question to the radiologist: "?PE", "Please exclude a fracture"."""
        words = _WORD.findall(part.lower())
        asked = bool({"?", "please"} & set(words)) or part.lower().startswith(_OPENERS)
        return asked and not self.doubts(part)

    def doubts(self, part: str) -> bool:
        """Return True for a radiologist's own question about what is seen: "2 cm lesion in segment 6 ?haemangioma"."""
        mark = _OWN_DOUBT.search(part)
        before = part[: mark.start()] if mark else ""
        words = set(_WORD.findall(before.lower()))
        seen = self._pictures & words or (_LUMPS & words and _SIZED.search(before))
        return bool(seen) and not self._people & words

    def says(self, part: str, *, personal: bool = False) -> bool:
        """Return True for what is said of pictures; in a `personal` history only words of pictures count."""
        words = _WORD.findall(part.lower())
        if len(words) < _SHORTEST or _NOTHING.match(part):
            return False
        shown = bool(self._pictures & set(words)) and not self._people & set(words)
        if personal:
            return shown
        if words[0] in ("no", "nil"):
            # "No fracture" and "No bony injury", but not "no previous surgery" or "no injury"
            return not self._denied & set(words) or bool(_OF_BONE & set(words))
        return shown or (part.lower().startswith(_SAYS) and not self._people & set(words))

    def names(self, part: str, *, technique: bool = False) -> bool:
        """Return True where a finding is named that a scan can show, without a question, a year, or a word of those who ask.

        In a `technique` or comparison, where nobody asks, only words of how the scan was done count against it.
        """
        words = set(_WORD.findall(part.lower()))
        against = self._technique if technique else self._people
        if "?" in words or words & against or (not technique and _YEAR.search(part)):
            return False
        return any(not background for background in self._findings(part))

    def is_label(self, title: str) -> bool:
        """Return True for a part of the body, or the like, that opens a row of findings ("Liver:")."""
        key = " ".join(title.lower().replace("-", " ").split())
        return key in self._labels or key.removeprefix("right ").removeprefix("left ") in self._labels

    def only_background(self, part: str) -> bool:
        """Return True where conditions are named, and only such as no scan shows ("Claudication")."""
        found = self._findings(part)
        return bool(found) and all(found)

    def names_any(self, part: str) -> bool:
        """Return True where a finding or symptom of the glossary is named."""
        return bool(self._findings(part))

    def heads(self, part: str) -> set[str]:
        """Return the last words, singular, of the findings that are named: "renal cyst" and "cysts" share one."""
        return {head for head, background in self._named(part) if not background}

    def _findings(self, part: str) -> list[bool]:
        """Return, of each finding that is named, whether it is one that no scan shows."""
        return [background for _, background in self._named(part)]

    def _named(self, part: str) -> list[tuple[str, bool]]:
        words = _PLAIN.findall(part.lower().replace("-", " "))
        found = []
        for start in range(len(words)):
            for stop in range(min(len(words), start + _LONGEST_FORM), start, -1):
                senses = self._glossary.forms.get(" ".join(words[start:stop]), ())
                terms = [self._glossary.terms[one.term_id] for one in senses]
                kinds = [one for one in terms if one.kind == "finding"]
                if kinds:
                    found.append((words[stop - 1].rstrip("s"), all(one.background for one in kinds)))
                    break
        return found
