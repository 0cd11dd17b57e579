"""On paper stands all that a reader needs: every statement with its quote, the report, the words, the disclaimer."""

import importlib
import io
import shutil
import subprocess
import unicodedata

import pytest

from plainrad.domain.patient import PatientReport
from tests.browser.support import EXAMPLES, IN_BROWSER, LONGEST, Open, squeezed

pytestmark = IN_BROWSER


def wanted(patient: PatientReport) -> list[str]:
    return [
        *(one.text for one in patient.statements),
        *(one.quote for one in patient.statements),
        *(one.term for one in patient.explanations),
        *(one.definition for one in patient.explanations),
        *patient.questions,
        patient.disclaimer,
        patient.disclaimer_plain,
    ]


def text_of_pdf(content: bytes) -> str:
    """Return the text of a PDF, read by pypdf or by poppler's pdftotext, whichever is there."""
    try:
        pypdf = importlib.import_module("pypdf")
    except ImportError:
        program = shutil.which("pdftotext")
        if program is None:
            pytest.skip("Neither pypdf nor pdftotext is installed, so the text of a PDF cannot be read.")
        done = subprocess.run([program, "-", "-"], input=content, capture_output=True, check=True)
        return done.stdout.decode()
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def letters(text: str) -> str:
    """Return `text` as it can be found in a PDF: ligatures undone, without white space and hyphens at ends of lines."""
    return squeezed(unicodedata.normalize("NFKC", text)).replace("-", "")


@pytest.mark.parametrize("name", EXAMPLES)
def test_nothing_that_matters_is_hidden_on_paper(open_page: Open, name: str) -> None:
    opened = open_page(name)
    page = opened.page
    page.emulate_media(media="print")
    text = squeezed(page.locator("body").inner_text())
    missing = [one for one in wanted(opened.patient) if squeezed(one) not in text]
    assert missing == []
    hidden = page.locator("main p, main blockquote, main li, main td, main th, .original").evaluate_all(
        """all => all.filter(one => !one.matches("nav *, .jump, .on-screen, .word-list *"))  // the words stand in the table instead
          .filter(one => !one.checkVisibility({contentVisibilityAuto: true})).map(one => one.outerHTML.slice(0, 120))"""
    )
    assert hidden == []


def test_paper_is_white_even_when_the_screen_is_dark(open_page: Open) -> None:
    page = open_page("xr-chest-normal", color_scheme="dark").page
    page.emulate_media(media="print", color_scheme="dark")
    colours = page.evaluate("(({backgroundColor, color}) => [backgroundColor, color])(getComputedStyle(document.body))")
    assert colours == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_pdf_holds_every_statement_the_words_and_the_disclaimer(open_page: Open, name: str) -> None:
    opened = open_page(name)
    text = letters(text_of_pdf(opened.page.pdf(format="A4")))
    missing = [one for one in wanted(opened.patient) if letters(one) not in text]
    assert missing == []


@pytest.mark.parametrize(("name", "most"), [("ct-head-fall", 7), ("xr-chest-normal", 6), (LONGEST, 15)])
def test_a_report_needs_few_sheets(open_page: Open, name: str, most: int) -> None:
    content = open_page(name).page.pdf(format="A4", prefer_css_page_size=True)
    assert content.count(b"/Type /Page\n") <= most
