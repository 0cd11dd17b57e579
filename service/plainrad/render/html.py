"""PatientReport -> the patient page: one HTML file that needs nothing else."""

from plainrad.domain.patient import PatientReport
from plainrad.render.build import build_page
from plainrad.render.templates import environment
from plainrad.render.verbatim import showable
from plainrad.render.view import Look, Theme


def render_html(
    patient: PatientReport,
    *,
    language: str | None = None,
    look: Look = "standard",
    theme: Theme = "neutral",
) -> str:
    """Return the complete page. It asks the network for nothing and runs no script.

    The theme "nhs" has colours alone, no logo and no name; it is for publishers that are NHS bodies. Whether the patient may see it yet is decided by `release`, before this is called.
    """
    page = build_page(patient, language=language, look=look, theme=theme)
    return showable(environment().get_template("patient.html").render(page=page))
