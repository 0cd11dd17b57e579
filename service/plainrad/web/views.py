"""What the staff templates are given: everything decided, nothing computed in a template."""

from dataclasses import dataclass
from typing import Literal

from plainrad.domain.records import Choice


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule that decided, and the words of the report that made it fire."""

    rule: str
    cue: str


@dataclass(frozen=True, slots=True)
class EvidenceView:
    """How one mention was read: what the report writes, the entry, and each decision in words."""

    id: str
    words: str
    term_id: str | None
    concept: str
    review: str | None
    facts: tuple[str, ...]
    rules: tuple[RuleView, ...]


@dataclass(frozen=True, slots=True)
class ChosenView:
    """What somebody chose for a part of this version: it is hidden, or told in neutral words; and how to say that it is undone."""

    item: str
    choice: Choice
    what: str
    text: str
    reason: str
    by: str
    on: str
    undo: str


@dataclass(frozen=True, slots=True)
class SaidView:
    """A statement for the patient, the sentences of the report that it rests on, and why it says so.

    `instead` is what the patient reads where that was chosen to be in neutral words. `neutral`: it can be chosen.
    """

    id: str
    text: str
    hidden: bool
    conclusion: bool
    certainty: str
    sentences: tuple[str, ...]
    evidence: tuple[EvidenceView, ...]
    instead: str | None = None
    neutral: bool = False


@dataclass(frozen=True, slots=True)
class OwnView:
    """Words of the report that the patient is shown as they stand, because no statement rests on them."""

    id: str
    text: str
    hidden: bool
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordView:
    """A word that is explained to the patient, with the state of its entry, and where the report has it."""

    term_id: str
    term: str
    plain: str
    definition: str
    review: str
    hidden: bool
    neutral: bool
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SaidGroupView:
    """The statements under one heading of the patient page."""

    id: str
    heading: str
    statements: tuple[SaidView, ...]


@dataclass(frozen=True, slots=True)
class PieceView:
    """Some characters of the original: inside a sentence (with an id) or between two (without).

    `kind` says what became of the sentence: it carries statements; it was read but nothing is told from it; nothing in it was
    recognised; or it is no sentence that is told from (history, technique).
    """

    text: str
    id: str | None = None
    kind: Literal["told", "untold", "unread", "aside"] | None = None
    statements: tuple[str, ...] = ()
    flagged: bool = False
    own: tuple[str, ...] = ()

    @property
    def partners(self) -> tuple[str, ...]:
        """Return the ids of all that the patient reads of it: statements, or its own words."""
        return (*self.statements, *self.own)


@dataclass(frozen=True, slots=True)
class FlagView:
    """Something to look at: what it is, what the program saw, what can be done about it, and where."""

    code: str
    heading: str
    message: str
    remedy: str
    places: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CountsView:
    """How much of the report the patient is told in plain words."""

    told: int
    untold: int
    unread: int

    @property
    def all(self) -> int:
        """Return how many sentences of findings and conclusion there are."""
        return self.told + self.untold + self.unread


@dataclass(frozen=True, slots=True)
class ComparedView:
    """The original and the patient version, in step."""

    exam: str
    pieces: tuple[PieceView, ...]
    groups: tuple[SaidGroupView, ...]
    flags: tuple[FlagView, ...]
    counts: CountsView
    words: int
    versions: tuple[tuple[str, str], ...]
    own: tuple[OwnView, ...] = ()
    explained: tuple[WordView, ...] = ()
    own_heading: str = ""
    words_heading: str = ""
