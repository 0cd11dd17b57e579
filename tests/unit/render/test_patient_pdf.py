"""The PDF: one tagged document with the patient version and the original, readable by people and by screen readers."""

import io
import itertools
import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pypdf
import pytest

from plainrad.domain.report import Exam, Report, ReportStatus
from plainrad.errors import ExtraMissingError, PdfSystemError
from plainrad.render import render_pdf
from plainrad.render.pdf import _finish
from plainrad.render.view import LOOKS, Look
from tests.support.patient import DISCLAIMER, NHS_CT, TEXT, explanation, patient_report, plain_report, statement


def read(content: bytes) -> Any:
    return pypdf.PdfReader(io.BytesIO(content))


@pytest.fixture(scope="module")
def document() -> Any:
    return read(render_pdf(patient_report()))


def letters(text: str) -> str:
    """The letters alone: lines break elsewhere on paper, and pypdf gives ligatures back as one letter."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def text_of(pdf: Any) -> str:
    """The text of all pages, without the number that stands at the foot of each."""
    pages = [letters(page.extract_text()) for page in pdf.pages]
    return "".join(
        re.sub(rf"^{number}/{len(pages)}|{number}/{len(pages)}$", "", text) for number, text in enumerate(pages, 1)
    )


def elements(pdf: Any) -> Iterator[Any]:
    """The structure elements, in reading order."""
    waiting = [pdf.root_object["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if not isinstance(element, dict):
            continue
        if "/S" in element:
            yield element
        below = element.get("/K", [])
        waiting += reversed(below if isinstance(below, list) else [below])


def test_it_says_that_it_is_accessible_and_in_which_language(document: Any) -> None:
    root = document.root_object
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert b'pdfuaid:part="1"' in root["/Metadata"].get_data()


def test_its_metadata_hold_nothing_that_the_sender_wrote() -> None:
    report = Report("CT head for Ada TESTPATIENT.", ReportStatus.FINAL, Exam("CT head TESTPATIENT Ada", "CT"))
    pdf = read(render_pdf(plain_report(report.text, report=report)))
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Your scan report, explained"
    assert "TESTPATIENT" not in str(dict(pdf.metadata))
    assert b"TESTPATIENT" not in pdf.root_object["/Metadata"].get_data()
    assert "TESTPATIENT" in text_of(pdf)


def test_every_font_is_embedded_and_can_be_read_out(document: Any) -> None:
    fonts = [font.get_object() for page in document.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & descriptor.keys()
        assert "/ToUnicode" in font


def test_its_text_can_be_taken_out_in_reading_order(document: Any) -> None:
    patient, text = patient_report(), text_of(document)
    wanted = ["CT chest with contrast", "What this page is", "The report in plain words", "What the report describes"]
    wanted += ["There is a small amount of fluid around the left lung (pleural effusion).", "Parts of the body"]
    wanted += [
        DISCLAIMER,
        "111",
        patient.questions[0],
        "The report, word for word",
        TEXT,
        NHS_CT.url,
        "Words explained",
    ]
    wanted += ["artefact", "atelectasis", "How this page was made", patient.report.sha256]
    at = 0
    for one in wanted:
        found = text.find(letters(one), at)
        assert found >= 0, one
        at = found


def test_every_statement_stands_beside_the_reports_own_words(document: Any) -> None:
    text = text_of(document)
    for one in patient_report().statements:
        assert letters(one.text) in text
        assert letters(one.quote) in text


def test_headings_lists_and_tables_are_tagged_and_no_level_is_left_out(document: Any) -> None:
    tags = [element["/S"] for element in elements(document)]
    assert {"/H1", "/H2", "/H3", "/Table", "/TR", "/TH", "/TD", "/L", "/LI", "/P", "/Link"} <= set(tags)
    levels = [int(tag[2]) for tag in tags if tag[:2] == "/H" and tag[2:].isdigit()]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_every_table_header_says_what_it_heads(document: Any) -> None:
    scopes = [element["/A"]["/Scope"] for element in elements(document) if element["/S"] == "/TH"]
    assert scopes.count("/Row") == len(patient_report().explanations)
    assert scopes.count("/Column") == len(scopes) - scopes.count("/Row") > 0


def test_it_has_bookmarks_and_its_links_lead_out_and_nowhere_else(document: Any) -> None:
    assert document.outline
    actions = [
        note.get_object()["/A"]
        for page in document.pages
        for note in page.get("/Annots", [])
        if "/A" in note.get_object()
    ]
    assert {action["/S"] for action in actions} == {"/URI"}
    assert {action["/URI"] for action in actions} == {one.url for one in patient_report().links} | {
        "https://111.nhs.uk/"
    }


def test_it_runs_nothing(document: Any) -> None:
    assert not {"/OpenAction", "/AA", "/AcroForm"} & document.root_object.keys()
    assert not {"/JavaScript", "/EmbeddedFiles"} & document.root_object.get("/Names", {}).keys()


def test_without_the_extra_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(ExtraMissingError, match=r"pip install 'plainrad\[pdf\]'"):
        render_pdf(patient_report())


@pytest.mark.parametrize("look", LOOKS)
def test_letters_are_at_least_eleven_points_and_eighteen_in_large_print(look: Look) -> None:
    sizes: dict[float, int] = {}

    def met(text: str, matrix: list[float], state: list[float], _: object, size: float) -> None:
        if text.strip():
            height = round(abs(size * matrix[3] * state[3]), 1)
            sizes[height] = sizes.get(height, 0) + len(text)

    for page in read(render_pdf(patient_report(), look=look)).pages:
        page.extract_text(visitor_text=met)
    # A point is 4/3 of the unit in which WeasyPrint draws before it scales the page.
    usual = max(sizes, key=lambda size: sizes[size])
    assert usual >= (11 if look == "standard" else 18)


def test_the_same_patient_report_gives_the_same_bytes() -> None:
    assert render_pdf(patient_report()) == render_pdf(patient_report())


@pytest.mark.parametrize("look", LOOKS)
def test_hostile_words_stay_words_and_load_nothing(look: Look) -> None:
    bad = "<img src='file:///etc/hostname'><link rel=attachment href='file:///etc/hostname'><style>*{display:none}</style>{{ 7*7 }}"
    patient = plain_report(
        bad,
        report=Report(bad, ReportStatus.FINAL, Exam(bad)),
        statements=(statement(text=bad, quote=bad),),
        explanations=(explanation("small", bad, plain=bad[1:], definition=bad),),
        questions=(bad,),
    )
    pdf = read(render_pdf(patient, look=look))
    assert text_of(pdf).count(letters(bad)) >= 6
    assert not pdf.attachments


def test_a_link_that_is_no_web_address_is_left_out() -> None:
    pdf = render_pdf(plain_report("x", links=(replace(NHS_CT, url="file:///etc/hostname"),)))
    assert "Where to read more" not in "\n".join(page.extract_text() for page in read(pdf).pages)


def test_a_system_without_fonts_is_named_and_no_empty_document_is_given() -> None:
    class WithoutFonts:
        objects = ({"S": "/Document"},)

    with pytest.raises(PdfSystemError, match=r"lacks a font\. .* apt-get install libpango"):
        _finish(WithoutFonts(), {})


@pytest.mark.parametrize("look", ["large", "easy"])
def test_in_large_print_a_sentence_that_quotes_the_report_is_not_followed_by_the_same_quote(look: Look) -> None:
    said = "The report gives this measurement: “Mean sac diameter 15 mm.”"
    one = statement(text=said, quote="Mean sac diameter 15 mm.")
    two = statement(2, text="There is a small sac.", quote="Yolk sac: seen.")
    text = text_of(read(render_pdf(plain_report("x", statements=(one, two)), look=look)))
    assert text.count(letters("Mean sac diameter 15 mm")) == 1
    assert letters("Yolk sac: seen.") in text
