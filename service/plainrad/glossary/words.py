"""How hard English is to read: sentences, syllables, the Flesch-Kincaid grade, everyday words."""

import re
import tomllib
from importlib.resources.abc import Traversable

WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_VOWELS = re.compile(r"[aeiouy]+")
_ENDINGS = ("es", "ed", "e", "ely", "ment", "less", "ful", "ly", "s", "ing", "er", "est", "ness", "'s", "’s")


def sentences(text: str) -> list[str]:
    """Return the sentences of plain English text."""
    return [part for part in _SENTENCE_END.split(text.strip()) if part]


def words(text: str) -> list[str]:
    """Return the words of `text`, without numbers and marks."""
    return WORD.findall(text)


def syllables(word: str) -> int:
    """Return the number of syllables of an English word, by its groups of vowels; at least 1."""
    lower = word.lower().replace("'s", "").replace("’s", "")
    if (lower.endswith("es") and not lower.endswith(("ses", "zes", "ches", "shes", "ces", "ges", "xes", "les"))) or (
        lower.endswith("ed") and not lower.endswith(("ted", "ded"))
    ):
        lower = lower[:-2]
    elif lower.endswith("e") and not (lower.endswith("le") and lower[-3:-2] not in "aeiouy"):
        lower = lower[:-1]
    return max(1, len(_VOWELS.findall(lower)))


def flesch_kincaid_grade(text: str) -> float:
    """Return the US school grade of `text` (Kincaid et al. 1975): 0.39 words/sentence + 11.8 syllables/word - 15.59."""
    found = words(text)
    if not found:
        return 0.0
    count = len(found)
    return 0.39 * count / max(1, len(sentences(text))) + 11.8 * sum(map(syllables, found)) / count - 15.59


class EverydayWords:
    """The words that a definition may use without explaining them."""

    def __init__(self, common: frozenset[str], allowed: dict[str, str]) -> None:
        self.common = common
        self.allowed = allowed

    @classmethod
    def load(cls, folder: Traversable) -> "EverydayWords":
        """Return the words of `everyday-words.txt` and, with their reasons, of `allowed-words.toml`."""
        common: set[str] = set()
        file = folder.joinpath("everyday-words.txt")
        if file.is_file():
            common = {
                line.strip() for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("#")
            }
        allowed: dict[str, str] = {}
        file = folder.joinpath("allowed-words.toml")
        if file.is_file():
            allowed = tomllib.loads(file.read_text(encoding="utf-8"))["words"]
        return cls(frozenset(common), allowed)

    def __contains__(self, word: str) -> bool:
        lower = word.lower().replace("’", "'")
        return any(form in self.common or form in self.allowed for form in _base_forms(lower))


def _base_forms(word: str) -> list[str]:
    """Return `word` and the simpler words that it may be a form of: "lungs" -> "lung", "swollen" stays."""
    forms = [word]
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            stem = word[: -len(ending)]
            forms += [stem, stem + "e"]
            if stem[-1:] == stem[-2:-1]:
                forms.append(stem[:-1])
            if stem.endswith("i"):
                forms.append(stem[:-1] + "y")
    return forms
