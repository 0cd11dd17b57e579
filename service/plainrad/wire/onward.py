"""Inline mode: a message in, the same message with its patient version into the outbox. The original is never lost on the way."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from plainrad.domain.patient import PatientReport
from plainrad.domain.people import Patient
from plainrad.domain.release import ReleaseDecision
from plainrad.domain.report import Report
from plainrad.errors import MessageError, ServiceError
from plainrad.formats.hl7v2.message import Message
from plainrad.formats.hl7v2.read import ReportReceived, WithdrawalReceived, read_oru
from plainrad.formats.hl7v2.refusals import refused
from plainrad.formats.hl7v2.site import Hl7Site
from plainrad.formats.hl7v2.write import Added, Envelope, delay_days, enrich, withdraw
from plainrad.log import Log, where
from plainrad.wire.latest import Latest
from plainrad.wire.metrics import WireMetrics
from plainrad.wire.outbox import Outbox
from plainrad.wire.release import Release
from plainrad.wire.spool import Entry, Spool, message_key

Explain = Callable[[Report], PatientReport]
Render = Callable[[PatientReport, Sequence[str]], list[Added]]


class Onward:
    """Explains a message and puts it into the outbox.

    `decide` says by the whole policy when patients may see the report. Where no moment of verification was sent, that of arrival
    counts: it is the later one. `count` says only how long is waited, for originals that a site sends though the policy holds them.
    What an older message says of a report never overtakes a newer one.
    """

    def __init__(
        self,
        *,
        explain: Explain,
        render: Render,
        decide: Release,
        count: Release,
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
        self._count = count
        self._disclaimer = disclaimer
        self._outbox = outbox
        self._spool = spool
        self._site = site
        self._log = log
        self._metrics = metrics
        self._latest = Latest(spool)

    def __call__(self, data: bytes, *, entry: Entry) -> None:
        """Put the enriched message into the outbox; done again it is the same message with the same id."""
        oru = read_oru(data, self._site)
        if len(oru.items) > 1:
            raise refused("several_reports")
        item, message = oru.items[0], oru.message
        key = self._spool.hashed("out", message_key(message, self._spool))
        arrived = datetime.fromtimestamp(entry.number / 1e9, UTC)
        envelope = Envelope(f"PR{key[:18].upper()}", arrived, self._site.local)
        self._latest.check(item.report_id, entry)
        if isinstance(item, WithdrawalReceived):
            sent = withdraw(message, out=self._site.out, envelope=envelope)
            self._put(key, sent, "withdrawal", item.patient, item.report_id, None)
        else:
            try:
                self._forward(item, message, key, envelope)
            except MessageError:  # kept here: what it replaces must not be shown as if it were the last word
                self._outbox.set_aside(self._spool.hashed("report", item.report_id), code="superseded")
                self._latest.note(item.report_id, entry)
                raise
        self._latest.note(item.report_id, entry)

    def _forward(self, item: ReportReceived, message: Message, key: str, envelope: Envelope) -> None:
        report = item.report
        counted = report if report.verified_at is not None else replace(report, verified_at=envelope.now)
        patient = self._explained(report)
        decision = self._decide(counted, patient, datetime.now(UTC))
        added: list[Added] = []
        if _open(decision):
            added = self._added(patient)
        elif self._site.out.on_held == "original":
            decision = self._count(counted, patient, datetime.now(UTC))
            self._metrics.worked("original_only")
        release, performed = decision.available_from, report.exam.performed_at
        if not _open(decision) or release is None:
            raise refused("held", decision.code)
        hold: datetime | None = None
        days = 0
        if self._site.out.embargo == "delay" and performed is not None:
            days = delay_days(release, performed, zone=self._site.local)
        else:
            hold = release  # without OBR-7 the portal could not count: then it is kept here
        final = Envelope(envelope.control_id, envelope.now, envelope.zone, days)
        sent = enrich(message, added, out=self._site.out, envelope=final)
        self._put(key, sent, "report", report.patient, item.report_id, hold)

    def _explained(self, report: Report) -> PatientReport | None:
        """Return the patient version; None if explaining fails and the site wants the original sent."""
        try:
            return self._explain(report)
        except (ServiceError, OSError):
            raise
        except Exception as error:
            self._failed(error)
            return None

    def _added(self, patient: PatientReport | None) -> list[Added]:
        """Return what is put beside the original; without a patient version that is the disclaimer alone."""
        if patient is not None:
            try:
                version = self._render(patient, self._site.out.patient_version)
                return [Added("disclaimer", text=patient.disclaimer), *version]
            except (ServiceError, OSError):
                raise
            except Exception as error:
                self._failed(error)
        self._metrics.worked("original_only")
        return [Added("disclaimer_only", text=self._disclaimer)]

    def _failed(self, error: Exception) -> None:
        self._log.error("annotation_failed", **where(error))
        if self._site.out.on_failure == "refuse":
            raise refused("annotation_failed") from None

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


def _open(decision: ReleaseDecision) -> bool:
    return decision.state in ("embargoed", "released") and decision.available_from is not None


def _who(patient: Patient | None, report_id: str) -> tuple[str, ...]:
    """Return what says whose message this is; where nothing does, the report stands for itself."""
    if patient is not None and patient.nhs_number is not None:
        return ("nhs", patient.nhs_number.value)
    if patient is not None and patient.identifiers:
        first = patient.identifiers[0]
        return ("id", first.system or "", first.kind or "", first.value)
    return ("report", report_id)
