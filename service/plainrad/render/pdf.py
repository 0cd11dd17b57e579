"""PatientReport -> PDF/UA: the patient version and the original in one tagged document (extra `pdf`: WeasyPrint)."""

import logging
from collections.abc import Mapping
from functools import cache
from typing import Any

from plainrad.content import content_folder
from plainrad.domain.patient import PatientReport
from plainrad.errors import ExtraMissingError, PdfSystemError
from plainrad.render.build import build_page
from plainrad.render.pdf_tags import mend
from plainrad.render.templates import environment
from plainrad.render.verbatim import showable
from plainrad.render.view import Look

# RNIB asks for at least 16 points in large print and prefers 18.
_SIZES: dict[Look, str] = {"standard": "11pt", "large": "18pt", "easy": "18pt"}
_NHS_111 = "https://111.nhs.uk/"
_LINES: dict[Look, str] = {"standard": "1.4", "large": "1.4", "easy": "1.6"}


def render_pdf(patient: PatientReport, *, language: str | None = None, look: Look = "standard") -> bytes:
    """Return the PDF: tagged (PDF/UA-1), with language, title, bookmarks and embedded fonts.

    Raises ExtraMissingError without WeasyPrint, and PdfSystemError where the system lacks Pango or a font. Nothing is
    loaded from anywhere. The same patient report gives the same bytes: no time of making, and an id of its content.
    """
    html, css = _weasyprint()
    page = build_page(patient, language=language, look=look)
    source = showable(environment().get_template("paper.html").render(page=page))
    document = html(string=source, url_fetcher=_nothing, media_type="print")
    made = document.write_pdf(
        stylesheets=[css(string=_style(look), url_fetcher=_nothing)],
        pdf_variant="pdf/ua-1",
        pdf_identifier=bytes.fromhex(patient.report.sha256[:32]),
        custom_metadata=False,
        finisher=lambda _, pdf: _finish(
            pdf, {_NHS_111: page.say.urgent_link} | {one.url: one.title for one in page.links}
        ),
    )
    return bytes(made)


def check_pdf() -> None:
    """Raise ExtraMissingError or PdfSystemError where no PDF can be made here: to be asked at a start, not at the first report."""
    _weasyprint()


def _weasyprint() -> tuple[Any, Any]:
    """Return the HTML and CSS classes of WeasyPrint; imported late, because it takes a second and Pango."""
    try:
        from weasyprint import CSS, HTML  # type: ignore[import-untyped]
    except ImportError:
        raise ExtraMissingError("pdf") from None
    except OSError:
        raise PdfSystemError("Pango") from None
    for name in ("weasyprint", "fontTools"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # its complaints could quote the page
    return HTML, CSS


@cache
def _style(look: Look) -> str:
    css = content_folder("templates").joinpath("paper.css").read_text(encoding="utf-8")
    return css + f"html {{ font-size: {_SIZES[look]}; line-height: {_LINES[look]}; }}\n"


def _nothing(*_: object, **__: object) -> Any:
    """Refuse every address: the document needs nothing but itself."""
    raise ValueError("nothing is loaded")


def _finish(pdf: Any, link_titles: Mapping[str, str]) -> None:
    """Mend the tags. Raises PdfSystemError when no font was embedded: the document would be empty."""
    if not any(isinstance(one, dict) and ({"FontFile2", "FontFile3"} & one.keys()) for one in pdf.objects):
        raise PdfSystemError("a font")
    mend(pdf, link_titles)
