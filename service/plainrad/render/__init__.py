"""PatientReport -> what a patient reads: a web page or plain text."""

from plainrad.render.html import render_html
from plainrad.render.text import render_text

__all__ = ["render_html", "render_text"]
