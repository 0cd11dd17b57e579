"""What a patient is told: statements with their sources, explained words, labels of the body, links."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from plainrad.domain.reading import Certainty, Extent, Flag, Reading, SectionKind, Side
from plainrad.domain.release import ReleaseDecision
from plainrad.domain.report import Report
from plainrad.domain.term import Link, Review, Sensitivity

StatementGroup = Literal[
    "background",
    "found",
    "possible",
    "unchanged_or_known",
    "looked_for_not_found",
    "normal",
    "limitation",
    "next_step",
]

# The order of the page: what the test was and why, what it shows, what it could not show, what comes next.
STATEMENT_GROUPS: tuple[StatementGroup, ...] = get_args(StatementGroup)


@dataclass(frozen=True, slots=True)
class Statement:
    """One plain sentence, the places in the original that it rests on, and the mentions that it speaks of.

    `quote` holds the report's own words: every statement can be checked by the person who reads it.
    """

    id: str
    group: StatementGroup
    text: str
    certainty: Certainty
    source: tuple[Extent, ...]
    quote: str
    mentions: tuple[str, ...]
    conclusion: bool

    def __post_init__(self) -> None:
        if not self.source or not self.mentions:
            raise ValueError("a statement needs a source and a mention")


@dataclass(frozen=True, slots=True)
class OwnWords:
    """Words of the report that no statement rests on, exactly as they stand there. Together with the statements nothing is lost."""

    start: int
    end: int
    text: str
    section: SectionKind

    def __post_init__(self) -> None:
        if self.end - self.start != len(self.text) or not self.text.strip():
            raise ValueError("own words are a stretch of the original")


@dataclass(frozen=True, slots=True)
class Lead:
    """A line that stands before everything else where a report holds sensitive things: what it speaks of, and who to speak to."""

    about: Sensitivity
    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A word of the report in plain words. `shown_for` holds the ids of the mentions that it explains."""

    term_id: str
    term: str
    kind: str
    plain: str
    definition: str
    links: tuple[Link, ...]
    review: Review
    shown_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnatomyLabel:
    """A part of the body that the report speaks of. `within` holds the bigger parts that it belongs to, the nearest first."""

    id: str
    label: str
    laterality: Side | None
    region: str
    uberon: str | None
    mentions: tuple[str, ...]
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Provenance:
    """Which code and which content made this: the same input and provenance give the same output."""

    plainrad: str
    glossary: str
    pipeline: str


@dataclass(frozen=True, slots=True)
class TeamNote:
    """A note of a professional to the patient, in their own words: no part of the report, and of none of its statements."""

    text: str
    written_at: datetime
    signed: str | None = None

    def __post_init__(self) -> None:
        if not self.text.strip() or self.written_at.tzinfo is None:
            raise ValueError("a note has words, and a moment with a time zone")


@dataclass(frozen=True, slots=True)
class PatientReport:
    """The patient version, beside the untouched original. `language` is that of our words; the report keeps its own."""

    report: Report
    reading: Reading
    statements: tuple[Statement, ...]
    explanations: tuple[Explanation, ...]
    anatomy: tuple[AnatomyLabel, ...]
    links: tuple[Link, ...]
    questions: tuple[str, ...]
    disclaimer: str
    disclaimer_plain: str
    flags: tuple[Flag, ...]
    release: ReleaseDecision
    provenance: Provenance
    own_words: tuple[OwnWords, ...] = ()
    lead: tuple[Lead, ...] = ()
    notes: tuple[TeamNote, ...] = ()
    language: str = "en-GB"
