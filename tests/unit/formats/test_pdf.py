"""PDF reports become their words; a page without words is refused."""

import io
import zlib

import pypdf
import pytest
from pypdf.generic import DictionaryObject, NameObject
from weasyprint import HTML  # type: ignore[import-untyped]

from plainrad.errors import AttachmentError
from plainrad.formats import pdf_child
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


def bomb(content: bytes, *, pages: int) -> bytes:
    """Return a small PDF whose pages all draw the same content."""
    packed = zlib.compress(content, 9)
    kids = b" ".join(b"%d 0 R" % (5 + n) for n in range(pages))
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 3 0 R /Resources << /Font << /F1 4 0 R >> >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % pages,
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed) + packed + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *[page] * pages,
    ]
    out, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + one + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % one for one in places)
    size = len(objects) + 1
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + end


WORDS = b"BT /F1 12 Tf (Hi) Tj ET\n"


def test_pages_of_one_content_are_read() -> None:
    assert pdf_text(bomb(WORDS, pages=2)).split() == ["Hi", "Hi"]


@pytest.mark.parametrize("pages", [1, 100])
def test_a_small_file_that_unpacks_to_much_is_refused(pages: int) -> None:
    data = bomb(WORDS + b"1 w\n" * (pdf_child.MAX_CONTENT // 4), pages=pages)
    assert len(data) < 50_000
    with pytest.raises(AttachmentError, match="far more than a report holds"):
        pdf_text(data)


def test_what_takes_too_long_is_ended() -> None:
    data = bomb(WORDS + b"1 w\n" * (pdf_child.MAX_CONTENT // 5), pages=1)
    with pytest.raises(AttachmentError, match="too long"):
        pdf_text(data, seconds=0.01)
