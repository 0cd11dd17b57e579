"""The form that holds the report: which one, in which charset, whole and undamaged."""

import base64
import codecs
import hashlib
from typing import Any

import pytest
from weasyprint import HTML  # type: ignore[import-untyped]

from plainrad.errors import AttachmentError, ReportTooLargeError
from plainrad.formats.fhir.attachments import read_form
from plainrad.formats.fhir.names import MADE_BY
from tests.support.fhir import TEXT, form


def read(*forms: dict[str, Any]) -> Any:
    return read_form({"presentedForm": list(forms)})


def test_plain_text_is_read_byte_for_byte() -> None:
    found = read(form(TEXT))
    assert (found.text, found.data, found.index, found.verbatim) == (TEXT, TEXT.encode(), 0, True)


@pytest.mark.parametrize(
    ("data", "content_type", "text"),
    [
        ("12 µm".encode("latin-1"), "text/plain; charset=ISO-8859-1", "12 µm"),
        (b"\x93a\x94", 'text/plain;charset="windows-1252"', "\u201ca\u201d"),
        (codecs.BOM_UTF8 + b"a", "text/plain", "\ufeffa"),
        ("aé".encode("utf-16"), "text/plain; charset=utf-16", "aé"),
        ("aé".encode("utf-16"), "text/plain", "aé"),
        ("<p>aé</p>".encode("latin-1"), "text/html; charset=latin1", "aé\n"),
        ('<meta charset="iso-8859-1"><p>aé</p>'.encode("latin-1"), "text/html", "aé\n"),
        (b"<p>a</p>", "TEXT/HTML", "a\n"),
    ],
)
def test_charsets_are_those_that_are_named(data: bytes, content_type: str, text: str) -> None:
    assert read(form(data, content_type)).text == text


def test_the_words_come_before_what_must_be_turned_into_words() -> None:
    found = read(form("<p>x</p>", "text/html"), form(b"%PDF", "application/pdf"), form("x", "text/plain"))
    assert (found.index, found.text) == (2, "x")


def test_a_pdf_is_read() -> None:
    found = read(form(HTML(string="<p>No fracture.</p>").write_pdf(), "application/pdf"))
    assert (found.text.split(), found.verbatim) == (["No", "fracture."], False)


def test_forms_without_data_and_our_own_are_passed_over() -> None:
    ours = form("<p>patient version</p>", "text/html", extension=[{"url": MADE_BY, "valueString": "Plainrad 0"}])
    assert read({"contentType": "application/pdf", "url": "https://pacs.example/1"}) is None
    assert read(ours) is None
    assert read(ours, form("x", "text/plain")).index == 1
    assert read_form({}) is None


def test_size_and_hash_are_believed_when_they_agree() -> None:
    digest = hashlib.sha1(b"a")  # noqa: S324
    for sent in (base64.b64encode(digest.digest()).decode(), digest.hexdigest(), digest.hexdigest().upper()):
        assert read(form("a", size=1, hash=sent)).text == "a"


BAD = [
    [{"contentType": "text/plain", "data": "%%%"}],
    [{"contentType": "text/plain", "data": "YQ"}],
    [form(b"\xff\xfea\xd8", "text/plain; charset=utf-8")],
    [form(b"caf\xe9")],
    [form("a", "text/plain; charset=ebcdic-cp-us")],
    [form("a", size=2)],
    [form("a", hash="AAAA")],
    [form("{\\rtf1 a}", "application/rtf")],
    [form("a", "image/png")],
    [form("a"), form("a b")],
    [form(b"%PDF-1.4 cut", "application/pdf")],
    [form("<p hidden>a</p>", "text/html")],
]


@pytest.mark.parametrize("forms", BAD)
def test_what_cannot_be_read_whole_is_refused(forms: list[dict[str, Any]]) -> None:
    with pytest.raises(AttachmentError) as caught:
        read(*forms)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_too_much_is_refused() -> None:
    with pytest.raises(ReportTooLargeError):
        read(form("a" * 800_001))
