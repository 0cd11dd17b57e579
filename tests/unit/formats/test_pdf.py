"""PDF reports become their words; a page without words is refused."""

import io

import pypdf
import pytest
from pypdf.generic import DictionaryObject, NameObject
from weasyprint import HTML  # type: ignore[import-untyped]

from plainrad.errors import AttachmentError
from plainrad.formats.pdf import pdf_text


def made(*pages: str) -> bytes:
    written: bytes = HTML(
        string='<div style="page-break-after: always">'.join(f"<p>{one}</p>" for one in pages)
    ).write_pdf()
    return written


def changed(data: bytes, change: str) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    if change == "locked":
        writer.encrypt("secret")
    elif change == "blank":
        writer.add_blank_page()
    else:
        mark = DictionaryObject({NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject(change)})
        writer.add_annotation(0, mark | {"/Rect": pypdf.generic.RectangleObject((0, 0, 9, 9))})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return made("Small left pleural effusion.", "No pneumothorax.")


def test_the_words_of_every_page_are_read(pdf: bytes) -> None:
    assert pdf_text(pdf).split("\n") == ["Small left pleural effusion.", "No pneumothorax.", ""] or (
        pdf_text(pdf).split() == ["Small", "left", "pleural", "effusion.", "No", "pneumothorax."]
    )


@pytest.mark.parametrize("change", ["locked", "blank", "/StrikeOut", "/FreeText", "/Redact"])
def test_what_hides_or_changes_words_is_refused(pdf: bytes, change: str) -> None:
    with pytest.raises(AttachmentError):
        pdf_text(changed(pdf, change))


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"not a PDF", b"%PDF-1.4\n" + b"\x00" * 1000])
def test_what_is_no_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(AttachmentError):
        pdf_text(data)


def test_a_pdf_cut_short_is_read_whole_or_refused(pdf: bytes) -> None:
    whole = pdf_text(pdf)
    for length in range(0, len(pdf), len(pdf) // 20):
        try:
            assert pdf_text(pdf[:length]) == whole
        except AttachmentError:
            continue
