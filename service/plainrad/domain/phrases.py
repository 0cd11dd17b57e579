"""The reviewed wording: set phrases, words for normal, and the sentences in which findings are told."""

import re
from dataclasses import dataclass
from functools import cache

from plainrad.domain.patient import StatementGroup


@dataclass(frozen=True, slots=True)
class SetPhrase:
    """A set sentence of reporting that is read as a whole. `text` is what the patient reads."""

    id: str
    group: StatementGroup
    patterns: tuple[str, ...]
    text: str
    anatomy: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NormalWords:
    """Words that call a part of the body normal; `one` and `many` are sentences with a {part} slot."""

    id: str
    patterns: tuple[str, ...]
    one: str
    many: str


@dataclass(frozen=True, slots=True)
class ModifierWords:
    """A describing word that a statement repeats in plain words.

    `amount` is used before things that cannot be counted; `after` is a sentence of its own, for words that do not stand well before a thing.
    """

    id: str
    forms: tuple[str, ...]
    plain: str
    amount: str | None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class CalledWords:
    """A word that narrows a "no" ("no acute fracture"), in plain words that stand before or after the thing."""

    word: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What a sentence is about that tells no finding; `text` has a {quote} slot for the report's own words.

    `pattern` has to be found in it, and `unless` (where it is not empty) must not: expressions, blind to case.
    """

    id: str
    group: StatementGroup
    sections: tuple[str, ...]
    findings: bool
    pattern: str
    unless: str
    text: str

    def speaks_of(self, words: str) -> bool:
        """Return True when the frame is made for these words."""
        return bool(expression(self.pattern).search(words)) and not (
            self.unless and expression(self.unless).search(words)
        )


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """All reviewed wording."""

    classes: dict[str, tuple[str, ...]]
    phrases: dict[str, SetPhrase]
    normals: dict[str, NormalWords]
    modifiers: dict[str, ModifierWords]
    called: dict[str, CalledWords]
    frames: tuple[Frame, ...]
    wording: dict[str, str]
    questions: tuple[tuple[str, str], ...]
    leads: tuple[tuple[str, str], ...]
    disclaimer: str
    disclaimer_plain: str


@cache
def expression(source: str) -> re.Pattern[str]:
    """Return the expression of a frame, made when it is first needed. Raises re.error for one that is not valid."""
    return re.compile(source, re.IGNORECASE)
