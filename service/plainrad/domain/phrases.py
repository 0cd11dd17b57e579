"""The reviewed wording: set phrases, words for normal, and the sentences in which findings are told."""

from dataclasses import dataclass

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
    """A describing word that a statement repeats in plain words. `amount` is used before things that cannot be counted."""

    id: str
    forms: tuple[str, ...]
    plain: str
    amount: str | None


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """All reviewed wording."""

    classes: dict[str, tuple[str, ...]]
    phrases: dict[str, SetPhrase]
    normals: dict[str, NormalWords]
    modifiers: dict[str, ModifierWords]
    wording: dict[str, str]
    questions: tuple[tuple[str, str], ...]
    disclaimer: str
    disclaimer_plain: str
