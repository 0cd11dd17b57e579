"""What the workbench shows beside single reports: shelves of the work list, queues of the editors, figures of the dashboard."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal

from plainrad.domain.release import ReleaseDecision

Shelf = Literal["look", "flagged", "held", "soon", "embargoed", "released", "retracted"]
Queue = Literal["reading_wrong", "feedback"]
Outcome = Literal["case", "not_wrong", "read"]
FEWEST_PATIENTS: Final = 5  # a word that fewer patients share may tell of one of them
SMALL: Final = 5  # a figure below this may tell of one patient
# What a professional should look at once. The other flags say how the program read, and need nothing.
FLAGS_TO_CHECK: Final = frozenset(
    {
        "laterality_discrepancy",
        "contradiction",
        "implausible_measurement",
        "sex_mismatch",
        "age_mismatch",
        "possible_negator_typo",
        "addendum_overrides",
    }
)
# What the policy keeps back only until a professional has looked.
LOOK_CODES: Final = frozenset(
    {"versions_out_of_order", "hidden_before", "exam_held", "exam_unknown", "sensitive_category"}
)
# So many kinds of words are explained that these are summed by year. All else is summed by month.
BY_YEAR: Final = frozenset({"term", "shown"})
BY_MONTH: Final = frozenset({"made", "reading", "flag", "release", "given", "feedback"})
RELEASE_BUCKETS: Final = ("up to 1 day", "2 to 7 days", "8 to 14 days", "15 to 28 days", "more than 28 days")


def release_bucket(days: float) -> str:
    """Return the name of the span in which a report became readable after it was verified."""
    for most, name in zip((1, 7, 14, 28), RELEASE_BUCKETS, strict=False):
        if days <= most:
            return name
    return RELEASE_BUCKETS[-1]


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A report in the work list: what one needs to choose it, and nothing of its words. `decision` is the patient's."""

    id: str
    title: str | None
    accession: str | None
    version: int
    verified_at: datetime | None
    decision: ReleaseDecision
    looked_at: datetime | None
    sensitive: tuple[str, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorkPage:
    """A page of the work list. `counts` has a number for every shelf and for all; `next_cursor` is None at the end."""

    rows: tuple[WorkRow, ...]
    counts: Mapping[str, int]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class MissingWord:
    """A hard word that no entry explains, in how many reports it stood, and when last."""

    word: str
    reports: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class QueueItem:
    """Something that a person wrote about a report, for the editors: never whose report it is.

    `sentence` is the one sentence of the report that it is about and `said` what the patient was told, both without names and
    long numbers; `read` is how the program read it, in the names of the reading; `quoted` are the words that were read.
    """

    id: int
    kind: str
    at: datetime
    text: str = field(repr=False)
    item: str | None = None
    sentence: str = field(default="", repr=False)
    said: str = field(default="", repr=False)
    quoted: str = field(default="", repr=False)
    read: tuple[str, ...] = ()
    report_id: str | None = None  # for those who may read reports


@dataclass(frozen=True, slots=True)
class Case:
    """A reading that was wrong, as a sentence for the golden tests: invented words that are read wrongly in the same way."""

    id: str
    at: datetime
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Some items, the oldest first, how many there are, and which page this is of how many."""

    items: tuple[QueueItem, ...]
    count: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class WordPage:
    """Some missing words, those of most reports first."""

    words: tuple[MissingWord, ...]
    count: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class LinkSeen:
    """What became of the page of a link when it was last asked for."""

    id: str
    url: str
    state: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums for the dashboard, exactly as counted. Whoever shows them leaves small ones out.

    `states`: reports by state now. `tallies`: kind -> name -> sum over `months`, of words (`BY_YEAR`) over this
    year and the one before. `by_month`: kind -> month -> sum.
    """

    states: Mapping[str, int]
    tallies: Mapping[str, Mapping[str, int]]
    by_month: Mapping[str, Mapping[str, int]]
    months: tuple[str, ...]
