"""Reports into the store: the sink of stored mode."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from plainrad.domain.people import Patient
from plainrad.domain.records import Actor, Sent
from plainrad.errors import BusyError, ReportNotFoundError, StoreError
from plainrad.formats.hl7v2.read import Received, ReportReceived, WithdrawalReceived
from plainrad.records.records import Records
from plainrad.store import patients, reports
from plainrad.store.tables import PatientRow

SOURCE = "hl7v2"
MEDIA_TYPE = "application/hl7-v2+er7"


def feed_actor(organisation: str) -> Actor:
    """Return who a feed of this organisation (ODS code) is, to the records and in the audit."""
    return Actor("portal", "hl7-feed", organisation, frozenset({"portal"}))


class RecordsSink:
    """Submits and retracts as one actor. While the store is away, or lacks its keys, messages wait and keep their order."""

    def __init__(self, records: Records, *, actor: Actor) -> None:
        self._records = records
        self._actor = actor

    def submit(self, received: ReportReceived, *, key: str) -> None:
        """Keep the report; the same key again keeps it once."""
        sent = Sent(MEDIA_TYPE, received.message) if received.message else None
        with _waited_for():
            self._records.submit(received.report, actor=self._actor, key=key, source=SOURCE, sent=sent)

    def retract(self, report_id: str, *, reason: str, key: str) -> bool:  # noqa: ARG002 - retracting twice is retracting once
        """Retract the current version of the report with this filler order number; False where there is none."""
        with _waited_for():
            known = self._known(report_id)
            if known is None:
                return False
            try:
                self._records.withdraw(known, actor=self._actor, reason=f"Withdrawn by its sender ({reason})")
            except ReportNotFoundError:  # removed by the purge meanwhile
                return False
            return True

    def _known(self, report_id: str) -> str | None:
        with self._records.room.database.reading() as session:
            organisation = reports.organisation_id(session, self._actor.organisation or "")
            if organisation is None:
                return None
            row = reports.by_key(session, organisation=organisation, key=f"report:{report_id}")
            return row.public_id if row is not None else None


def only_invented(items: Sequence[Received], records: Records, *, organisation: str) -> bool:
    """Return True where a message names invented patients only, and so does every kept report that it would replace or withdraw.

    A number of the tests in a message says nothing about the report that its filler number leads to.
    """
    room = records.room
    with room.database.reading() as session:
        number = reports.organisation_id(session, organisation)
        for one in items:
            if not _invented(one.patient if isinstance(one, WithdrawalReceived) else one.report.patient):
                return False
            if number is None:
                continue
            if isinstance(one, WithdrawalReceived):
                row = reports.by_key(session, organisation=number, key=f"report:{one.report_id}")
            else:
                row = reports.known(session, one.report, organisation=number)
            kept = session.get(PatientRow, row.patient_id) if row is not None and row.patient_id is not None else None
            if row is not None and (kept is None or not _invented(patients.patient_of(kept, room.vault))):
                return False
    return True


def _invented(patient: Patient | None) -> bool:
    return patient is None or (patient.nhs_number is not None and patient.nhs_number.for_tests)


@contextmanager
def _waited_for() -> Iterator[None]:
    try:
        yield
    except StoreError as error:
        raise BusyError from error
