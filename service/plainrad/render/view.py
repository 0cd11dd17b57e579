"""What the templates are given: one Page, with everything decided. Templates only loop and choose."""

from dataclasses import dataclass

from markupsafe import Markup

from plainrad.render.original import Stretch
from plainrad.render.strings import Strings


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A link to a place in the original."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class StatementView:
    """One plain sentence with the report's own words."""

    id: str
    text: str
    quote: str
    places: tuple[PlaceView, ...]


@dataclass(frozen=True, slots=True)
class GroupView:
    """The statements under one heading. `id` names the icon too."""

    id: str
    heading: str
    statements: tuple[StatementView, ...]


@dataclass(frozen=True, slots=True)
class LinkView:
    """A page to read. `title` names its publisher, so that two pages of one name can be told apart."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class WordView:
    """An explained word.

    `as_written` says how the report writes it, where that is not the term itself. `plain` is None when it only repeats
    the term. `marked`: the original carries a link to it.
    """

    term_id: str
    term: str
    as_written: str | None
    plain: str | None
    definition: str
    state: str
    links: tuple[LinkView, ...]
    marked: bool


@dataclass(frozen=True, slots=True)
class FactView:
    """A line of the small print."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Page:
    """The one context of every template of the patient page."""

    language: str
    say: Strings
    style: Markup
    content_security_policy: str
    title: str
    eyebrow: str | None
    groups: tuple[GroupView, ...]
    original: tuple[Stretch, ...]
    original_text: str
    unshowable: bool
    words: tuple[WordView, ...]
    parts: tuple[str, ...]
    sided: bool
    links: tuple[LinkView, ...]
    questions: tuple[str, ...]
    disclaimer: str
    disclaimer_plain: str
    facts: tuple[FactView, ...]
