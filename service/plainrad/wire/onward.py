"""Inline mode: a message in, the same message with its patient version into the outbox. The original is never lost on the way."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from plainrad.domain.patient import PatientReport
from plainrad.domain.people import Patient
from plainrad.domain.release import ReleaseDecision
from plainrad.domain.report import Report
from plainrad.errors import ServiceError
from plainrad.formats.hl7v2.message import Message
from plainrad.formats.hl7v2.read import ReportReceived, WithdrawalReceived, read_oru
from plainrad.formats.hl7v2.refusals import refused
from plainrad.formats.hl7v2.site import Hl7Site
from plainrad.formats.hl7v2.write import Added, Envelope, delay_days, enrich, withdraw
from plainrad.log import Log, where
from plainrad.wire.metrics import WireMetrics
from plainrad.wire.outbox import Outbox
from plainrad.wire.spool import Entry, Spool, message_key

Explain = Callable[[Report], PatientReport]
Render = Callable[[PatientReport, Sequence[str]], list[Added]]
Decide = Callable[[datetime], ReleaseDecision]


class Onward:
    """Explains a message and puts it into the outbox.

    `decide` says for a moment of verification when patients may see the report. Where no such moment was sent, that of arrival
    counts: it is the later one.
    """

    def __init__(
        self,
        *,
        explain: Explain,
        render: Render,
        decide: Decide,
        disclaimer: str,
        outbox: Outbox,
        spool: Spool,
        site: Hl7Site,
        log: Log,
        metrics: WireMetrics,
    ) -> None:
        self._explain = explain
        self._render = render
        self._decide = decide
        self._disclaimer = disclaimer
        self._outbox = outbox
        self._spool = spool
        self._site = site
        self._log = log
        self._metrics = metrics

    def __call__(self, data: bytes, *, entry: Entry) -> None:
        """Put the enriched message into the outbox; done again it is the same message with the same id."""
        oru = read_oru(data, self._site)
        if len(oru.items) > 1:
            raise refused("several_reports")
        item, message = oru.items[0], oru.message
        key = self._spool.hashed("out", message_key(message, self._spool))
        arrived = datetime.fromtimestamp(entry.number / 1e9, UTC)
        envelope = Envelope(f"PR{key[:18].upper()}", arrived, self._site.local)
        if isinstance(item, WithdrawalReceived):
            sent = withdraw(message, out=self._site.out, envelope=envelope)
            self._put(key, sent, "withdrawal", item.patient, item.report_id, None)
            return
        self._forward(item, message, key, envelope)

    def _forward(self, item: ReportReceived, message: Message, key: str, envelope: Envelope) -> None:
        report = item.report
        decision = self._decide(report.verified_at or envelope.now)
        if decision.state in ("held", "retracted") or decision.available_from is None:
            raise refused("held")
        added = self._added(report)
        release, performed = decision.available_from, report.exam.performed_at
        hold: datetime | None = None
        days = 0
        if self._site.out.embargo == "delay" and performed is not None:
            days = delay_days(release, performed, zone=self._site.local)
        else:
            hold = release  # without OBR-7 the portal could not count: then it is kept here
        final = Envelope(envelope.control_id, envelope.now, envelope.zone, days)
        sent = enrich(message, added, out=self._site.out, envelope=final)
        self._put(key, sent, "report", report.patient, item.report_id, hold)

    def _added(self, report: Report) -> list[Added]:
        """Return what is put beside the original; if explaining fails, the disclaimer alone where the site wants the original sent."""
        try:
            patient = self._explain(report)
            return [
                Added("disclaimer", text=patient.disclaimer),
                *self._render(patient, self._site.out.patient_version),
            ]
        except (ServiceError, OSError):
            raise
        except Exception as error:
            self._log.error("annotation_failed", **where(error))
            if self._site.out.on_failure == "refuse":
                raise refused("annotation_failed") from None
            self._metrics.worked("original_only")
            return [Added("disclaimer_only", text=self._disclaimer)]

    def _put(
        self, key: str, message: bytes, kind: str, patient: Patient | None, report_id: str, hold: datetime | None
    ) -> None:
        self._outbox.put(
            key,
            message,
            kind="withdrawal" if kind == "withdrawal" else "report",
            lane=self._spool.hashed("lane", *_who(patient, report_id)),
            report=self._spool.hashed("report", report_id),
            not_before=hold,
        )


def _who(patient: Patient | None, report_id: str) -> tuple[str, ...]:
    """Return what says whose message this is; where nothing does, the report stands for itself."""
    if patient is not None and patient.nhs_number is not None:
        return ("nhs", patient.nhs_number.value)
    if patient is not None and patient.identifiers:
        first = patient.identifiers[0]
        return ("id", first.system or "", first.kind or "", first.value)
    return ("report", report_id)
