"""The Jinja2 environment of the patient page, its style sheet, and the policy that lets the page load nothing else."""

import textwrap
from base64 import b64encode
from functools import cache
from hashlib import sha256

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from plainrad.content import content_folder
from plainrad.render.verbatim import verbatim

COLUMNS = 80


@cache
def environment() -> Environment:
    """Return the one environment: strict, and escaping everything but the plain-text templates (*.txt)."""
    made = Environment(
        loader=FunctionLoader(_source),
        undefined=StrictUndefined,
        autoescape=lambda name: name is None or not name.endswith(".txt"),  # noqa: S701 (plain text has no markup)
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["verbatim"] = verbatim
    made.filters["wrap"] = wrap
    made.filters["squeezed"] = squeezed
    return made


def _source(name: str) -> str | None:
    file = content_folder("templates").joinpath(*name.split("/"))
    return file.read_text(encoding="utf-8") if file.is_file() else None


@cache
def stylesheet() -> Markup:
    """Return the style sheet as it stands in the page, character for character: the policy holds its hash."""
    style = content_folder("templates").joinpath("patient.css").read_text(encoding="utf-8")
    return Markup("\n" + style.replace("\r\n", "\n"))  # noqa: S704 (our own file, no report in it)


@cache
def style_hash() -> str:
    """Return the source under which a content security policy allows the style sheet, such as 'sha256-...'."""
    return f"'sha256-{b64encode(sha256(stylesheet().encode()).digest()).decode()}'"


@cache
def content_security_policy() -> str:
    """Return the policy of the page: no scripts, no requests, one style sheet known by its hash."""
    return f"default-src 'none'; style-src {style_hash()}; base-uri 'none'; form-action 'none'"


def squeezed(text: str) -> str:
    """Return the letters and figures of `text` alone, to see whether two texts say the same words."""
    return "".join(one for one in text.casefold() if one.isalnum())


def wrap(text: str, first: str = "", rest: str | None = None) -> str:
    """Return `text` in lines of at most 80 columns, `first` before the first line and `rest` before the others.

    A word that is longer than a line, such as an address, is left whole so that it can be copied.
    """
    after = " " * len(first) if rest is None else rest
    return textwrap.fill(
        text, COLUMNS, initial_indent=first, subsequent_indent=after, break_long_words=False, break_on_hyphens=False
    )
