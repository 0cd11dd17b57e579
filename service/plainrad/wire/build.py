"""Puts the parts of the message traffic together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from plainrad.bootstrap import Plainrad
from plainrad.domain.patient import PatientReport
from plainrad.formats.hl7v2.read import Oru
from plainrad.formats.hl7v2.refusals import refused
from plainrad.formats.hl7v2.site import Hl7Site
from plainrad.formats.hl7v2.write import Added
from plainrad.log import Log
from plainrad.render import check_pdf, render_html, render_pdf, render_text
from plainrad.wire.folder import FolderSink
from plainrad.wire.intake import Intake
from plainrad.wire.metrics import WireMetrics
from plainrad.wire.onward import Onward
from plainrad.wire.outbox import Outbox
from plainrad.wire.release import days_of, decide_for
from plainrad.wire.sinks import IntoSink, Sink
from plainrad.wire.spool import Spool
from plainrad.wire.worker import Process, Worker

DEFAULT_LIMIT = 50_000_000  # bytes of one message: reports with pictures in them


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a listener, a route or a command works with. `outbox` in inline mode only."""

    intake: Intake
    worker: Worker
    spool: Spool
    metrics: WireMetrics
    outbox: Outbox | None = None

    def backlog(self) -> int:
        """Return how many messages wait for this process or for the destination."""
        return self.worker.backlog + (self.outbox.backlog if self.outbox else 0)


def patient_parts(patient: PatientReport, kinds: Sequence[str]) -> list[Added]:
    """Return the patient version in each form; raises ExtraMissingError for a PDF without its part."""
    found = []
    for kind in kinds:
        if kind == "text":
            found.append(Added("text", text=render_text(patient)))
        elif kind == "html":
            found.append(Added("html", data=render_html(patient).encode("utf-8", "surrogatepass")))
        else:
            found.append(Added("pdf", data=render_pdf(patient)))
    return found


def store_traffic(spool: Spool, sink: Sink, *, site: Hl7Site, log: Log, limit: int = DEFAULT_LIMIT) -> Traffic:
    """Return the traffic into a sink."""
    return _traffic(spool, IntoSink(sink, site=site, spool=spool), None, site=site, log=log, limit=limit)


def inline_traffic(
    spool: Spool,
    outbox: Outbox,
    plainrad: Plainrad,
    *,
    site: Hl7Site,
    log: Log,
    limit: int = DEFAULT_LIMIT,
    days_only: bool = False,
) -> Traffic:
    """Return the traffic through Plainrad into an outbox. With `days_only` the destination decides what is held; here days are counted."""
    metrics = WireMetrics()
    if "pdf" in site.out.patient_version:
        check_pdf()  # what is missing is said at the start, not at the first report

    counting = decide_for(days_of(plainrad.policy))
    onward = Onward(
        explain=plainrad.annotate,
        render=patient_parts,
        decide=counting if days_only else decide_for(plainrad.policy),
        count=counting,
        disclaimer=plainrad.book.disclaimer,
        outbox=outbox,
        spool=spool,
        site=site,
        log=log,
        metrics=metrics,
    )

    def one_report(oru: Oru) -> None:
        if len(oru.items) > 1:  # the portal takes one report a message: refused while its sender listens
            raise refused("several_reports")

    return _traffic(spool, onward, outbox, site=site, log=log, limit=limit, metrics=metrics, check=one_report)


def _traffic(
    spool: Spool,
    process: Process,
    outbox: Outbox | None,
    *,
    site: Hl7Site,
    log: Log,
    limit: int,
    metrics: WireMetrics | None = None,
    check: Callable[[Oru], None] | None = None,
) -> Traffic:
    figures = metrics or WireMetrics()
    worker = Worker(spool, process, log=log, metrics=figures)
    intake = Intake(spool, worker, site=site, log=log, metrics=figures, limit=limit, check=check)
    return Traffic(intake, worker, spool, figures, outbox)


def folder_sink(folder: Path, spool: Spool, plainrad: Plainrad) -> FolderSink:
    """Return a sink that writes files; their names give no number away."""
    return FolderSink(folder, explain=plainrad.annotate, named=lambda number: spool.hashed("report", number))
