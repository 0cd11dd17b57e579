"""What a message becomes: the report, whom it is about, who asked and who reported; and everything that is refused.

It is one file because each is a case of the same mapping, and a reader looks for a field in one place.
"""

import base64
from typing import Any

import pytest

from plainrad.domain.report import ReportStatus
from plainrad.errors import MessageError, ReportError
from plainrad.formats.hl7v2.read import ReportReceived, WithdrawalReceived, read_oru
from plainrad.formats.hl7v2.refusals import refusal_of
from plainrad.formats.hl7v2.site import Hl7Site, Radiology
from tests.support.hl7 import MARKER, NHS_NUMBER, OTHER_NHS_NUMBER, WORDS, message, msh, obr, obx, orc, pid

SITE = Hl7Site()


def read(*segments: str, site: Hl7Site = SITE) -> ReportReceived:
    (item,) = read_oru(message(*segments), site).items
    assert isinstance(item, ReportReceived)
    return item


def code_of(*segments: str, site: Hl7Site = SITE) -> str:
    with pytest.raises(ReportError) as caught:
        read_oru(message(*segments), site)
    assert MARKER not in str(caught.value)
    return refusal_of(caught.value)[0]


def site(**choices: Any) -> Hl7Site:
    return Hl7Site.model_validate(choices)


# ---- fields --------------------------------------------------------------------------------------------------------


def test_every_field_has_its_place() -> None:
    report = read().report
    assert report.text == WORDS.replace("\\.br\\", "\n")
    assert report.status is ReportStatus.FINAL
    assert (report.exam.title, report.exam.modality) == ("CT Chest with contrast", "CT")
    assert report.exam.code is not None
    assert (report.exam.code.value, report.exam.code.system) == ("CCHAC", "NICIP")
    assert report.exam.performed_at is not None
    assert report.exam.performed_at.isoformat() == "2025-12-20T09:30:00+00:00"
    assert report.verified_at is not None
    assert report.verified_at.isoformat() == "2025-12-22T14:15:00+00:00"
    assert (report.requester, report.reported_by) == ("Dr Kim Foster", ("Dr Robin Reader",))
    assert (report.report_id, report.accession, report.organisation) == ("ACC123456", "ACC123456", "RXX")
    patient = report.patient
    assert patient is not None
    assert patient.nhs_number is not None
    assert patient.nhs_number.value == NHS_NUMBER
    assert [(one.value, one.system, one.kind) for one in patient.identifiers] == [("H00017", "RXX", "MR")]
    assert (patient.family, patient.given, str(patient.birth_date), patient.sex) == (
        MARKER,
        ("Alex", "Jo"),
        "1970-01-31",
        "female",
    )
    assert patient.traced


def test_the_accession_number_of_the_order_is_kept_beside_the_number_of_the_report() -> None:
    report = read(msh(), pid(), "ORC|RE||ACC-9", obr(f3="REP-1"), obx()).report
    assert (report.report_id, report.accession) == ("REP-1", "ACC-9")


def test_a_site_says_where_things_stand() -> None:
    chosen = site(
        fields={
            "verified_at": ["OBX-14", "OBR-22"],
            "report_id": ["OBR-2"],
            "accession": ["OBR-18"],
            "organisation": ["MSH-6"],
        }
    )
    report = read(msh(), pid(), obr(f2="P-1", f18="A-1"), obx(f14="20251224"), site=chosen).report
    assert (report.report_id, report.accession, report.organisation) == ("P-1", "A-1", "PKB")
    assert report.verified_at is not None
    assert report.verified_at.isoformat() == "2025-12-24T23:59:59+00:00"


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("R1&Reader&Robin&A&&Dr", "Dr Robin A Reader"),
        ("R1^Reader^Robin^A^^Dr", "Dr Robin A Reader"),
        ("^Reader", "Reader"),
        ("R1", None),
    ],
)
def test_names_are_read_in_both_ways_of_writing_them(field: str, name: str | None) -> None:
    assert read(msh(), pid(), obr(f32=field), obx()).report.reported_by == ((name,) if name else ())


def test_the_second_reader_is_named_too_and_each_once() -> None:
    found = read(msh(), pid(), obr(f33="R2^Second^Sam~R1^Reader^Robin^^^Dr"), obx()).report.reported_by
    assert found == ("Dr Robin Reader", "Sam Second")


def test_who_asked_may_stand_in_the_order() -> None:
    assert read(msh(), pid(), orc(f12="C2^Other^Ola"), obr(f16=""), obx()).report.requester == "Ola Other"
    assert read(msh(), pid(), orc(f12="C2^Other^Ola"), obr(), obx()).report.requester == "Dr Kim Foster"


# ---- patients ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "field",
    [f"{NHS_NUMBER}^^^NHS^NH", f"{NHS_NUMBER[:3]} {NHS_NUMBER[3:6]} {NHS_NUMBER[6:]}^^^NHS", f"{NHS_NUMBER}^^^^NH",
     f"{NHS_NUMBER}^^^&2.16.840.1.113883.2.1.4.1&ISO", f"H1^^^RXX^MR~{NHS_NUMBER}^^^nhs^nh"],
)  # fmt: skip
def test_an_nhs_number_is_known_by_its_authority_or_its_type(field: str) -> None:
    patient = read(msh(), pid(f3=field), obr(), obx()).report.patient
    assert patient is not None
    assert patient.nhs_number is not None


def test_ten_digits_of_a_hospital_are_no_nhs_number() -> None:
    patient = read(msh(), pid(f3=f"{NHS_NUMBER}^^^RXX^MR"), obr(), obx()).report.patient
    assert patient is not None
    assert patient.nhs_number is None


@pytest.mark.parametrize(
    ("sent", "traced"), [("", True), ("01", True), ("02", False), ("03~UA", False), ("UA", True), ("AL", True)]
)
def test_an_untraced_number_is_marked(sent: str, traced: bool) -> None:
    patient = read(msh(), pid(f32=sent), obr(), obx()).report.patient
    assert patient is not None
    assert patient.traced is traced


def test_a_birthday_that_is_none_is_left_out() -> None:
    patient = read(msh(), pid(f7="TEST^ALEX", f8="?"), obr(), obx()).report.patient
    assert patient is not None
    assert (patient.birth_date, patient.sex) == (None, None)


@pytest.mark.parametrize(
    ("segments", "code"),
    [
        pytest.param((msh(), obr(), obx()), "segment_missing", id="no PID"),
        pytest.param((msh(), pid()), "segment_missing", id="no OBR: half a message"),
        pytest.param((msh(),), "segment_missing", id="only a header"),
        pytest.param((msh(), pid(f3="9992158108^^^NHS^NH"), obr(), obx()), "nhs_number_invalid", id="wrong check digit"),
        pytest.param((msh(), pid(f3=f"{NHS_NUMBER}^^^NHS^NH~{OTHER_NHS_NUMBER}^^^NHS^NH"), obr(), obx()), "patient_mismatch", id="two numbers in one PID"),
        pytest.param((msh(), pid(f2=f"{OTHER_NHS_NUMBER}^^^NHS^NH"), obr(), obx()), "patient_mismatch", id="PID-2 and PID-3 differ"),
        pytest.param((msh(), pid(), obr(), obx(), pid(f3=f"{OTHER_NHS_NUMBER}^^^NHS^NH")), "patient_mismatch", id="two PID, two numbers"),
        pytest.param((msh(), pid(), pid(f3="H00018^^^RXX^MR"), obr(), obx()), "patient_mismatch", id="two hospital numbers"),
        pytest.param((msh(), pid(), pid(f5="Other^Alex"), obr(), obx()), "patient_mismatch", id="two names"),
        pytest.param((msh(), pid(), pid(f7="19710131"), obr(), obx()), "patient_mismatch", id="two birthdays"),
        pytest.param((msh(), pid(), obr(), obx(), obr(f3="ACC2"), obx()), "several_reports", id="two OBR"),
        pytest.param((msh(), pid(), obr()), "report_empty", id="OBR without text"),
        pytest.param((msh(), pid(), obr(), obx("")), "report_empty", id="an empty OBX"),
        pytest.param((msh(), pid(), obr(), obx('""')), "report_empty", id="HL7's null"),
        pytest.param((msh(), pid(), obr(), obx("\\.br\\ ~ \\.br\\")), "report_empty", id="only line ends"),
        pytest.param((msh(), pid(), obr(), obx("\u2028\u3000\x85")), "report_empty", id="white space of other kinds (found by fuzzing)"),
        pytest.param((msh(), pid(), obr(), obx(" - - ", f3="&IMP")), "report_empty", id="a heading of ours and no words"),
        pytest.param((msh(), pid(), obr(), obx("x" * 200_001)), "report_too_large", id="too long"),
        pytest.param((msh(), pid(), obr(f3=""), obx()), "report_id_missing", id="no number"),
        pytest.param((msh(f9="ADT^A01"), pid(), obr(), obx()), "message_type", id="another type"),
        pytest.param((msh(f9="ORU"), pid(), obr(), obx()), "message_type", id="no trigger"),
        pytest.param((msh(f10=""), pid(), obr(), obx()), "control_id_missing", id="no control id"),
        pytest.param((msh(f11="T"), pid(), obr(), obx()), "processing_id", id="training"),
        pytest.param((msh(f12="3.0"), pid(), obr(), obx()), "version", id="another version"),
        pytest.param((msh(f12=""), pid(), obr(), obx()), "version", id="no version"),
        pytest.param((msh(), pid(), obr(f7="20251301"), obx()), "time_invalid", id="no time of the examination"),
        pytest.param((msh(), pid(), obr(f22="soon"), obx()), "time_invalid", id="no time of verification"),
        pytest.param((msh(), pid(), obr(), obx(), "OBX|2|FT|RPT^Report^L||cut of"), "message_incomplete", id="cut off in a text"),
    ],
)  # fmt: skip
def test_what_is_not_whole_or_not_one_patient_is_refused(segments: tuple[str, ...], code: str) -> None:
    assert code_of(*segments) == code


# ---- radiology -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "order", "taken"),
    [
        ("RADIOLOGY", obr(f24="", f4="X^Y^Z"), True),
        ("LAB", obr(f24="RAD", f4="X^Y^Z"), True),
        ("LAB", obr(f24="", f4="X^Y^NICIP"), True),
        ("LAB", obr(f24="", f4="X^Y^Z^A^B^NICIP"), True),
        ("LAB", obr(f24="CH", f4="X^Y^Z"), False),
        ("LAB", obr(f24="PT", f4="X^Y^Z"), False),  # physical therapy in HL7's own table
        ("", obr(f24="", f4="X^Y^Z"), False),
    ],
)
def test_radiology_is_what_the_site_says_it_is(header: str, order: str, taken: bool) -> None:
    segments = (msh(f3=header), pid(), order, obx())
    if taken:
        assert read(*segments).report.text
    else:
        assert code_of(*segments) == "not_radiology"


def test_a_site_adds_its_own_codes() -> None:
    chosen = Hl7Site(radiology=Radiology(applications=(), departments=(), code_systems=(), codes=("XR*", "CCHAC")))
    assert read(msh(), pid(), obr(f4="XRCHE^XR Chest^L"), obx(), site=chosen).report.exam.title == "XR Chest"
    assert read(site=chosen).report.exam.title
    assert code_of(msh(), pid(), obr(f4="FBC^Full blood count^L"), obx(), site=chosen) == "not_radiology"


# ---- status --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("report", "part", "status"),
    [
        ("F", "F", "final"), ("F", "", "final"), ("C", "C", "corrected"), ("C", "F", "corrected"), ("", "F", "final"), ("", "C", "corrected"),
        ("", "A", "amended"), ("final", "Final", "final"), (" Corrected ", "F", "corrected"), ("Addendum", "F", "appended"),
    ],
)  # fmt: skip
def test_a_verified_report_goes_on(report: str, part: str, status: str) -> None:
    assert read(msh(), pid(), obr(f25=report), obx(f11=part)).report.status.value == status


@pytest.mark.parametrize(
    "whole", ["P", "I", "O", "S", "A", "Y", "Z", "M", "N", "Prelim", "Wet Read", "preliminary", "Dictated", "FINAL?"]
)
def test_what_is_not_verified_never_passes_as_final(whole: str) -> None:
    assert code_of(msh(), pid(), obr(f25=whole), obx(f11="F")) == "report_not_verified"


@pytest.mark.parametrize("part", ["P", "I", "R", "S", "O", "N", "U", "B", "Wet Read"])
def test_a_part_that_is_not_verified_makes_the_whole_unverified(part: str) -> None:
    assert code_of(msh(), pid(), obr(f25="F"), obx(f11="F"), obx(f11=part)) == "report_status_mixed"
    assert code_of(msh(), pid(), obr(f25=""), obx(f11="F"), obx(f11=part)) == "report_not_verified"


def test_without_a_status_nothing_is_verified() -> None:
    assert code_of(msh(), pid(), obr(f25=""), obx(f11="")) == "report_status_missing"
    assert code_of(msh(), pid(), obr(f25=""), obx(f11=""), obx(f11="F")) == "report_status_missing"


@pytest.mark.parametrize(
    ("whole", "part", "reason"),
    [
        ("R", "F", "OBR-25 R"),
        ("X", "", "OBR-25 X"),
        ("F", "D", "OBX-11 D"),
        ("C", "W", "OBX-11 W"),
        ("", "X", "OBX-11 X"),
    ],
)
def test_a_report_is_withdrawn(whole: str, part: str, reason: str) -> None:
    (item,) = read_oru(message(msh(), pid(), obr(f25=whole), obx(f11=part)), SITE).items
    assert isinstance(item, WithdrawalReceived)
    assert (item.report_id, item.reason) == ("ACC123456", reason)


def test_a_withdrawal_needs_no_text() -> None:
    (item,) = read_oru(message(msh(), pid(), obr(f25="R")), SITE).items
    assert isinstance(item, WithdrawalReceived)


def test_a_site_changes_what_a_status_means() -> None:
    chosen = site(status={"withdraw_report": [], "report": {"F": "final", "CP": "final"}})
    assert code_of(msh(), pid(), obr(f25="R"), obx(), site=chosen) == "report_not_verified"
    assert read(msh(), pid(), obr(f25="cp"), obx(), site=chosen).report.status is ReportStatus.FINAL


# ---- words ---------------------------------------------------------------------------------------------------------


def test_each_obx_repetition_and_escape_is_a_line() -> None:
    found = read(
        msh(),
        pid(),
        obr(),
        obx("one~two\\.br\\three"),
        obx("", f1="2"),
        obx("five", f1="3", f2="TX"),
        obx("six", f1="4", f2="ST"),
    )
    assert found.report.text == "one\ntwo\nthree\n\nfive\nsix"


def test_marks_that_a_sender_forgot_to_escape_are_words() -> None:
    assert read(msh(), pid(), obr(), obx("T1 & T2 ^ C&S")).report.text == "T1 & T2 ^ C&S"


def test_comments_below_the_order_and_the_results_are_kept_in_order() -> None:
    segments = (msh(), pid(), "NTE|1||about the patient", obr(), "NTE|1||before", obx("words"), "NTE|1|L|after~more")
    assert read(*segments).report.text == "before\nwords\nafter\nmore"
    assert read(*segments, site=site(comments="leave_out")).report.text == "words"


def test_a_comment_alone_is_a_report_if_its_status_is_stated() -> None:
    assert read(msh(), pid(), obr(), "NTE|1||No pneumothorax.").report.text == "No pneumothorax."


def test_unknown_segments_between_change_nothing() -> None:
    found = read(msh(), "ZZZ|1", pid(), "PV2|x", obr(), "ZDS|1.2.3", obx("one"), "DG1|1", obx("two"), "ZRP|1|x")
    assert found.report.text == "one\ntwo"


def test_what_holds_no_words_is_left_out_and_named() -> None:
    found = read(msh(), pid(), obr(), obx("words"), "OBX|2|RP|1|4|77^UK^ZB||||||F", "OBX|3|CE|1||A^B||||||F")
    assert (found.report.text, found.left_out) == ("words", ("RP", "CE"))


def test_a_sub_id_says_which_part_it_is_where_the_words_do_not() -> None:
    parts = (
        obx("Lungs clear.", f3="1&GDT"),
        obx("Normal.", f3="1&IMP"),
        obx("Still.", f3="1&IMP"),
        obx("Seen again.", f3="1&ADT"),
    )
    found = read(msh(), pid(), obr(), *parts)
    assert found.report.text == "Lungs clear.\nImpression:\nNormal.\nStill.\nAddendum:\nSeen again."
    assert [found.report.text[a:b] for a, b in found.headings] == ["Impression:\n", "Addendum:\n"]
    left = found.report.text
    for start, end in reversed(found.headings):
        left = left[:start] + left[end:]
    assert left == "Lungs clear.\nNormal.\nStill.\nSeen again."


def test_a_part_that_names_itself_gets_no_second_heading() -> None:
    parts = (
        obx("Lungs clear.", f3="&GDT"),
        obx("IMPRESSION: Normal.", f3="&IMP"),
        obx("ADDENDUM", f3="&ADT"),
        obx("More.", f3="&ADT"),
    )
    found = read(msh(), pid(), obr(), *parts)
    assert (found.report.text, found.headings) == ("Lungs clear.\nIMPRESSION: Normal.\nADDENDUM\nMore.", ())


def test_headings_can_be_turned_off() -> None:
    parts = (obx("Lungs clear.", f3="&GDT"), obx("Normal.", f3="&IMP"))
    assert read(msh(), pid(), obr(), *parts, site=site(headings=False)).report.text == "Lungs clear.\nNormal."


# ---- attachments ---------------------------------------------------------------------------------------------------

PDF = b"%PDF-1.4 not really"


def ed(value: str) -> str:
    return obx(value, f1="2", f2="ED")


@pytest.mark.parametrize(
    "value",
    [
        f"^application^pdf^Base64^{base64.b64encode(PDF).decode()}",
        f"RIS^APPLICATION^PDF^BASE64^{base64.b64encode(PDF).decode()[:8]}\\.br\\{base64.b64encode(PDF).decode()[8:]}",
        f"^application^pdf^Hex^{PDF.hex()}",
    ],
)
def test_a_document_is_kept_as_its_bytes(value: str) -> None:
    found = read(msh(), pid(), obr(), obx(), ed(value))
    (one,) = found.attachments
    assert (one.kind, one.subtype, one.data) == ("application", "pdf", PDF)
    assert found.report.text == WORDS.replace("\\.br\\", "\n")


@pytest.mark.parametrize(
    "value",
    ["^application^pdf^Base64^not base64!", "^application^pdf^Base64^JVBERi0", "^application^pdf^Base64^", "^application^pdf^Hex^zz",
     "^application^pdf^Zip^JVBERi0x", "JVBERi0x", "^application^pdf^Base64^ü"],
)  # fmt: skip
def test_a_document_that_is_damaged_is_refused(value: str) -> None:
    assert code_of(msh(), pid(), obr(), obx(), ed(value)) == "attachment_invalid"


def test_documents_have_a_limit() -> None:
    value = f"^application^pdf^Base64^{base64.b64encode(bytes(1000)).decode()}"
    assert code_of(msh(), pid(), obr(), obx(), ed(value), site=site(most_attachment_bytes=999)) == "message_too_large"


# ---- two reports ---------------------------------------------------------------------------------------------------


def test_two_orders_can_be_two_reports_where_the_site_wants_it() -> None:
    data = message(
        msh(),
        pid(),
        "ORC|RE||A1",
        obr(f3="R1"),
        obx("one"),
        "ORC|RE||A2",
        obr(f3="R2", f25="C"),
        obx("two"),
        "NTE|1||note",
    )
    first, second = read_oru(data, site(several_reports="split")).items
    assert isinstance(first, ReportReceived)
    assert isinstance(second, ReportReceived)
    assert (first.report.text, first.report.accession, first.report.report_id) == ("one", "A1", "R1")
    assert (second.report.text, second.report.accession, second.report.status) == (
        "two\nnote",
        "A2",
        ReportStatus.CORRECTED,
    )


def test_a_refusal_names_the_field_and_holds_nothing_of_the_message() -> None:
    with pytest.raises(MessageError) as caught:
        read_oru(message(msh(), pid(), obr(f22=MARKER), obx(MARKER)), SITE)
    assert (caught.value.code, caught.value.place) == ("time_invalid", "OBR-22")
    assert MARKER not in str(caught.value) + repr(caught.value)
