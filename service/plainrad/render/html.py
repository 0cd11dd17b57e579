"""PatientReport -> the patient page: one HTML file that needs nothing else."""

from plainrad.domain.patient import PatientReport
from plainrad.render.build import build_page
from plainrad.render.strings import DEFAULT_LANGUAGE
from plainrad.render.templates import environment
from plainrad.render.verbatim import showable
from plainrad.render.view import Look


def render_html(patient: PatientReport, *, language: str = DEFAULT_LANGUAGE, look: Look = "standard") -> str:
    """Return the complete page. It asks the network for nothing and runs no script.

    Whether the patient may see it yet is decided by `release`, before this is called.
    """
    page = build_page(patient, language=language, look=look)
    return showable(environment().get_template("patient.html").render(page=page))
