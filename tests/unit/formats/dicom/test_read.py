"""Structured reports become reports when they are whole, complete, verified and clear; all others are refused.

This is one file because every case is a row or two of the same reading.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from plainrad.domain.people import Identifier, NhsNumber, Patient, Sex
from plainrad.domain.report import Code, Exam, Report, ReportStatus
from plainrad.errors import (
    DicomInvalidError,
    DicomUnsupportedError,
    PatientMismatchError,
    ReportEmptyError,
    ReportError,
    ReportNotVerifiedError,
    ReportStatusMissingError,
    WordsUnclearError,
)
from plainrad.formats.dicom import names
from plainrad.formats.dicom.read import read_file
from plainrad.formats.dicom.whole import check_whole
from tests.support.dicom import FINDINGS, USUAL, coded, file_of, item, number, report, sr, structured, text, usual

KINDS = [names.BASIC_TEXT_SR, names.ENHANCED_SR, names.COMPREHENSIVE_SR]
ALEX = Patient(
    NhsNumber("9912003888"), identifiers=(Identifier("H0001", "RXX", "TEXT"),), family="Testpatient", given=("Alex", "Kim"),
    sex=Sex.FEMALE, birth_date=datetime(1970, 1, 31, tzinfo=UTC).date(),
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("syntax", names.SYNTAXES)
def test_a_verified_report_arrives_whole(kind: str, syntax: str) -> None:
    about = report(
        patient=ALEX, report_id="R1", accession="A1", requester="Dr F Asker", organisation="RXX",
        exam=Exam("XR Chest", "XR", code=Code("XCHES", "99NICIP"), performed_at=datetime(2026, 10, 4, 9, tzinfo=UTC)),
        reported_by=("Dr R First", "Dr S Second"),
    )  # fmt: skip
    found = read_file(file_of(structured(about=about, sop_class=kind), syntax=syntax)).report
    assert found.text == USUAL
    assert (found.report_id, found.accession, found.requester, found.organisation) == ("R1", "A1", "Dr F Asker", "RXX")
    assert (found.reported_by, found.verified_at, found.exam) == (about.reported_by, about.verified_at, about.exam)
    assert found.patient == Patient(
        ALEX.nhs_number, True, (Identifier("H0001", "RXX"),), "Testpatient", ("Alex", "Kim"), ALEX.birth_date, ALEX.sex
    )


def flags(
    completion: str | None = "COMPLETE", verification: str | None = "VERIFIED", preliminary: str | None = None
) -> bytes:
    def change(one: Dataset) -> None:
        one.CompletionFlag, one.VerificationFlag = completion or "", verification or ""
        if preliminary:
            one.PreliminaryFlag = preliminary

    return sr(change=change)


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        (flags(verification="UNVERIFIED"), ReportNotVerifiedError), (flags("PARTIAL"), ReportNotVerifiedError),
        (flags(preliminary="PRELIMINARY"), ReportNotVerifiedError), (flags(verification="MAYBE"), ReportNotVerifiedError),
        (flags(None), ReportStatusMissingError), (flags(verification=None), ReportStatusMissingError),
    ],
)  # fmt: skip
def test_what_is_not_complete_and_verified_is_refused(sent: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_file(sent)


def test_a_final_flag_is_fine_and_an_older_version_makes_it_amended() -> None:
    assert read_file(flags(preliminary="FINAL")).report.status == ReportStatus.FINAL

    def amended(one: Dataset) -> None:
        one.PredecessorDocumentsSequence = [Dataset()]
        one.PredecessorDocumentsSequence[0].StudyInstanceUID = "1.2"

    assert read_file(sr(change=amended)).report.status == ReportStatus.AMENDED


def test_verified_by_nobody_is_refused() -> None:
    with pytest.raises(DicomInvalidError):
        read_file(sr(change=lambda one: one.__delattr__("VerifyingObserverSequence")))


@pytest.mark.parametrize(
    ("when", "offset", "moment"),
    [
        ("20261005142000.25+0100", "+0000", datetime(2026, 10, 5, 13, 20, 0, 250_000, UTC)),
        ("20261005142000", "-0500", datetime(2026, 10, 5, 19, 20, tzinfo=UTC)),
        ("202610051420", "", datetime(2026, 10, 5, 13, 20, tzinfo=UTC)),
        ("202612051420", "", datetime(2026, 12, 5, 14, 20, tzinfo=UTC)),
        ("20261005", "+0000", None),
    ],
)
def test_the_time_of_verification_has_a_zone(when: str, offset: str, moment: datetime | None) -> None:
    def change(one: Dataset) -> None:
        one.TimezoneOffsetFromUTC = offset
        one.VerifyingObserverSequence[0].VerificationDateTime = when

    assert read_file(sr(change=change)).report.verified_at == moment


# ---- the words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (usual(), USUAL),
        ([text("Small effusion.")], "Finding:\nSmall effusion.\n"),
        ([text("Small effusion.", None)], "Small effusion.\n"),
        ([item("CONTAINER", FINDINGS, text("One."), text("Two."), ContinuityOfContent="CONTINUOUS")], "Findings:\nOne. Two.\n"),
        ([item("CONTAINER", FINDINGS, number("Nodule size", "12"), coded("Side", "Left"))], "Findings:\nNodule size: 12 mm\nSide: Left\n"),
        ([item("CONTAINER", FINDINGS, coded("Pneumothorax", "Absent"), coded("Effusion", "Yes"))],
         "Findings:\nPneumothorax: absent\nEffusion: present\n"),
        ([item("CONTAINER", FINDINGS, coded("Lesion", "Mass", coded("Laterality", "Left", relationship="HAS CONCEPT MOD")))],
         "Findings:\nLesion (Laterality: Left): Mass\n"),
        ([item("CONTAINER", FINDINGS, text("A nodule.", ("121071", "DCM", "Finding"), number("Size", "7", relationship="HAS PROPERTIES")))],
         "Findings:\nA nodule.\nSize: 7 mm\n"),
        ([item("CONTAINER", FINDINGS, item("CONTAINER", ("x", "99TEST", "Lungs"), text("Clear.")))], "Findings:\nLungs:\nClear.\n"),
        ([text("a"), item("IMAGE", None), item("CONTAINER", FINDINGS)], "Finding:\na\n"),
        ([item("DATE", ("x", "99TEST", "Scan date"), Date="20261004")], "Scan date: 2026-10-04\n"),
        ([item("DATETIME", ("x", "99TEST", "Scan"), DateTime="20261004093000")], "Scan: 2026-10-04 09:30\n"),
        ([item("TIME", ("x", "99TEST", "Time"), Time="0930")], "Time: 09:30\n"),
        ([item("PNAME", ("x", "99TEST", "Reader"), PersonName="First^R^^Dr")], "Reader: Dr R First\n"),
        ([text("Gr\u00f6\u00dfe 12 \u00b5m")], "Finding:\nGr\u00f6\u00dfe 12 \u00b5m\n"),
    ],
)  # fmt: skip
def test_the_tree_becomes_words_in_its_order(content: list[Dataset], words: str) -> None:
    assert read_file(sr(content)).report.text == words


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ([], ReportEmptyError),
        ([item("CONTAINER", FINDINGS)], ReportEmptyError),
        ([text(" \r\n")], ReportEmptyError),
        ([item("CONTAINER", ("x", "99TEST", "Absent findings"), text("Pneumothorax."))], WordsUnclearError),
        ([coded("Pneumothorax", "Unknown")], WordsUnclearError),
        ([coded("Negative finding", "Mass")], WordsUnclearError),
        ([item("CODE", FINDINGS)], WordsUnclearError),
        ([item("NUM", FINDINGS)], WordsUnclearError),
        ([item("SPELL", FINDINGS)], DicomInvalidError),
        (
            [
                item(
                    "CODE",
                    ("121049", "DCM", "Language"),
                    relationship="HAS CONCEPT MOD",
                    ConceptCodeSequence=[Dataset()],
                ),
                text("a"),
            ],
            None,
        ),
    ],
)
def test_a_tree_without_clear_words_is_refused(content: list[Dataset], error: type[Exception] | None) -> None:
    if error is None:
        content[0].ConceptCodeSequence[0].CodeValue = "cy"
        error = DicomUnsupportedError
    with pytest.raises(error):
        read_file(sr(content))


def test_what_observers_are_is_not_what_they_say() -> None:
    observer = item(
        "PNAME", ("121008", "DCM", "Person Observer Name"), relationship="HAS OBS CONTEXT", PersonName="Third^Q"
    )
    found = read_file(sr([observer, *usual()], about=report(reported_by=()))).report
    assert (found.text, found.reported_by) == (USUAL, ("Q Third",))


# ---- bad files ------------------------------------------------------------------------------------------------------


def changed(keyword: str, value: Any) -> Callable[[Dataset], None]:
    return lambda one: setattr(one, keyword, value)


def test_letters_need_their_character_set() -> None:
    raw = sr([text("Gr\u00f6\u00dfe")])
    for name in (b"ISO_IR 6  ", b"          ", b"ISO_IR 101"):
        assert len(name) == 10
    with pytest.raises(DicomInvalidError):
        read_file(raw.replace(b"ISO_IR 192", b"ISO_IR 6  "))
    with pytest.raises(DicomInvalidError):
        read_file(sr([text("Groesse")]).replace(b"Groesse", b"Gr\xf6\xdfe..."[:7]))
    with pytest.raises(DicomInvalidError):
        read_file(raw.replace(b"ISO_IR 192", b"NO_SUCH_ON"))


def test_latin_letters_are_read_as_they_are_named() -> None:
    raw = sr([text("Gr\u00f6\u00dfe")], change=changed("SpecificCharacterSet", "ISO_IR 100"))
    assert read_file(raw).report.text == "Finding:\nGr\u00f6\u00dfe\n"


def test_two_patients_in_one_document_are_refused() -> None:
    subject = item("TEXT", ("121030", "DCM", "Subject ID"), relationship="HAS OBS CONTEXT", TextValue="9999999999")
    with pytest.raises(PatientMismatchError):
        read_file(sr([subject, *usual()], about=report(patient=ALEX)))


def test_other_kinds_of_dicom_are_refused() -> None:
    with pytest.raises(DicomUnsupportedError):
        read_file(sr(sop_class="1.2.840.10008.5.1.4.1.1.88.67"))
    deflated = file_of(structured()).replace(b"1.2.840.10008.1.2.1\x00", b"1.2.840.10008.1.2.2\x00")
    with pytest.raises(DicomUnsupportedError):
        read_file(deflated)


def no_part_is_read(raw: bytes) -> None:
    """Where a cut falls between two elements the rest may look whole: then the words are missing."""
    for length in range(0, len(raw), 7):
        try:
            check_whole(raw[:length])
        except DicomInvalidError:
            continue
        with pytest.raises(ReportError):
            read_file(raw[:length])


@pytest.mark.parametrize("syntax", names.SYNTAXES)
def test_a_file_that_was_cut_short_is_refused_wherever_it_was_cut(syntax: str) -> None:
    raw = file_of(structured(), syntax=syntax)
    assert read_file(raw).report.text == USUAL
    no_part_is_read(raw)


def test_sequences_of_undefined_length_are_walked_too() -> None:
    made = structured()
    for one in made.iterall():
        if one.VR == "SQ":
            one.is_undefined_length = True
            for inner in one.value:
                inner.is_undefined_length_sequence_item = True
    raw = file_of(made)
    assert read_file(raw).report.text == USUAL
    no_part_is_read(raw)


def test_a_deep_tree_is_refused() -> None:
    one = text("a")
    for _ in range(100):
        one = item("CONTAINER", FINDINGS, one)
    with pytest.raises(DicomInvalidError):
        read_file(sr([one]))


RAW = sr(about=report(patient=ALEX))


@settings(max_examples=100)
@given(st.integers(0, len(RAW) - 1), st.binary(min_size=1, max_size=8))
def test_whatever_is_changed_it_is_read_or_refused(at: int, by: bytes) -> None:
    data = RAW[:at] + by + RAW[at + len(by) :]
    try:
        read_file(data)
    except ReportError:
        return


@settings(max_examples=100)
@given(st.binary(max_size=400))
def test_whatever_is_sent_it_is_read_or_refused(data: bytes) -> None:
    for body in (data, b"\x00" * 128 + b"DICM" + data, RAW[:600] + data):
        try:
            read_file(body)
        except ReportError:
            continue


def sample(name: str) -> bytes:
    path = pydicom.data.get_testdata_file(name, download=False)
    assert path is not None
    return Path(str(path)).read_bytes()


def test_the_samples_of_pydicom_are_read_as_their_flags_say() -> None:
    with pytest.raises(ReportNotVerifiedError):
        read_file(sample("reportsi.dcm"))
    assert "A mass of Diameter" in read_file(sample("test-SR.dcm")).report.text


@pytest.mark.parametrize(
    ("classes", "modality"),
    [(["1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.2.1"], "CT"), (["1.2.840.10008.5.1.4.1.1.1.1"], "XR"),
     (["1.2.840.10008.5.1.4.1.1.1.2"], "MG"), (["1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.128"], None), (["1.2.3"], None)],
)  # fmt: skip
def test_the_images_that_a_report_names_say_the_modality(classes: list[str], modality: str | None) -> None:
    def change(one: Dataset) -> None:
        del one.ModalitiesInStudy
        study, series = Dataset(), Dataset()
        series.ReferencedSOPSequence = [Dataset() for _ in classes]
        for made, uid in zip(series.ReferencedSOPSequence, classes, strict=True):
            made.ReferencedSOPClassUID = uid
        study.ReferencedSeriesSequence = [series]
        one.CurrentRequestedProcedureEvidenceSequence = [study]

    assert read_file(sr(change=change)).report.exam.modality == modality


def test_an_error_says_nothing_of_the_report() -> None:
    raw = sr([text("Zyxwqomarker"), item("SPELL", ("x", "99TEST", "Zyxwqomarker"))])
    with pytest.raises(DicomInvalidError) as caught:
        read_file(raw)
    assert "Zyxwqomarker" not in str(caught.value)


def test_a_report_made_of_a_report_is_the_same() -> None:
    assert isinstance(read_file(sr(about=Report(USUAL, ReportStatus.FINAL))).report, Report)
