"""What the templates are given: one Page, with everything decided. Templates only loop and choose."""

from dataclasses import dataclass
from typing import Literal, get_args

from markupsafe import Markup

from plainrad.domain.patient import StatementGroup
from plainrad.explain.bodymap import State
from plainrad.render.original import Stretch
from plainrad.render.picture import Drawing
from plainrad.render.strings import Strings

Look = Literal["standard", "large", "easy"]
LOOKS: tuple[Look, ...] = get_args(Look)
Theme = Literal["neutral", "nhs"]


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A link to a place in the original."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class StatementView:
    """One plain sentence with the report's own words. `group` names its icon; `beside` is the text where those words stand next to it."""

    id: str
    group: StatementGroup
    text: str
    beside: str
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
    the term. `state` is None when the page says it once for all words. `marked`: the original carries a link to it.
    """

    term_id: str
    term: str
    as_written: str | None
    plain: str | None
    definition: str
    state: str | None
    links: tuple[LinkView, ...]
    marked: bool


@dataclass(frozen=True, slots=True)
class OwnView:
    """Words of the report that no statement rests on, with the way to their place."""

    id: str
    quote: str
    place: PlaceView


@dataclass(frozen=True, slots=True)
class NoteView:
    """A note of a professional to the patient: its paragraphs, and who wrote it when."""

    paragraphs: tuple[str, ...]
    written: str


@dataclass(frozen=True, slots=True)
class PartView:
    """A part of the body; `number` is its number in the picture."""

    name: str
    number: int | None


@dataclass(frozen=True, slots=True)
class PartGroupView:
    """The parts of which the report says the same."""

    state: State
    heading: str
    parts: tuple[PartView, ...]


@dataclass(frozen=True, slots=True)
class FactView:
    """A line of the small print."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Page:
    """The one context of every template of the patient page.

    `prefix` stands before every id; `top` is the level of the page's title; `alone` is False inside a portal.
    """

    language: str
    say: Strings
    look: Look
    theme: Theme
    prefix: str
    top: int
    alone: bool
    style: Markup
    content_security_policy: str
    title: str
    eyebrow: str | None
    leads: tuple[str, ...]
    notes: tuple[NoteView, ...]
    groups: tuple[GroupView, ...]
    own_words: tuple[OwnView, ...]
    original: tuple[Stretch, ...]
    original_text: str
    unshowable: bool
    words: tuple[WordView, ...]
    drafts: str | None
    parts: tuple[PartGroupView, ...]
    sided: bool
    drawings: tuple[Drawing, ...]
    links: tuple[LinkView, ...]
    questions: tuple[str, ...]
    asked_by: str | None
    disclaimer: str
    disclaimer_plain: str
    facts: tuple[FactView, ...]

    def heading(self, depth: int) -> str:
        """Return the tag of a heading, 1 for the title of the page."""
        return f"h{min(6, self.top + depth - 1)}"

    def landmark(self, tag: str) -> str:
        """Return the tag of a landmark: inside a portal, the portal has the landmarks."""
        return tag if self.alone else "div"
