"""The front pages of the service: the demonstration, and a short pointer."""

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from typing import Protocol

from markupsafe import Markup

from plainrad import __version__
from plainrad.content import content_folder
from plainrad.render.templates import environment, stylesheet


class Listed(Protocol):
    """An example as the page lists it."""

    @property
    def name(self) -> str:
        """Return the name in the address."""

    @property
    def title(self) -> str:
        """Return what was done."""

    @property
    def modality(self) -> str:
        """Return the code of the machine."""

    @property
    def shows(self) -> str:
        """Return what the example is for."""


@cache
def style() -> Markup:
    """Return the style sheet of the front pages, character for character: the policy holds its hash."""
    own = content_folder("templates").joinpath("home.css").read_text(encoding="utf-8")
    return Markup(stylesheet() + own.replace("\r\n", "\n"))  # noqa: S704  our own file


@cache
def home_policy() -> str:
    """Return the policy of the front pages: one style sheet, no scripts, and a form that goes nowhere else."""
    digest = b64encode(sha256(style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'self'"


def render_home(examples: Sequence[Listed], *, error: str | None) -> str:
    """Return the page of the demonstration. `error` says what was wrong with what was pasted, without repeating it."""
    template = environment().get_template("home.html")
    return template.render(style=style(), version=__version__, examples=examples, error=error, demo=True)


def render_pointer() -> str:
    """Return the front page of a service without a demonstration."""
    return (
        environment()
        .get_template("home.html")
        .render(style=style(), version=__version__, examples=(), error=None, demo=False)
    )
