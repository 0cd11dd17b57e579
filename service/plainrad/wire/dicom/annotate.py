"""A structured report -> the files of its patient version."""

from collections.abc import Callable
from datetime import datetime

from plainrad.domain.patient import PatientReport
from plainrad.domain.report import Report
from plainrad.formats.dicom.read import Document
from plainrad.formats.dicom.write import patient_pdf, patient_text
from plainrad.render import render_text

Explain = Callable[[Report], PatientReport]
ToPdf = Callable[[PatientReport], bytes]


def patient_files(document: Document, patient: PatientReport, *, now: datetime, to_pdf: ToPdf) -> dict[str, bytes]:
    """Return the Encapsulated PDF and the text report by the names of their files."""
    return {
        f"{document.uid}-pdf.dcm": patient_pdf(document, patient, to_pdf(patient), now=now),
        f"{document.uid}-text.dcm": patient_text(document, patient, render_text(patient), now=now),
    }
