"""Reports into the store: the sink of stored mode. What it needs of the records is written down here."""

from typing import Any, Protocol

from plainrad.domain.report import Report
from plainrad.formats.hl7v2.read import ReportReceived


class Keeps(Protocol):
    """The two uses of the records that a feed needs."""

    def submit(self, report: Report, *, actor: Any, key: str | None = None, source: str = "api") -> Any:
        """Keep a report: the same key again changes nothing."""

    def withdraw_by_number(self, report_id: str, *, actor: Any, reason: str) -> bool:
        """Retract the current version of the report with this filler order number; False where there is none."""


class RecordsSink:
    """Submits and retracts as one actor: the organisation that the feed belongs to."""

    def __init__(self, records: Keeps, *, actor: Any) -> None:
        self._records = records
        self._actor = actor

    def submit(self, received: ReportReceived, *, key: str) -> None:
        """Keep the report; it is acknowledged already, so an error holds the feed or sends the message to failed/."""
        self._records.submit(received.report, actor=self._actor, key=key, source="hl7v2")

    def retract(self, report_id: str, *, reason: str, key: str) -> bool:  # noqa: ARG002 - retracting twice is retracting once
        """Retract the current version."""
        return self._records.withdraw_by_number(
            report_id, actor=self._actor, reason=f"Withdrawn by the sender ({reason})"
        )
