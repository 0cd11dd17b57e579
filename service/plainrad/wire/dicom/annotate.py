"""A structured report -> the files of its patient version."""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module

from plainrad.domain.patient import PatientReport
from plainrad.domain.report import Report
from plainrad.errors import ExtraMissingError
from plainrad.formats.dicom.read import Document
from plainrad.formats.dicom.write import patient_pdf, patient_text
from plainrad.render import render_html, render_text

Explain = Callable[[Report], PatientReport]
ToPdf = Callable[[PatientReport], bytes]


def patient_files(document: Document, patient: PatientReport, *, now: datetime, to_pdf: ToPdf) -> dict[str, bytes]:
    """Return the Encapsulated PDF and the text report by the names of their files."""
    return {
        f"{document.uid}-pdf.dcm": patient_pdf(document, patient, to_pdf(patient), now=now),
        f"{document.uid}-text.dcm": patient_text(document, patient, render_text(patient), now=now),
    }


def render_page(patient: PatientReport) -> bytes:
    """Return the page for the patient as PDF; raises ExtraMissingError where nothing can make one."""
    try:
        made: bytes = import_module("weasyprint").HTML(string=render_html(patient)).write_pdf(pdf_variant="pdf/ua-1")
    except (ImportError, OSError):  # OSError: a library of the system is missing
        raise ExtraMissingError("pdf") from None
    return made
