"""How a note to a patient reads, while it is typed: a guard, not proof."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from plainrad.content import content_folder
from plainrad.glossary.words import EverydayWords, flesch_kincaid_grade, sentences, syllables, words
from plainrad.records.deeds import MOST_NOTE

LONG: Final = 20  # words
AIM: Final = 6.0
_SHOWN: Final = 8
_MANY: Final = 3  # syllables


@dataclass(frozen=True, slots=True)
class NoteView:
    """The reading grade (None where there are no words), sentences that are too long, words that few people use, characters left."""

    grade: float | None
    long: tuple[str, ...]
    hard: tuple[str, ...]
    left: int
    aim: float = AIM


@cache
def _everyday() -> EverydayWords:
    return EverydayWords.load(content_folder("glossary"))


def check_note(text: str) -> NoteView:
    """Return how a note reads."""
    plain = " ".join(text.split())
    said = words(plain)
    everyday = _everyday()
    # The list of everyday words is made for definitions: of short words it lacks many that everybody knows ("your", "today").
    hard = dict.fromkeys(one for one in said if syllables(one) >= _MANY and one not in everyday)
    long = tuple(one.strip() for one in sentences(plain) if len(words(one)) > LONG)
    grade = round(max(0.0, flesch_kincaid_grade(plain)), 1) if said else None
    return NoteView(grade, long, tuple(hard)[:_SHOWN], MOST_NOTE - len(text))
