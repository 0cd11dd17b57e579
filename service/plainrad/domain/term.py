"""What the glossary says: terms, senses, parts of the body, links, abbreviations."""

from dataclasses import dataclass
from typing import Literal

TermKind = Literal[
    "finding",
    "anatomy",
    "procedure",
    "device",
    "measurement",
    "score",
    "descriptor",
    "normal",
    "qualifier",
    "direction",
    "person",
    "other",
]
Noun = Literal["mass", "count", "plural", "none"]
Sensitivity = Literal["none", "cancer", "pregnancy", "safeguarding", "urgent", "mental-health"]
ReviewStatus = Literal["draft", "reviewed", "approved"]


@dataclass(frozen=True, slots=True)
class Review:
    """Who has looked at an entry. Only a named person moves it on from draft."""

    status: ReviewStatus
    by: str | None
    on: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class When:
    """The places in which a sense holds: every non-empty field must be met, any one of its values is enough."""

    region: tuple[str, ...] = ()
    modality: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    near: tuple[str, ...] = ()

    def is_empty(self) -> bool:
        """Return True when nothing is asked for, so the sense holds everywhere."""
        return not (self.region or self.modality or self.section or self.near)


@dataclass(frozen=True, slots=True)
class Sense:
    """A form that means this entry only in some places."""

    form: str
    when: When


@dataclass(frozen=True, slots=True)
class Link:
    """A trusted page that a patient may be sent to."""

    id: str
    url: str
    title: str
    publisher: str
    evidence: str
    checked: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the body."""

    id: str
    name: str
    plain: str
    region: str
    system: str
    parent: str | None
    sides: bool
    uberon: str | None


@dataclass(frozen=True, slots=True)
class Term:
    """One glossary entry: one sense, in reviewed words."""

    id: str
    term: str
    kind: TermKind
    region: str
    forms: tuple[str, ...]
    abbreviations: tuple[str, ...]
    plain: str
    plural: str
    noun: Noun
    definition: str
    anatomy: tuple[str, ...]
    links: tuple[str, ...]
    sensitivity: Sensitivity
    evidence: tuple[str, ...]
    review: Review
    senses: tuple[Sense, ...]
    background: bool = False
    same_as: str | None = None
    replaced_by: str | None = None
