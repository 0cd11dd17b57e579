"""What the pipeline read in a report: sections, sentences, mentions with their evidence, flags. Offsets are half-open."""

from dataclasses import dataclass, field
from typing import Literal

from plainrad.domain.report import Exam
from plainrad.domain.term import TermKind

SectionKind = Literal[
    "history", "technique", "comparison", "findings", "conclusion", "recommendation", "addendum", "other"
]
Assertion = Literal["present", "absent", "possible", "historical", "hypothetical", "other_person", "neutral"]
Certainty = Literal["definite", "likely", "possible", "unlikely"]
Change = Literal["new", "unchanged", "larger", "smaller", "resolved", "healing"]
Side = Literal["left", "right", "both"]
IntervalUnit = Literal["day", "week", "month", "year"]


@dataclass(frozen=True, slots=True)
class Extent:
    """A stretch of the original text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the report. `start` and `end` hold the header too; the words of the section begin at `body`."""

    kind: SectionKind
    title: str | None
    start: int
    body: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and the section that it stands in."""

    start: int
    end: int
    section: SectionKind


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why something was decided: the rule and the words that made it fire."""

    rule: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Measurement:
    """A size or other figure. `values` has one number a dimension; `value` is the largest."""

    text: str
    start: int
    end: int
    values: tuple[float, ...]
    unit: str | None
    when: Literal["current", "prior"]

    @property
    def value(self) -> float:
        """Return the largest dimension, in `unit` (None where the report leaves the unit out)."""
        return max(self.values)


@dataclass(frozen=True, slots=True)
class Modifier:
    """A describing word that belongs to a mention, such as "small" or "old"."""

    id: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """Something that the report speaks of, and what it says about it."""

    id: str
    start: int
    end: int
    text: str
    term_id: str | None
    concept: str
    kind: TermKind
    assertion: Assertion
    certainty: Certainty
    section: SectionKind
    reportable: bool
    sentence: int
    change: Change | None = None
    laterality: Side | None = None
    anatomy: tuple[str, ...] = ()
    location: str | None = None
    also_in: tuple[str, ...] = ()
    plural: bool = False
    reading_id: str | None = None
    normal: str | None = None
    described: str | None = None
    suggests: tuple[str, ...] = ()
    same_as: str | None = None
    modifiers: tuple[Modifier, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that the reviewing radiologist may want to look at."""

    code: str
    message: str
    spans: tuple[Extent, ...] = ()


@dataclass(frozen=True, slots=True)
class Interval:
    """When a next step is to be taken: `value`, or from `value` to `most`, in `unit`."""

    text: str
    start: int
    end: int
    value: int
    most: int | None
    unit: IntervalUnit


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A next step that the report speaks of: what (kinds of action, procedure mentions), why (mentions), when; `needed` is False for "no follow-up"."""

    start: int
    end: int
    text: str
    actions: tuple[str, ...]
    procedures: tuple[str, ...]
    reasons: tuple[str, ...]
    interval: Interval | None
    urgent: bool
    needed: bool
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that was read in one report."""

    exam: Exam
    sections: tuple[Section, ...]
    sentences: tuple[Sentence, ...]
    mentions: tuple[Mention, ...]
    flags: tuple[Flag, ...]
    pipeline: str
    recommendations: tuple[Recommendation, ...] = ()
    by_id: dict[str, Mention] = field(init=False, repr=False, compare=False)
    by_sentence: dict[int, tuple[Mention, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {mention.id: mention for mention in self.mentions})
        groups: dict[int, list[Mention]] = {}
        for mention in self.mentions:
            groups.setdefault(mention.sentence, []).append(mention)
        object.__setattr__(self, "by_sentence", {number: tuple(members) for number, members in groups.items()})
