"""The patient version in DICOM: in the study of the report, about the same patient, and never taken for a verified report."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plainrad.domain.report import Report, ReportStatus
from plainrad.errors import DicomUnsupportedError, ReportNotVerifiedError
from plainrad.formats.dicom import names
from plainrad.formats.dicom.moments import LOCAL
from plainrad.formats.dicom.origin import origin_of
from plainrad.formats.dicom.read import header_fields, read_dataset, read_file, to_report
from plainrad.formats.dicom.write import patient_pdf, patient_text
from tests.support.dicom import NOW, USUAL, file_of, report, sr, structured
from tests.support.patient import patient_report
from tests.support.people import reports

PDF = b"%PDF-1.7 odd"
WORDS = "Patient version\r\n\r\nFluid around the lung.\n\nGr\u00f6\u00dfe 12 \u00b5m \U0001f600\x07\n"


def read(data: bytes) -> Any:
    return read_dataset(data)


def both(raw: bytes, **others: Any) -> tuple[Any, Any]:
    document = read_file(raw)
    patient = patient_report(**others)
    return read(patient_pdf(document, patient, PDF, now=NOW)), read(patient_text(document, patient, WORDS, now=NOW))


def test_both_stand_in_the_study_and_refer_to_the_original() -> None:
    source = structured(about=report(accession="A1", requester="Dr F Asker"))
    pdf, text = both(file_of(source))
    for one in (pdf, text):
        for name in (
            "StudyInstanceUID",
            "AccessionNumber",
            "PatientID",
            "PatientName",
            "StudyDate",
            "ReferringPhysicianName",
        ):
            assert one.get(name) == source.get(name)
        assert one.VerificationFlag == "UNVERIFIED"
        assert one.SoftwareVersions[0] == "0.1.0"
    assert len({source.SeriesInstanceUID, pdf.SeriesInstanceUID, text.SeriesInstanceUID}) == 3
    assert len({source.SOPInstanceUID, pdf.SOPInstanceUID, text.SOPInstanceUID}) == 3
    assert pdf.SourceInstanceSequence[0].ReferencedSOPInstanceUID == source.SOPInstanceUID
    evidence = text.CurrentRequestedProcedureEvidenceSequence[0]
    assert (
        evidence.ReferencedSeriesSequence[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID == source.SOPInstanceUID
    )
    assert evidence.ReferencedSeriesSequence[0].SeriesInstanceUID == source.SeriesInstanceUID
    assert pdf.EncapsulatedDocument[: pdf.EncapsulatedDocumentLength] == PDF


def test_the_words_are_all_there() -> None:
    _, text = both(sr())
    body = text.ContentSequence[-1].ContentSequence
    assert [one.TextValue for one in body] == [
        "Patient version",
        "Fluid around the lung.",
        "Gr\u00f6\u00dfe 12 \u00b5m \U0001f600\ufffd",
    ]


def test_what_we_made_is_never_read_as_a_report() -> None:
    pdf, text = both(sr())
    with pytest.raises(ReportNotVerifiedError):
        to_report(text)
    with pytest.raises(DicomUnsupportedError):
        to_report(pdf)


def test_the_same_patient_version_is_the_same_instance() -> None:
    raw = sr()
    document = read_file(raw)
    patient = patient_report()
    first, again = (patient_text(document, patient, WORDS, now=NOW) for _ in range(2))
    assert first == again
    other = replace(patient, provenance=replace(patient.provenance, glossary="2026.12.0"))
    assert read(patient_text(document, other, WORDS, now=NOW)).SOPInstanceUID != read(first).SOPInstanceUID
    assert read(patient_text(document, patient, WORDS + "x", now=NOW)).SOPInstanceUID != read(first).SOPInstanceUID


def fits(one: Report) -> Report:
    """What a DICOM header can hold of a report: plain final, an issuer without the type of the number, no sex "unknown", codes with schemes."""
    patient = one.patient
    if patient:
        numbers = tuple(replace(number, kind=None) for number in patient.identifiers)
        sex = patient.sex if patient.sex != "unknown" else None
        given = patient.given[:2]
        patient = replace(patient, identifiers=numbers, sex=sex, given=given, traced=True)
        patient = None if patient == type(patient)() else patient
    code = one.exam.code
    if code:
        code = replace(code, system="99TEST")
    return replace(one, text=USUAL, status=ReportStatus.FINAL, patient=patient, exam=replace(one.exam, code=code))


def said(dataset: Any) -> dict[str, Any]:
    """What the header says, but for the modality: ours are a document and a report, and stand beside the images."""
    found = header_fields(dataset, zone=LOCAL)
    found["exam"].pop("modality", None)
    return found


@settings(max_examples=50)
@given(reports().map(fits))
def test_who_what_when_and_for_whom_is_never_lost(one: Report) -> None:
    """DICOM -> Report -> DICOM: the patient version says the same of patient, examination, numbers, people and times as the report."""
    document = read_file(sr(about=one))
    found = document.report
    expected_title = one.exam.title or ("x" if one.exam.code else None)
    assert found == replace(one, exam=replace(one.exam, title=expected_title))
    patient = patient_report(report=found)
    text, pdf = (
        read(patient_text(document, patient, WORDS, now=NOW)),
        read(patient_pdf(document, patient, PDF, now=NOW)),
    )
    origin = origin_of(text)
    assert origin is not None
    assert (origin.uid, origin.reported_by, origin.verified_at) == (document.uid, found.reported_by, found.verified_at)
    assert (origin.requester, origin.report_id) == (found.requester, found.report_id)
    for made in (text, pdf):
        assert said(made) == said(document.dataset)
        assert (made.PatientName, made.PatientID) == (document.dataset.PatientName, document.dataset.PatientID)
        assert made.get("OtherPatientIDsSequence") == document.dataset.get("OtherPatientIDsSequence")


def test_other_documents_have_no_origin_of_ours() -> None:
    assert origin_of(structured()) is None
    pdf, text = both(sr())
    assert origin_of(pdf) is not None
    assert origin_of(text) is not None


@pytest.mark.skipif(not shutil.which("dsrdump"), reason="dcmtk is not installed: apt-get install dcmtk")
@pytest.mark.parametrize("kind", [names.BASIC_TEXT_SR, names.ENHANCED_SR, names.COMPREHENSIVE_SR])
def test_dcmtk_reads_what_we_write(tmp_path: Path, kind: str) -> None:
    document = read_file(sr(about=report(accession="A1"), sop_class=kind))
    patient = patient_report()
    for name, data in (
        ("text.dcm", patient_text(document, patient, WORDS, now=NOW)),
        ("pdf.dcm", patient_pdf(document, patient, PDF, now=NOW)),
    ):
        file = tmp_path / name
        file.write_bytes(data)
        dump = subprocess.run(["dcmdump", "-q", str(file)], capture_output=True, text=True, errors="replace")
        assert (dump.returncode, dump.stderr) == (0, "")
        assert "[A1]" in dump.stdout
    found = subprocess.run(["dsrdump", "-Ec", "+U8", str(tmp_path / "text.dcm")], capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    assert [one for one in found.stderr.splitlines() if "does not support this Specific Character Set" not in one] == []
    assert "Fluid around the lung." in found.stdout
    assert "unverified" in found.stdout.lower()


@pytest.mark.parametrize("name", ["PatientID", "StudyDescription", "PatientName", "AccessionNumber"])
def test_values_that_are_too_long_are_copied_as_they_are(name: str) -> None:
    def change(one: Any) -> None:
        one[name] = pydicom.DataElement(
            pydicom.datadict.tag_for_keyword(name) or 0,
            one[name].VR if name in one else "LO",
            "X" * 80,
            validation_mode=0,
        )

    pdf, text = both(sr(change=change))
    assert str(pdf[name].value) == "X" * 80 == str(text[name].value)


@given(st.text(max_size=60))
@settings(max_examples=40)
def test_any_words_are_written(words: str) -> None:
    document = read_file(sr())
    data = patient_text(document, patient_report(), words.encode("utf-8", "replace").decode() + ".", now=NOW)
    assert read(data).ContentSequence[-1].ContentSequence
