"""A DICOM structured report -> a verified Report. Only what is COMPLETE and VERIFIED is read (PS3.3, C.17.2)."""

import io
import logging
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any, Final

from plainrad.domain.report import Report
from plainrad.errors import (
    DicomInvalidError,
    DicomUnsupportedError,
    ExtraMissingError,
    PatientMismatchError,
    ReportEmptyError,
    ReportNotVerifiedError,
    ReportStatusMissingError,
)
from plainrad.formats.dicom.moments import LOCAL, parse_day, parse_day_and_time, parse_moment, zone_of
from plainrad.formats.dicom.names import IMAGES, NHS_ISSUERS, OBSERVER_NAME, ODS_SCHEMES, READ, SUBJECT_ID
from plainrad.formats.dicom.tree import items, name_code, person_words, report_words
from plainrad.formats.dicom.whole import check_whole
from plainrad.formats.incoming import parse_modality, parse_report

MAX_BYTES: Final = 20_000_000
_SEX: Final = {"F": "female", "M": "male", "O": "other"}
_FILE: Final = "This is not a DICOM file that can be read."


@dataclass(frozen=True, slots=True)
class Document:
    """A report as DICOM brought it: the whole data set (a pydicom Dataset), and what it says."""

    dataset: Any
    report: Report

    @property
    def uid(self) -> str:
        """Return the SOP Instance UID."""
        return str(self.dataset.SOPInstanceUID)


def read_file(data: bytes, *, zone: tzinfo = LOCAL) -> Document:
    """Return the report of a DICOM file; `zone` is that of times which say none. Raises a ReportError that holds nothing of it."""
    dataset = read_dataset(data)
    return Document(dataset, to_report(dataset, zone=zone))


def read_dataset(data: bytes) -> Any:
    """Return the whole data set of a DICOM file, all text decoded; raises DicomInvalidError, DicomUnsupportedError or ExtraMissingError."""
    try:
        import pydicom
    except ImportError:
        raise ExtraMissingError("dicom") from None
    if len(data) > MAX_BYTES:
        raise DicomInvalidError(f"The file is longer than {MAX_BYTES:,} bytes.")
    check_whole(data)
    logging.getLogger("pydicom").setLevel(logging.CRITICAL)  # its warnings may quote the file
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            dataset = pydicom.dcmread(io.BytesIO(data))
            words = list(_all_text(dataset))
        except Exception:  # a damaged file makes pydicom fail in many ways, and each may quote it
            raise DicomInvalidError(_FILE) from None
    if any("encod" in str(one.message) or "character" in str(one.message).lower() for one in told):
        raise DicomInvalidError("Text of the document is not in the character set that it names.")
    named = str(dataset.get("SpecificCharacterSet") or "")
    if named in ("", "ISO_IR 6", "ISO 2022 IR 6") and not all(map(str.isascii, words)):
        raise DicomInvalidError("The document names no character set, and has letters that need one.")
    return dataset


def _all_text(dataset: Any) -> Iterator[str]:
    """Yield every text of a data set, which decodes it."""
    for element in dataset:
        if element.VR == "SQ":
            for one in element.value:
                yield from _all_text(one)
        elif element.VR not in ("OB", "OW", "UN", "OF", "OD", "OL", "OV"):
            values = element.value if element.VM > 1 else [element.value]
            for value in values:
                yield str(value) if value is not None else ""


def to_report(dataset: Any, *, zone: tzinfo = LOCAL) -> Report:
    """Return the report of a data set. Its status is looked at first: nothing else matters without it."""
    if str(dataset.get("SOPClassUID", "")) not in READ:
        raise DicomUnsupportedError("Only Basic Text, Enhanced and Comprehensive structured reports are read.")
    if not dataset.get("SOPInstanceUID") or not dataset.get("StudyInstanceUID"):
        raise DicomInvalidError("The document has no instance or study number (UID).")
    here = zone_of(dataset.get("TimezoneOffsetFromUTC"), otherwise=zone)
    _check_verified(dataset)
    text = report_words(dataset)
    if not text.strip():
        raise ReportEmptyError
    fields: dict[str, Any] = {
        "text": text,
        "status": "amended" if dataset.get("PredecessorDocumentsSequence") else "final",
        "verified_at": _verified_at(dataset, here),
        "patient": _patient(dataset),
        **header_fields(dataset, zone=here),
        "reported_by": reporters(dataset),
    }
    return parse_report({name: value for name, value in fields.items() if value not in (None, "", {}, [])})


def header_fields(dataset: Any, *, zone: tzinfo) -> dict[str, Any]:
    """Return what the header says of examination, numbers and who asked."""
    request = _first(dataset, "ReferencedRequestSequence")
    code = _first(dataset, "ProcedureCodeSequence") or _first(request, "RequestedProcedureCodeSequence")
    described = (
        dataset.get("StudyDescription"),
        request and request.get("RequestedProcedureDescription"),
        code and code.get("CodeMeaning"),
    )
    exam = {
        "title": next((str(one) for one in described if one), None),
        "modality": _modality(dataset),
        "code": _code(code),
        "performed_at": parse_day_and_time(dataset.get("StudyDate"), dataset.get("StudyTime"), zone=zone),
    }
    institution = _first(dataset, "InstitutionCodeSequence")
    ods = institution is not None and str(institution.get("CodingSchemeDesignator", "")) in ODS_SCHEMES
    return {
        "exam": {name: value for name, value in exam.items() if value is not None},
        "accession": str(dataset.get("AccessionNumber") or "")
        or str((request and request.get("AccessionNumber")) or "")
        or None,
        "report_id": str((request and request.get("FillerOrderNumberImagingServiceRequest")) or "") or None,
        "requester": person_words(request and request.get("RequestingPhysician"))
        or person_words(dataset.get("ReferringPhysicianName")),
        "organisation": str(institution.get("CodeValue")) if institution is not None and ods else None,
    }


def _modality(dataset: Any) -> str | None:
    """Return the modality of the study, or of the images that the report names; None where there are several."""
    found = {str(one) for one in _many(dataset.get("ModalitiesInStudy")) if parse_modality(str(one))}
    if not found:
        for study in _each(dataset, "CurrentRequestedProcedureEvidenceSequence"):
            for series in _each(study, "ReferencedSeriesSequence"):
                for one in _each(series, "ReferencedSOPSequence"):
                    found.update(_of_class(str(one.get("ReferencedSOPClassUID", ""))))
    return found.pop() if len(found) == 1 else None


def _of_class(uid: str) -> list[str]:
    return [modality for begin, modality in IMAGES if uid == begin or uid.startswith(f"{begin}.")][:1]


def reporters(dataset: Any) -> list[str]:
    """Return who reported: authors, then observers of the content, then who verified it; each once."""
    names = [one.get("PersonName") for one in _each(dataset, "AuthorObserverSequence")]
    names += [
        one.get("PersonName")
        for one in dataset.get("ContentSequence") or ()
        if str(one.get("RelationshipType", "")) == "HAS OBS CONTEXT" and name_code(one)[0] == OBSERVER_NAME
    ]
    names += _many(dataset.get("NameOfPhysiciansReadingStudy"))
    names += [one.get("VerifyingObserverName") for one in _each(dataset, "VerifyingObserverSequence")]
    return list(dict.fromkeys(words for one in names if (words := person_words(one))))


def _check_verified(dataset: Any) -> None:
    completion, verification = str(dataset.get("CompletionFlag") or ""), str(dataset.get("VerificationFlag") or "")
    if not completion or not verification:
        raise ReportStatusMissingError
    preliminary = str(dataset.get("PreliminaryFlag") or "FINAL") != "FINAL"
    if completion != "COMPLETE" or verification != "VERIFIED" or preliminary:
        raise ReportNotVerifiedError
    if not _each(dataset, "VerifyingObserverSequence"):
        raise DicomInvalidError("The document says that it is verified, and not by whom.")


def _verified_at(dataset: Any, zone: tzinfo) -> datetime | None:
    """Return the last time at which somebody verified it."""
    moments = [
        parse_moment(one.get("VerificationDateTime"), zone=zone) for one in _each(dataset, "VerifyingObserverSequence")
    ]
    return max((one for one in moments if one is not None), default=None)


def _patient(dataset: Any) -> dict[str, Any] | None:
    """Return the fields of the patient; raises PatientMismatchError where the content names another."""
    fields: dict[str, Any] = {"identifiers": []}
    own = str(dataset.get("PatientID") or "")
    for holder in (dataset, *_each(dataset, "OtherPatientIDsSequence")):
        value, issuer = str(holder.get("PatientID") or ""), _issuer(holder)
        if not value:
            continue
        if issuer.upper() in {one.upper() for one in NHS_ISSUERS}:
            if fields.setdefault("nhs_number", value).replace(" ", "") != value.replace(" ", ""):
                raise PatientMismatchError
        else:
            kind = str(holder.get("TypeOfPatientID") or "")
            found = {"value": value, "system": issuer or None, "kind": kind if kind not in ("", "TEXT") else None}
            fields["identifiers"].append({name: one for name, one in found.items() if one is not None})
    for one in items(dataset):
        if name_code(one)[0] == SUBJECT_ID and own and str(one.get("TextValue") or own).strip() != own:
            raise PatientMismatchError
    name = dataset.get("PatientName")
    if name and not hasattr(name, "family_name"):
        raise PatientMismatchError
    if name:
        fields["family"] = str(name.family_name or "").strip()
        fields["given"] = [
            part for part in (str(name.given_name or "").strip(), str(name.middle_name or "").strip()) if part
        ]
    fields["sex"] = _SEX.get(str(dataset.get("PatientSex") or ""))
    birth = parse_day(dataset.get("PatientBirthDate"))
    fields["birth_date"] = birth.isoformat() if birth else None
    return {name: value for name, value in fields.items() if value not in (None, "", [])} or None


def _issuer(holder: Any) -> str:
    qualifiers = _first(holder, "IssuerOfPatientIDQualifiersSequence")
    return str(
        (qualifiers is not None and qualifiers.get("UniversalEntityID")) or holder.get("IssuerOfPatientID") or ""
    )


def _code(item: Any) -> dict[str, str] | None:
    value = item is not None and (item.get("CodeValue") or item.get("LongCodeValue"))
    if not value:
        return None
    scheme = item.get("CodingSchemeDesignator")
    return {"value": str(value), **({"system": str(scheme)} if scheme else {})}


def _each(holder: Any, name: str) -> list[Any]:
    return list((holder is not None and holder.get(name)) or ())


def _first(holder: Any, name: str) -> Any:
    found = _each(holder, name)
    return found[0] if found else None


def _many(value: Any) -> list[Any]:
    """Return the values of an element that may have one or several."""
    if value is None or value == "":
        return []
    return (
        list(value)
        if not isinstance(value, str) and hasattr(value, "__iter__") and not hasattr(value, "family_name")
        else [value]
    )
