"""A patient version -> two DICOM files in the study of its report: an Encapsulated PDF, and a Basic Text SR with the same words.

Patient and study are copied from the report as it came, so both files stand beside it in any archive. Each is in a series of its own and
refers to the original. The text report is COMPLETE and UNVERIFIED: no person has verified it, and this software never says so. Numbers
are made from the original and the words: the same patient version is the same instance, however often it is sent.
"""

import hashlib
import io
import re
import uuid
import warnings
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from plainrad.domain.patient import PatientReport
from plainrad.errors import ExtraMissingError
from plainrad.formats.dicom import names
from plainrad.formats.dicom.moments import LOCAL, format_moment, zone_of
from plainrad.formats.dicom.read import Document

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_COPIED: Final = (
    "TimezoneOffsetFromUTC",
    "PatientName", "PatientID", "IssuerOfPatientID", "IssuerOfPatientIDQualifiersSequence", "TypeOfPatientID", "PatientBirthDate",
    "PatientBirthTime", "PatientSex", "OtherPatientIDsSequence", "OtherPatientNames", "PatientIdentityRemoved", "DeidentificationMethod",
    "StudyInstanceUID", "StudyDate", "StudyTime", "ReferringPhysicianName", "ReferringPhysicianIdentificationSequence", "StudyID",
    "AccessionNumber", "IssuerOfAccessionNumberSequence", "StudyDescription", "PhysiciansOfRecord", "NameOfPhysiciansReadingStudy",
    "ProcedureCodeSequence", "PatientAge", "AdmissionID", "IssuerOfAdmissionIDSequence", "InstitutionName", "InstitutionCodeSequence",
    "ReferencedRequestSequence",
)  # fmt: skip
_NEEDED: Final = (
    "PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "ReferringPhysicianName", "StudyID",
    "AccessionNumber",
)  # fmt: skip
# What a text value cannot hold (PS3.5, 6.2: control characters but tab, line feed, form feed, carriage return).
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def patient_pdf(document: Document, patient: PatientReport, pdf: bytes, *, now: datetime) -> bytes:
    """Return the file of an Encapsulated PDF; `pdf` is the page for the patient."""
    made = _begun(document, patient, names.ENCAPSULATED_PDF, kind="DOC", words=pdf, now=now)
    made.ConversionType = "SYN"  # put together by a computer, not scanned
    made.DocumentTitle = names.TITLE[2]
    made.ConceptNameCodeSequence = [_coded(names.TITLE)]
    made.BurnedInAnnotation = "YES"
    made.VerificationFlag = "UNVERIFIED"
    made.AcquisitionDateTime = ""
    made.MIMETypeOfEncapsulatedDocument = "application/pdf"
    made.EncapsulatedDocumentLength = len(pdf)
    made.EncapsulatedDocument = pdf + b"\x00" * (len(pdf) % 2)
    made.SourceInstanceSequence = [_reference(document)]
    return _file(made)


def patient_text(document: Document, patient: PatientReport, words: str, *, now: datetime) -> bytes:
    """Return the file of a Basic Text SR; `words` is the page for the patient as plain text, one item a paragraph."""
    made = _begun(document, patient, names.BASIC_TEXT_SR, kind="SR", words=words.encode("utf-8"), now=now)
    made.CompletionFlag = "COMPLETE"
    made.VerificationFlag = "UNVERIFIED"
    made.PerformedProcedureCodeSequence = []
    made.ReferencedPerformedProcedureStepSequence = []
    made.CurrentRequestedProcedureEvidenceSequence = [_evidence(document)]
    made.ValueType = "CONTAINER"
    made.ConceptNameCodeSequence = [_coded(names.TITLE)]
    made.ContinuityOfContent = "SEPARATE"
    report, provenance = document.report, patient.provenance
    about = [_item("CONTAINS", "TEXT", names.REPORTED_BY, TextValue=_text(one)) for one in report.reported_by]
    if report.verified_at:
        about.append(_item("CONTAINS", "DATETIME", names.VERIFIED, DateTime=format_moment(report.verified_at)))
    if report.requester:
        about.append(_item("CONTAINS", "TEXT", names.ASKED_BY, TextValue=_text(report.requester)))
    if report.report_id:
        about.append(_item("CONTAINS", "TEXT", names.REPORT_NUMBER, TextValue=_text(report.report_id)))
    about.append(_item("CONTAINS", "COMPOSITE", names.ORIGINAL, ReferencedSOPSequence=[_reference(document)]))
    versions = f"Plainrad {provenance.plainrad}, glossary {provenance.glossary}, pipeline {provenance.pipeline}"
    paragraphs = [one.strip("\r\n") for one in re.split(r"\n[ \t]*\r?\n", words) if one.strip()]
    body = [_item("CONTAINS", "TEXT", names.PARAGRAPH, TextValue=_text(one)) for one in paragraphs]
    made.ContentSequence = [
        _item("HAS CONCEPT MOD", "CODE", (names.LANGUAGE, "DCM", "Language of Content Item and Descendants"),
              ConceptCodeSequence=[_coded(("en-GB", "RFC5646", "English (United Kingdom)"))]),
        _item("HAS OBS CONTEXT", "CODE", ("121005", "DCM", "Observer Type"), ConceptCodeSequence=[_coded(("121007", "DCM", "Device"))]),
        _item("HAS OBS CONTEXT", "UIDREF", ("121012", "DCM", "Device Observer UID"), UID=_uid("device", provenance.plainrad)),
        _item("HAS OBS CONTEXT", "TEXT", ("121013", "DCM", "Device Observer Name"), TextValue="Plainrad"),
        _item("HAS OBS CONTEXT", "TEXT", names.SOFTWARE, TextValue=versions),
        _item("CONTAINS", "CONTAINER", names.ABOUT, ContinuityOfContent="SEPARATE", ContentSequence=about),
        _item("CONTAINS", "CONTAINER", names.WORDS, ContinuityOfContent="SEPARATE", ContentSequence=body),
    ]  # fmt: skip
    return _file(made)


def _begun(
    document: Document, patient: PatientReport, sop_class: str, *, kind: str, words: bytes, now: datetime
) -> "Dataset":
    """Return a data set with patient, study, series, equipment and instance."""
    try:
        from pydicom.dataset import Dataset
    except ImportError:
        raise ExtraMissingError("dicom") from None
    source = document.dataset
    made = Dataset()
    made.SpecificCharacterSet = "ISO_IR 192"
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # a value that is longer than its type allows is copied as it is, and a warning would quote it
        for name in _COPIED:
            if name in source:
                setattr(made, name, source[name].value)
    for name in _NEEDED:
        if name not in made:
            setattr(made, name, "")
    version = patient.provenance
    here = now.astimezone(zone_of(source.get("TimezoneOffsetFromUTC"), otherwise=LOCAL))
    digest = hashlib.sha256(words).hexdigest()
    made.SOPClassUID = sop_class
    made.SOPInstanceUID = _uid(kind, document.uid, digest, version.plainrad, version.glossary, version.pipeline)
    made.SeriesInstanceUID = _uid("series", kind, document.uid)
    made.SeriesNumber = 9901 if kind == "SR" else 9902
    made.SeriesDescription = names.TITLE[2]
    made.Modality = kind
    made.InstanceNumber = 1
    made.InstanceCreationDate = made.ContentDate = f"{here:%Y%m%d}"
    made.InstanceCreationTime = made.ContentTime = f"{here:%H%M%S}"
    made.Manufacturer = "Plainrad"
    made.ManufacturerModelName = "Plainrad"
    made.SoftwareVersions = [version.plainrad, version.glossary[:64], version.pipeline[:64]]
    return made


def _uid(*parts: str) -> str:
    """Return a UID made from a UUID of these parts (PS3.5, B.2)."""
    return f"2.25.{uuid.uuid5(uuid.NAMESPACE_OID, '|'.join(('plainrad', *parts))).int}"


def _text(words: str) -> str:
    return _CONTROL.sub("\ufffd", words)


def _coded(code: tuple[str, str, str]) -> "Dataset":
    from pydicom.dataset import Dataset

    made = Dataset()
    made.CodeValue, made.CodingSchemeDesignator, made.CodeMeaning = code
    return made


def _item(relationship: str, kind: str, name: tuple[str, str, str], **values: Any) -> "Dataset":
    from pydicom.dataset import Dataset

    made = Dataset()
    made.RelationshipType = relationship
    made.ValueType = kind
    made.ConceptNameCodeSequence = [_coded(name)]
    for keyword, value in values.items():
        setattr(made, keyword, value)
    return made


def _reference(document: Document) -> "Dataset":
    from pydicom.dataset import Dataset

    made = Dataset()
    made.ReferencedSOPClassUID = document.dataset.SOPClassUID
    made.ReferencedSOPInstanceUID = document.dataset.SOPInstanceUID
    return made


def _evidence(document: Document) -> "Dataset":
    from pydicom.dataset import Dataset

    series, study = Dataset(), Dataset()
    series.ReferencedSOPSequence = [_reference(document)]
    series.SeriesInstanceUID = document.dataset.get("SeriesInstanceUID") or _uid("unknown series", document.uid)
    study.ReferencedSeriesSequence = [series]
    study.StudyInstanceUID = document.dataset.StudyInstanceUID
    return study


def _file(made: "Dataset") -> bytes:
    """Return a Part 10 file, explicit VR little endian."""
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import UID

    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID(str(made.SOPClassUID))
    meta.MediaStorageSOPInstanceUID = UID(str(made.SOPInstanceUID))
    meta.TransferSyntaxUID = UID(names.EXPLICIT_LITTLE)
    meta.ImplementationClassUID = UID("2.25.212219476284236829574301373906291842397")
    meta.ImplementationVersionName = "PLAINRAD"
    out = io.BytesIO()
    FileDataset(out, made, preamble=b"\x00" * 128, file_meta=meta).save_as(out, enforce_file_format=True)
    return out.getvalue()
