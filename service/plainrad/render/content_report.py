"""The page on how the content stands: its typed context, and the HTML file that needs nothing else."""

from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from markupsafe import Markup

from plainrad import __version__
from plainrad.content import content_folder
from plainrad.render.templates import environment, stylesheet
from plainrad.render.verbatim import showable


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table of counts."""

    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that somebody should look at, and why."""

    file: str
    id: str
    note: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the histogram, in the units of the drawing; `height` is at most 100."""

    label: str
    count: int
    height: float


@dataclass(frozen=True, slots=True)
class ContentReport:
    """Everything that the page tells. `meanings` holds forms of several entries, `suggestions` links that entries might have."""

    glossary: str
    day: str
    problems: int
    entries: int
    retired: int
    parts: int
    links: int
    listed_forms: int
    all_forms: int
    regions: tuple[Row, ...]
    kinds: tuple[Row, ...]
    median_grade: float
    grades: tuple[Bar, ...]
    hard_to_read: tuple[Entry, ...]
    reviews: tuple[Row, ...]
    due: tuple[Entry, ...]
    suggestions: tuple[Entry, ...]
    never_checked: tuple[Entry, ...]
    meanings: tuple[Entry, ...]
    phrases: tuple[Row, ...]


@cache
def _style() -> Markup:
    own = content_folder("templates").joinpath("content-report.css").read_text(encoding="utf-8")
    return Markup(stylesheet() + own.replace("\r\n", "\n"))  # noqa: S704  our own file


def render_content_report(report: ContentReport) -> str:
    """Return the page. It asks the network for nothing and runs no script."""
    digest = b64encode(sha256(_style().encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    template = environment().get_template("content-report.html")
    return showable(template.render(report=report, style=_style(), policy=policy, version=__version__))
