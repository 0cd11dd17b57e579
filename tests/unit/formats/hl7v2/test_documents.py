"""A report that came as PDF alone: its words are read, or it is refused with a clear reason."""

import base64

import pytest
from weasyprint import HTML  # type: ignore[import-untyped]

from plainrad.errors import AttachmentError, ReportEmptyError, ReportError
from plainrad.formats.hl7v2.read import ReportReceived, WithdrawalReceived, read_oru
from plainrad.formats.hl7v2.refusals import refusal_of
from plainrad.formats.hl7v2.site import Hl7Site
from tests.support.hl7 import message, msh, obr, obx, pid

SITE = Hl7Site()


@pytest.fixture(scope="module")
def pdf() -> bytes:
    made: bytes = HTML(string="<p>Small left pleural effusion.</p><p>No pneumothorax.</p>").write_pdf()
    return made


def document(data: bytes, kind: str = "application^pdf", **fields: str) -> str:
    return obx(f"^{kind}^Base64^{base64.b64encode(data).decode()}", **{"f2": "ED"} | fields)


def received(*segments: str) -> ReportReceived:
    (item,) = read_oru(message(msh(), pid(), *segments), SITE).items
    assert isinstance(item, ReportReceived)
    return item


def test_the_words_of_the_pdf_are_the_report(pdf: bytes) -> None:
    item = received(obr(), document(pdf))
    assert item.report.text.split() == ["Small", "left", "pleural", "effusion.", "No", "pneumothorax."]
    assert item.attachments[0].data == pdf


def test_a_pdf_is_known_by_what_it_is_and_not_only_by_its_name(pdf: bytes) -> None:
    assert "No pneumothorax." in received(obr(), document(pdf, "application^octet-stream")).report.text


def test_comments_stand_above_and_several_pdfs_below_each_other(pdf: bytes) -> None:
    text = received(obr(), document(pdf), "NTE|1||Seen by the ward.", document(pdf, f1="2")).report.text
    assert text.startswith("Seen by the ward.\n")
    assert text.count("No pneumothorax.") == 2


def test_where_there_are_words_the_pdf_stays_beside_them(pdf: bytes) -> None:
    item = received(obr(), obx("No fracture."), document(pdf, f1="2"))
    assert item.report.text == "No fracture."
    assert len(item.attachments) == 1


def test_an_empty_text_beside_a_pdf_is_no_report(pdf: bytes) -> None:
    assert "No pneumothorax." in received(obr(), obx("\\.br\\ --"), document(pdf, f1="2")).report.text


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"%PDF-1.4\n" + b"\x00" * 500])
def test_a_pdf_that_cannot_be_read_is_said_to_be_so(data: bytes) -> None:
    with pytest.raises(AttachmentError) as raised:
        received(obr(), document(data))
    assert refusal_of(raised.value)[:2][0] == "attachment_unreadable"


def test_a_pdf_without_words_is_refused() -> None:
    blank: bytes = HTML(string="<svg width='9' height='9'><rect width='9' height='9'/></svg>").write_pdf()
    with pytest.raises(AttachmentError):
        received(obr(), document(blank))


def test_more_pdfs_than_a_report_has_are_refused(pdf: bytes) -> None:
    with pytest.raises(AttachmentError):
        received(obr(), *(document(pdf, f1=str(n)) for n in range(1, 6)))


def test_a_document_that_is_no_pdf_has_no_words() -> None:
    with pytest.raises(ReportEmptyError):
        received(obr(), document(b"\xff\xd8\xff", "image^jpeg"))


def judged(*segments: str) -> str:
    try:
        (item,) = read_oru(message(msh(), pid(), *segments), SITE).items
    except ReportError as error:
        return refusal_of(error)[0]
    return "withdrawn" if isinstance(item, WithdrawalReceived) else item.report.status.value


@pytest.mark.parametrize(
    ("whole", "part", "code"),
    [
        ("F", "P", "report_status_mixed"), ("", "F", "final"), ("", "", "report_status_missing"), ("", "P", "report_not_verified"),
        ("P", "F", "report_not_verified"), ("F", "W", "withdrawn"), ("R", "", "withdrawn"), ("F", "", "final"),
    ],
)  # fmt: skip
def test_its_status_is_that_of_the_document(pdf: bytes, whole: str, part: str, code: str) -> None:
    assert judged(obr(f25=whole), document(pdf, f11=part)) == code


@pytest.mark.parametrize(
    ("part", "code"), [("P", "report_status_mixed"), ("D", "withdrawn"), ("", "final"), ("F", "final")]
)
def test_a_document_beside_words_that_is_not_verified_or_wrong_counts(pdf: bytes, part: str, code: str) -> None:
    assert judged(obr(), obx("No fracture."), document(pdf, f1="2", f11=part)) == code
