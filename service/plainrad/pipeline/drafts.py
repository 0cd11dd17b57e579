"""What the components write on the Doc while a report is being read: mutable drafts, never seen outside the pipeline."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from spacy.tokens import Doc

from plainrad.domain.reading import (
    Assertion,
    Certainty,
    Change,
    Evidence,
    Flag,
    Interval,
    Measurement,
    Modifier,
    SectionKind,
    Side,
)
from plainrad.domain.report import Exam, Target
from plainrad.domain.term import TermKind
from plainrad.pipeline.rules import CueRule
from plainrad.pipeline.text import Tokens


@dataclass(slots=True)
class SectionDraft:
    """A section in characters: header from `start`, words from `body`, up to `end`."""

    kind: SectionKind
    title: str | None
    start: int
    body: int
    end: int
    older: bool = False  # a copied older report, or what stands below it
    block: tuple[int, int] | None = None  # the words that it was written in one piece with: how wide its lines are


@dataclass(slots=True)
class Line:
    """A sentence as a range of token indices, with its section and its clauses (ranges too)."""

    start: int
    end: int
    section: SectionKind
    older: bool = False
    clauses: list[tuple[int, int]] = field(default_factory=list)
    dashes: frozenset[int] = frozenset()  # those with a space on each side


@dataclass(slots=True)
class Candidate:
    """A stretch of tokens that may be a term; `senses` are the ids of the entries that it may mean."""

    start: int
    end: int
    senses: tuple[str, ...]
    rule: str
    weight: float = 0.0
    plural: bool = False
    reading_id: str | None = None


@dataclass(slots=True)
class Cue:
    """A rule that fired on a stretch of tokens."""

    rule: CueRule
    start: int
    end: int
    used: bool = False


@dataclass(slots=True, eq=False)
class Draft:
    """A mention in the making, over tokens `start` to `end`."""

    start: int
    end: int
    term_id: str | None
    concept: str
    kind: TermKind
    line: int
    rule: str
    assertion: Assertion = "present"
    certainty: Certainty = "definite"
    change: Change | None = None
    laterality: Side | None = None
    reportable: bool = True
    anatomy: tuple[str, ...] = ()
    location: "Draft | None" = None
    also_in: "list[Draft]" = field(default_factory=list)
    beside: "Draft | None" = None
    plural: bool = False
    target: bool = False
    background: bool = False
    like: TermKind = "other"
    exact: tuple[int, int] | None = None
    normal: str | None = None
    described: "Draft | None" = None
    suggests: "list[Draft]" = field(default_factory=list)
    suggested: bool = False
    same_as: "Draft | None" = None
    reading_id: str | None = None
    modifiers: list[Modifier] = field(default_factory=list)
    measurements: list[Measurement] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)


@dataclass(slots=True)
class RecommendationDraft:
    """A next step in the making."""

    step: Draft
    procedures: list[Draft]
    reasons: list[Draft]
    actions: tuple[str, ...]
    urgent: bool
    needed: bool
    interval: Interval | None


@dataclass(slots=True)
class Context:
    """What is known of the exam and of the patient before the words are read."""

    exam: Exam = field(default_factory=Exam)
    targets: tuple[Target, ...] = ()
    sex: str | None = None
    age: int | None = None  # in years on the day of the exam, else of its verification


# The attributes of `doc._`, each with the component that assigns it.
ATTRIBUTES: dict[str, str] = {
    "tokens": "tokenizer",
    "context": "tokenizer",
    "sections": "rad_sections",
    "exam": "rad_exam",
    "lines": "rad_sentences",
    "repaired": "rad_typos",
    "candidates": "rad_terms",
    "defined": "rad_abbreviations",
    "unread": "rad_abbreviations",
    "drafts": "rad_resolve",
    "cues": "rad_cues",
    "flags": "rad_flags",
    "recommendations": "rad_recommendations",
}
_WORK: Final = "plainrad"


class Work:
    """All that the components know of one report. What no component has assigned yet raises AttributeError."""

    __slots__ = tuple(ATTRIBUTES)

    tokens: Tokens
    context: Context
    sections: list[SectionDraft]
    exam: Exam
    lines: list[Line]
    repaired: set[int]
    candidates: list[Candidate]
    defined: dict[str, str]
    unread: set[int]
    drafts: list[Draft]
    cues: list[list[Cue]]
    flags: list[Flag]
    recommendations: list[RecommendationDraft]


def begin(doc: Doc) -> Work:
    """Give `doc` an empty Work, and return it."""
    made = doc.user_data[_WORK] = Work()
    return made


def work(doc: Doc) -> Work:
    """Return what the components know of `doc`: the same as `doc._`, typed, and a tenth of reading a report quicker."""
    made: Work = doc.user_data[_WORK]
    return made


def register() -> None:
    """Declare the attributes on spaCy's Doc, once, for those who look at one from outside: None where nothing is assigned."""
    for name in ATTRIBUTES:
        if not Doc.has_extension(name):
            Doc.set_extension(name, getter=_getter(name), setter=_setter(name))


def _getter(name: str) -> Callable[[Doc], object]:
    return lambda doc: getattr(work(doc), name, None)


def _setter(name: str) -> Callable[[Doc, object], None]:
    return lambda doc, value: setattr(work(doc), name, value)


def named_by(doc: Doc, draft: Draft) -> Draft:
    """Return the mention of the glossary that ends where a span that the caller asked for does; any other draft is itself."""
    if not draft.target:
        return draft
    return next((one for one in work(doc).drafts if one.end == draft.end and one.term_id is not None), draft)


def evidence(doc: Doc, rule: str, start: int, end: int) -> Evidence:
    """Return the evidence that `rule` fired on tokens `start` to `end`."""
    tokens = work(doc).tokens
    return Evidence(rule, tokens.starts[start], tokens.ends[end - 1])


def flag(doc: Doc, code: str, message: str, spans: list[tuple[int, int]]) -> Flag:
    """Return a flag over token ranges."""
    from plainrad.domain.reading import Extent

    tokens = work(doc).tokens
    return Flag(code, message, tuple(Extent(tokens.starts[start], tokens.ends[end - 1]) for start, end in spans))
