"""Reports into the store: the sink of stored mode."""

from collections.abc import Iterator
from contextlib import contextmanager

from plainrad.domain.records import Actor
from plainrad.errors import BusyError, ReportNotFoundError, StoreError
from plainrad.formats.hl7v2.read import ReportReceived
from plainrad.records.records import Records
from plainrad.store import reports

SOURCE = "hl7v2"


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
        with _waited_for():
            self._records.submit(received.report, actor=self._actor, key=key, source=SOURCE)

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


@contextmanager
def _waited_for() -> Iterator[None]:
    try:
        yield
    except StoreError as error:
        raise BusyError from error
