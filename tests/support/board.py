"""What the tests of the board share: editors of two organisations, reports of several patients, flags on demand."""

from dataclasses import replace

from plainrad.domain.patient import PatientReport
from plainrad.domain.people import NhsNumber, Patient
from plainrad.domain.reading import Extent, Flag
from plainrad.domain.records import Actor
from plainrad.domain.report import Report
from tests.support.keeping import Kept, explain, report

EDITOR = Actor("staff", "editor-one", "RXX", frozenset({"editor"}))
APPROVER = Actor("staff", "approver-one", "RXX", frozenset({"approver"}))
FAR_EDITOR = Actor("staff", "editor-two", "RYY", frozenset({"editor"}))
NUMBERS = ("9990000018", "9990000026", "9990000034", "9990000042", "9990000050", "9990000069")


def flagging(sent: Report) -> PatientReport:
    made = explain(sent)
    more = (Flag("laterality_discrepancy", "-", (Extent(0, 1),)),) if "[sides]" in sent.text else ()
    return replace(made, flags=(*made.flags, *more))


def sent(kept: Kept, number: int, text: str = "No pneumothorax.", *, patient: str = "9990000018") -> str:
    """A report of a patient, and its id."""
    made = report(
        text, report_id=f"R{number}", accession=f"A{number}",
        patient=Patient(NhsNumber(patient), family="Example", given=("Alex",)), verified_at=kept.clock(),
    )  # fmt: skip
    return str(kept.submit(made).id)
