"""PatientReport -> a piece of HTML for a portal's own page: no script, no landmarks, no ids but its own. See docs/fragment.md."""

import re

from plainrad.domain.patient import PatientReport
from plainrad.errors import OptionInvalidError
from plainrad.render.build import build_page
from plainrad.render.templates import environment
from plainrad.render.verbatim import showable
from plainrad.render.view import Look, Theme

DEFAULT_PREFIX = "plainrad-"
_PREFIX = re.compile(r"[a-z][a-z0-9-]{0,39}", re.ASCII)


def render_fragment(
    patient: PatientReport,
    *,
    language: str | None = None,
    look: Look = "standard",
    theme: Theme = "neutral",
    prefix: str = DEFAULT_PREFIX,
    top: int = 2,
    styled: bool = True,
) -> str:
    """Return the fragment. Every id begins with `prefix`; its first heading has the level `top` (1 to 3).

    With `styled` it begins with the style sheet, which is the same for every report: `style_hash` names it to a policy. Raises
    OptionInvalidError. Whether the patient may see it yet is decided by `release`, before this is called.
    """
    if not _PREFIX.fullmatch(prefix):
        raise OptionInvalidError("prefix: give up to 40 small letters, digits and hyphens, a letter first.")
    if not 1 <= top <= 3:
        raise OptionInvalidError("heading: give the level of the first heading, 1, 2 or 3.")
    page = build_page(
        patient, language=language, look=look, theme=theme, prefix=prefix, top=top, alone=False, styled=styled
    )
    return showable(environment().get_template("fragment.html").render(page=page))
