"""The reviewed wording: set phrases, words for normal, the sentences in which findings are told, and the small words that join them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from plainrad.domain.patient import StatementGroup
from plainrad.domain.reading import Side

_CAPITAL = re.compile(r"(\\.)|[A-Z]")  # not that of "\W" and its like


@dataclass(frozen=True, slots=True)
class SetPhrase:
    """A set sentence of reporting that is read as a whole. `text` is what the patient reads.

    `of_scan`: it speaks of the whole scan, so behind the label of a row it is told of that row.
    """

    id: str
    group: StatementGroup
    patterns: tuple[str, ...]
    text: str
    anatomy: tuple[str, ...] = ()
    of_scan: bool = False


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
    `together`: what several sentences say of it stands behind one opening.
    """

    id: str
    group: StatementGroup
    sections: tuple[str, ...]
    findings: bool
    pattern: str
    unless: str
    text: str
    together: bool = False

    def speaks_of(self, words: str) -> bool:
        """Return True when the frame is made for these words."""
        low = words.lower()
        return bool(expression(self.pattern).search(low)) and not (self.unless and expression(self.unless).search(low))


@dataclass(frozen=True, slots=True)
class Grammar:
    """The small words of a language. Code puts them together and holds none of its own.

    `one` and `many` hold what follows the number of a thing ({is}, {it}, ...); `second_before` is what the second article stands before;
    an amount that ends in `amount_ends` brings its own article ("a small amount of").
    """

    articles: tuple[str, str]
    second_before: str
    comma: str
    and_: str
    or_: str
    amount_ends: str
    sides: dict[Side, str]
    begins: dict[str, tuple[str, ...]]
    one: dict[str, str]
    many: dict[str, str]

    def listed(self, names: Sequence[str]) -> str:
        """Return names as a list: "a, b and c", each once."""
        names = list(dict.fromkeys(names))
        return self.joined(names, self.and_)

    def joined(self, names: Sequence[str], word: str) -> str:
        """Return names with commas between, and `word` before the last."""
        return names[0] if len(names) == 1 else f"{self.comma.join(names[:-1])}{word}{names[-1]}"

    def begins_as(self, what: str, words: str) -> bool:
        """Return True where plain words begin as what compares ("compared"), is many already ("many"), or is very small ("tiny")."""
        return f"{words} ".startswith(tuple(f"{one} " for one in self.begins[what]))

    def article(self, words: str) -> str:
        """Return the article that stands before these words, with its space."""
        return self.articles[bool(expression(self.second_before).match(words.lower()))]


@dataclass(frozen=True, slots=True)
class Claims:
    """The words of our own sentences that claim something, by which the faithfulness check knows what it has to look for."""

    words: dict[str, tuple[str, ...]]

    def made(self, claim: str, text: str) -> bool:
        """Return True where `text` makes the claim: "left", "new", "unchanged" ..."""
        return _any_of(self.words[claim]).search(text.lower()) is not None

    def any_made(self, claims: Sequence[str], text: str) -> bool:
        """Return True where `text` makes one of the claims: one look where most sentences make none."""
        return _any_of(tuple(word for one in claims for word in self.words[one])).search(text.lower()) is not None


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """All reviewed wording, in one language. `tests` holds the terms of tests that make pictures, by kind."""

    language: str
    classes: dict[str, tuple[str, ...]]
    phrases: dict[str, SetPhrase]
    normals: dict[str, NormalWords]
    modifiers: dict[str, ModifierWords]
    called: dict[str, CalledWords]
    frames: tuple[Frame, ...]
    tests: dict[str, tuple[str, ...]]
    wording: dict[str, str]
    grammar: Grammar
    claims: Claims
    questions: tuple[tuple[str, str], ...]
    leads: tuple[tuple[str, str], ...]
    disclaimer: str
    disclaimer_plain: str


@cache
def expression(source: str) -> re.Pattern[str]:
    """Return the expression of a frame for text in small letters, made when it is first needed. Raises re.error for one that is not valid.

    Small letters on both sides are twice as quick as an expression that is blind to case.
    """
    return re.compile(_CAPITAL.sub(lambda one: one[1] or one[0].lower(), source))


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """Return what finds one of the words, as whole words, in text in small letters."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(one.lower()) for one in words)})(?!\w)")
