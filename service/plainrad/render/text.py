"""PatientReport -> plain text for a terminal, a message or a screen reader."""

from plainrad.domain.patient import PatientReport
from plainrad.render.build import build_page
from plainrad.render.templates import environment


def render_text(patient: PatientReport, *, language: str | None = None) -> str:
    """Return the page as text: our own lines of at most 80 columns, the original exactly as it was written."""
    page = build_page(patient, language=language)
    return environment().get_template("patient.txt").render(page=page)
