"""PatientReport -> what a patient reads: a web page, a fragment for a portal, a PDF or plain text."""

from plainrad.render.fragment import render_fragment
from plainrad.render.html import render_html
from plainrad.render.pdf import check_pdf, render_pdf
from plainrad.render.text import render_text

__all__ = ["check_pdf", "render_fragment", "render_html", "render_pdf", "render_text"]
