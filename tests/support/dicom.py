"""Structured reports for the tests, made here: invented patients, NHS numbers of the test range."""

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID, generate_uid
from pydicom.valuerep import PersonName

from plainrad.domain.report import Exam, Report, ReportStatus
from plainrad.formats.dicom import names
from plainrad.formats.dicom.moments import format_moment

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
_SEXES = {"female": "F", "male": "M", "other": "O"}
_MODALITIES = {"XR": "DX", "IR": "XA"}
Change = Callable[[Dataset], None]


def code(value: str, scheme: str, meaning: str) -> Dataset:
    """Return an item of a code sequence."""
    made = Dataset()
    made.CodeValue, made.CodingSchemeDesignator, made.CodeMeaning = value, scheme, meaning
    return made


def item(
    kind: str, name: tuple[str, str, str] | None, *children: Dataset, relationship: str = "CONTAINS", **values: Any
) -> Dataset:
    """Return a content item."""
    made = Dataset()
    made.RelationshipType, made.ValueType = relationship, kind
    if name:
        made.ConceptNameCodeSequence = [code(*name)]
    if kind == "CONTAINER":
        values.setdefault("ContinuityOfContent", "SEPARATE")
    for keyword, value in values.items():
        setattr(made, keyword, value)
    if children:
        made.ContentSequence = list(children)
    return made


FINDINGS, FINDING = ("121070", "DCM", "Findings"), ("121071", "DCM", "Finding")
CONCLUSIONS, CONCLUSION = ("121076", "DCM", "Conclusions"), ("121077", "DCM", "Conclusion")
TITLE = ("18748-4", "LN", "Diagnostic imaging study")


def text(
    words: str, name: tuple[str, str, str] | None = FINDING, *children: Dataset, relationship: str = "CONTAINS"
) -> Dataset:
    """Return an item of text."""
    return item("TEXT", name, *children, relationship=relationship, TextValue=words)


def number(name: str, value: str, unit: str = "mm", **others: Any) -> Dataset:
    """Return a measurement."""
    measured = Dataset()
    measured.NumericValue = value
    measured.MeasurementUnitsCodeSequence = [code(unit, "UCUM", unit)]
    return item("NUM", ("x", "99TEST", name), MeasuredValueSequence=[measured], **others)


def coded(name: str, answer: str, *children: Dataset, relationship: str = "CONTAINS") -> Dataset:
    """Return a coded answer."""
    return item(
        "CODE",
        ("x", "99TEST", name),
        *children,
        relationship=relationship,
        ConceptCodeSequence=[code("y", "99TEST", answer)],
    )


def usual() -> list[Dataset]:
    """Return the content of a small report."""
    return [
        item("CONTAINER", FINDINGS, text("Small left pleural effusion."), text("No pneumothorax.")),
        item("CONTAINER", CONCLUSIONS, text("Small left pleural effusion.", CONCLUSION)),
    ]


USUAL = "Findings:\nSmall left pleural effusion.\nNo pneumothorax.\n\nConclusions:\nSmall left pleural effusion.\n"


def report(**others: Any) -> Report:
    """Return the report that the header is made from."""
    usual_ones: dict[str, Any] = {
        "text": USUAL, "status": ReportStatus.FINAL, "exam": Exam("XR Chest", "XR"), "verified_at": NOW, "reported_by": ("Dr R First",)
    }  # fmt: skip
    return Report(**usual_ones | others)


def structured(
    content: Sequence[Dataset] | None = None,
    *,
    about: Report | None = None,
    sop_class: str = names.BASIC_TEXT_SR,
    change: Change | None = None,
) -> Dataset:
    """Return a verified, complete structured report about `about`; `change` is made to it at the end."""
    one = about or report()
    made = Dataset()
    made.SpecificCharacterSet = "ISO_IR 192"
    made.SOPClassUID, made.SOPInstanceUID = sop_class, generate_uid()
    made.StudyInstanceUID, made.SeriesInstanceUID = generate_uid(), generate_uid()
    made.Modality, made.SeriesNumber, made.InstanceNumber = "SR", 1, 1
    made.TimezoneOffsetFromUTC = "+0000"
    made.ContentDate, made.ContentTime = "20261005", "142000"
    made.StudyID, made.AccessionNumber = "1", one.accession or ""
    _describe(made, one)
    _name_patient(made, one)
    made.CompletionFlag, made.VerificationFlag = "COMPLETE", "VERIFIED"
    verifier = Dataset()
    verifier.VerifyingObserverName = _name(one.reported_by[-1]) if one.reported_by else ""
    verifier.VerifyingOrganization = "Test trust"
    verifier.VerificationDateTime = format_moment(one.verified_at) if one.verified_at else ""
    verifier.VerifyingObserverIdentificationCodeSequence = []
    made.VerifyingObserverSequence = [verifier]
    made.AuthorObserverSequence = [_author(who) for who in one.reported_by]
    made.ReferencedPerformedProcedureStepSequence, made.PerformedProcedureCodeSequence = [], []
    made.ValueType, made.ContinuityOfContent = "CONTAINER", "SEPARATE"
    made.ConceptNameCodeSequence = [code(*TITLE)]
    made.ContentSequence = list(usual() if content is None else content)
    if change:
        change(made)
    return made


def _name(words: str) -> PersonName:
    return PersonName(words)


def _author(who: str) -> Dataset:
    made = Dataset()
    made.ObserverType, made.PersonName = "PSN", _name(who)
    return made


def _describe(made: Dataset, one: Report) -> None:
    done = one.exam.performed_at.astimezone(UTC) if one.exam.performed_at else None
    made.StudyDate, made.StudyTime = (f"{done:%Y%m%d}", f"{done:%H%M%S}") if done else ("", "")
    if one.exam.title:
        made.StudyDescription = one.exam.title
    if one.exam.modality:
        made.ModalitiesInStudy = [_MODALITIES.get(one.exam.modality, one.exam.modality), "SR"]
    if one.exam.code:
        done_code = code(one.exam.code.value, one.exam.code.system or "", one.exam.title or "x")
        made.ProcedureCodeSequence = [done_code]
    made.ReferringPhysicianName = _name(one.requester or "")
    request = Dataset()
    request.StudyInstanceUID = made.StudyInstanceUID
    request.FillerOrderNumberImagingServiceRequest = one.report_id or ""
    made.ReferencedRequestSequence = [request]
    if one.organisation:
        made.InstitutionCodeSequence = [code(one.organisation, "ODS", "Test trust")]


def _name_patient(made: Dataset, one: Report) -> None:
    who = one.patient
    numbers: list[tuple[str, str | None, str | None]] = []
    if who and who.nhs_number:
        numbers.append((who.nhs_number.value, "NHS", None))
    numbers += [(other.value, other.system, other.kind) for other in who.identifiers] if who else []
    made.PatientID = ""
    others = []
    for place, (value, issuer, kind) in enumerate(numbers):
        holder = made if place == 0 else Dataset()
        holder.PatientID = value
        if issuer:
            holder.IssuerOfPatientID = issuer
        if kind:
            holder.TypeOfPatientID = kind
        if place:
            others.append(holder)
    if others:
        made.OtherPatientIDsSequence = others
    given = who.given if who else ()
    made.PatientName = PersonName("^".join([(who and who.family) or "", *given]).rstrip("^"))
    made.PatientSex = _SEXES.get(who.sex.value, "") if who and who.sex else ""
    made.PatientBirthDate = f"{who.birth_date:%Y%m%d}" if who and who.birth_date else ""


def file_of(dataset: Dataset, *, syntax: str = names.EXPLICIT_LITTLE) -> bytes:
    """Return the Part 10 file of a data set."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID(str(dataset.SOPClassUID))
    meta.MediaStorageSOPInstanceUID = UID(str(dataset.SOPInstanceUID))
    meta.TransferSyntaxUID = UID(syntax)
    out = io.BytesIO()
    FileDataset(out, dataset, preamble=b"\x00" * 128, file_meta=meta).save_as(out, enforce_file_format=True)
    return out.getvalue()


def sr(content: Sequence[Dataset] | None = None, **others: Any) -> bytes:
    """Return the file of a structured report."""
    return file_of(structured(content, **others))
