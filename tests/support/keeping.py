"""Kept reports in a test: a clock that is set by hand, an explainer that costs nothing, actors of two organisations."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from plainrad.domain.patient import PatientReport
from plainrad.domain.people import NhsNumber, Patient
from plainrad.domain.reading import Extent, Flag
from plainrad.domain.records import Actor
from plainrad.domain.report import Code, Exam, Report, ReportStatus
from plainrad.records.records import Records
from plainrad.records.room import Room
from plainrad.release.policy import ReleasePolicy
from plainrad.store.engine import Database
from plainrad.store.seal import Vault, make_vault
from tests.support.patient import patient_report, plain_report

TUESDAY = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)
KEY = base64.urlsafe_b64encode(b"a key for tests, and only tests!").decode()
OTHER_KEY = base64.urlsafe_b64encode(b"another key for tests, the newer").decode()
NUMBER, OTHER_NUMBER = NhsNumber("9990000018"), NhsNumber("9990000026")
SHOWS_ALL = ReleasePolicy(excluded_exams=frozenset())

PORTAL = Actor("portal", "portal-one", "RXX", frozenset({"portal"}))
RADIOLOGIST = Actor("staff", "radiologist-one", "RXX", frozenset({"radiologist"}))
STRANGER = Actor("portal", "portal-two", "RYY", frozenset({"portal"}))
AUDITOR = Actor("staff", "auditor-one", "RXX", frozenset({"auditor"}))


@dataclass
class Clock:
    """A clock that is set by hand."""

    at: datetime = TUESDAY

    def __call__(self) -> datetime:
        return self.at

    def on(self, **span: float) -> datetime:
        """Move on, and return the time."""
        self.at += timedelta(**span)
        return self.at


def explain(report: Report) -> PatientReport:
    """A patient version with something in every group; [cancer] in the text marks it as sensitive."""
    made = patient_report(report=report)
    kinds = [kind for kind in ("cancer", "pregnancy", "safeguarding") if f"[{kind}]" in report.text]
    return replace(made, flags=tuple(Flag(f"sensitive_{kind}", "-", (Extent(0, 1),)) for kind in kinds))


def explain_nothing(report: Report) -> PatientReport:
    """A patient version without a word of its own, but for the flags: for tests of when, not of what."""
    kinds = [kind for kind in ("cancer", "pregnancy", "safeguarding") if f"[{kind}]" in report.text]
    flags = tuple(Flag(f"sensitive_{kind}", "-", (Extent(0, 1),)) for kind in kinds)
    return plain_report(report.text, report=report, flags=flags)


def report(text: str = "No pneumothorax.", **changes: Any) -> Report:
    """A verified report of a patient of the range that belongs to nobody."""
    made = Report(
        text, ReportStatus.FINAL, Exam("CT chest", "CT", ("chest",), Code("XTEST", "NICIP")),
        verified_at=TUESDAY - timedelta(hours=1), requester="Dr Example", report_id="R1", accession="A1",
        patient=Patient(NUMBER, family="Example", given=("Alex",)),
    )  # fmt: skip
    return replace(made, **changes)


@dataclass
class Kept:
    """Records with everything that a test may move."""

    records: Records
    clock: Clock
    database: Database
    calls: list[Report] = field(default_factory=list)

    def submit(self, sent: Report | None = None, **options: Any) -> Any:
        """Submit as the portal of RXX."""
        return self.records.submit(sent or report(), **{"actor": PORTAL, **options})

    def patient(self, report_id: str, audience: Any = "patient") -> Any:
        """What the patient is given."""
        return self.records.patient_version(report_id, actor=PORTAL, audience=audience)

    def visible(self, report_id: str, audience: Any = "patient") -> bool:
        """Whether the patient is given the patient version."""
        return type(self.patient(report_id, audience)).__name__ == "Visible"


def keep(
    database: Database,
    *,
    policy: ReleasePolicy = SHOWS_ALL,
    clock: Clock | None = None,
    explain: Callable[[Report], PatientReport] = explain,
    vault: Vault | None = None,
) -> Kept:
    """Return records in this database."""
    clock = clock or Clock()
    calls: list[Report] = []

    def counted(sent: Report) -> PatientReport:
        calls.append(sent)
        return explain(sent)

    room = Room(database, policy, counted, vault or make_vault([KEY]), clock)
    return Kept(Records(room), clock, database, calls)
