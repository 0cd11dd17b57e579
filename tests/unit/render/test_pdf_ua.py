"""The PDF keeps every condition of PDF/UA-1 that a machine can check, and the check would see each fault."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, BooleanObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from plainrad.bootstrap import Plainrad
from plainrad.render import render_pdf
from plainrad.render.view import LOOKS, Look
from tests.support.golden_cases import example
from tests.support.patient import patient_report
from tests.support.pdf_ua import faults

# Pictures and links; a hundred rows over many pages; a frightening one; bones.
REPORTS = ("ct-head-fall", "ct-cap-staging", "us-early-pregnancy", "xr-both-hands")


def read(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


@pytest.fixture(scope="module")
def content() -> bytes:
    return render_pdf(patient_report())


def elements(reader: PdfReader, tag: str) -> list[Any]:
    """The structure elements of a kind."""
    found, waiting = [], [reader.root_object["/StructTreeRoot"]]
    while waiting:
        one: Any = waiting.pop().get_object()
        if not isinstance(one, DictionaryObject):
            continue
        if one.get("/S") == f"/{tag}":
            found.append(one)
        below = one.get("/K", [])
        waiting += list(below) if isinstance(below, list) else [below]
    return found


@pytest.mark.parametrize("look", LOOKS)
def test_a_patient_version_in_every_style_has_no_fault(look: Look) -> None:
    assert faults(read(render_pdf(patient_report(), look=look))) == []


@pytest.mark.parametrize("name", REPORTS)
def test_an_example_has_no_fault(plainrad: Plainrad, name: str) -> None:
    patient = plainrad.annotate(example(name))
    reader = read(render_pdf(patient))
    assert faults(reader) == []
    for one in elements(reader, "Figure"):
        assert len(str(one["/Alt"])) > 20  # the picture in words; a sign beside words is no figure


def test_a_link_is_read_out_as_its_page_is_called(content: bytes) -> None:
    notes = [note.get_object() for page in read(content).pages for note in page.get("/Annots", [])]
    said = {str(note["/A"]["/URI"]): str(note["/Contents"]) for note in notes}
    wanted = {one.url: f"{one.title} – {one.publisher}" for one in patient_report().links}
    assert said == wanted | {"https://111.nhs.uk/": "NHS 111 online"}


def root(reader: PdfReader) -> Any:
    return reader.root_object


def without(name: str) -> Callable[[PdfReader], None]:
    return lambda reader: root(reader).pop(name, None)


def untitled(reader: PdfReader) -> None:
    root(reader)["/ViewerPreferences"][NameObject("/DisplayDocTitle")] = BooleanObject(False)


def not_ua(reader: PdfReader) -> None:
    stream: Any = root(reader)["/Metadata"].get_object()
    stream.set_data(stream.get_data().replace(b"pdfuaid:part", b"pdfuaid:thing"))


def header_of_nothing(reader: PdfReader) -> None:
    one = elements(reader, "TH")[0]
    one["/A"].pop("/Scope")
    one.pop("/ID", None)


def skipped_heading(reader: PdfReader) -> None:
    elements(reader, "H2")[0][NameObject("/S")] = NameObject("/H4")


def later_first_heading(reader: PdfReader) -> None:
    elements(reader, "H1")[0][NameObject("/S")] = NameObject("/H2")


def silent_figure(reader: PdfReader) -> None:
    elements(reader, "P")[0][NameObject("/S")] = NameObject("/Figure")


def silent_link(reader: PdfReader) -> None:
    notes = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    notes[0][NameObject("/Contents")] = TextStringObject("")


def unprinted_link(reader: PdfReader) -> None:
    notes = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    notes[0].pop("/F")


def homeless_link(reader: PdfReader) -> None:
    elements(reader, "Link")[0][NameObject("/S")] = NameObject("/Span")


def tab_anywhere(reader: PdfReader) -> None:
    for page in reader.pages:
        page.pop("/Tabs", None)


def font(reader: PdfReader) -> Any:
    fonts: Any = reader.pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    return next(iter(fonts.values())).get_object()


def lent_font(reader: PdfReader) -> None:
    descriptor = font(reader)["/DescendantFonts"][0].get_object()["/FontDescriptor"]
    for name in ("/FontFile2", "/FontFile3"):
        descriptor.pop(name, None)


def unreadable_font(reader: PdfReader) -> None:
    font(reader).pop("/ToUnicode")


def own_type(reader: PdfReader) -> None:
    elements(reader, "H1")[0][NameObject("/S")] = NameObject("/Shout")


def loose_row(reader: PdfReader) -> None:
    elements(reader, "Table")[0][NameObject("/S")] = NameObject("/Div")


def cell_too_few(reader: PdfReader) -> None:
    row = elements(reader, "TR")[0]
    row[NameObject("/K")] = ArrayObject(list(row["/K"])[:1])


def untagged_content(reader: PdfReader) -> None:
    elements(reader, "H1")[0][NameObject("/K")] = ArrayObject()


def lost_page(reader: PdfReader) -> None:
    reader.pages[0].pop("/StructParents")


def another_element(reader: PdfReader) -> None:
    rows: Any = root(reader)["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    rows[1][NumberObject(0)] = rows[1][1]


FAULTS: dict[str, tuple[Callable[[PdfReader], None], str]] = {
    "no tree": (without("/StructTreeRoot"), "01-005"),
    "not marked as tagged": (without("/MarkInfo"), "01-005"),
    "content without a tag": (untagged_content, "01-005"),
    "a page that leads nowhere": (lost_page, "01-006"),
    "a mark that leads elsewhere": (another_element, "01-006"),
    "a type of its own": (own_type, "02-001"),
    "no metadata": (without("/Metadata"), "06-001"),
    "metadata of another kind": (not_ua, "06-002"),
    "the name of the file shown": (untitled, "07-001"),
    "a row outside a table": (loose_row, "09-004"),
    "no language": (without("/Lang"), "11-006"),
    "a figure without words": (silent_figure, "13-004"),
    "a first heading of level 2": (later_first_heading, "14-002"),
    "a level left out": (skipped_heading, "14-003"),
    "a row with a cell too few": (cell_too_few, "15-001"),
    "a header of nothing": (header_of_nothing, "15-003"),
    "Tab in no order": (tab_anywhere, "28-009"),
    "a link outside the tree": (homeless_link, "28-011"),
    "a link without words": (silent_link, "28-012"),
    "a note that is not printed": (unprinted_link, "28-004"),
    "a font of the reader's machine": (lent_font, "31-009"),
    "letters that cannot be read out": (unreadable_font, "31-027"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_check_would_see_it(content: bytes, fault: str) -> None:
    reader = read(content)
    plant, number = FAULTS[fault]
    plant(reader)
    assert {one.partition(":")[0] for one in faults(reader)} >= {number}
