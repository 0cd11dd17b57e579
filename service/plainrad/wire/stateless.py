"""One message -> its reports explained, and a report of any format -> one message, for the command line. Nothing is kept."""

from dataclasses import replace
from datetime import UTC, datetime

from plainrad.bootstrap import Plainrad
from plainrad.domain.patient import PatientReport
from plainrad.domain.report import Report
from plainrad.formats.contract import to_schema
from plainrad.formats.hl7v2.read import ReportReceived, read_oru
from plainrad.formats.hl7v2.refusals import refused
from plainrad.formats.hl7v2.site import Hl7Site
from plainrad.formats.hl7v2.write import Added, Envelope, build, delay_days, enrich
from plainrad.render import render_html, render_text
from plainrad.wire.build import patient_parts
from plainrad.wire.release import days_of, decide_for


def explain_message(data: bytes, plainrad: Plainrad, *, site: Hl7Site, form: str, days_only: bool = False) -> str:
    """Return the reports of a message as text, JSON lines, pages, or as the message that a portal would be sent; raises ReportError.

    What the release policy holds would not be sent: `held`. With `days_only` the portal decides about that.
    """
    oru = read_oru(data, site)
    reports = [one for one in oru.items if isinstance(one, ReportReceived)]
    if not reports:
        raise refused("report_unknown")
    found = [plainrad.annotate(one.report) for one in reports]
    if form == "json":
        return "".join(to_schema(one).model_dump_json() + "\n" for one in found)
    if form == "html":
        return "\n".join(map(render_html, found))
    if form == "text":
        return "\n".join(map(render_text, found))
    if len(found) > 1:
        raise refused("several_reports")
    now = datetime.now(UTC)
    days = _days(reports[0].report, found[0], plainrad, site, now, days_only=days_only)
    return enrich(oru.message, _added(found[0], site), out=site.out, envelope=_envelope(site, now, days)).decode(
        "utf-8"
    )


def make_message(report: Report, plainrad: Plainrad, *, site: Hl7Site, days_only: bool = False) -> bytes:
    """Return the message that a portal would be sent about a report that came another way; raises ReportError as `explain_message` does."""
    if not (report.report_id or report.accession):
        raise refused("report_id_missing")
    now = datetime.now(UTC)
    found = plainrad.annotate(report)
    days = _days(report, found, plainrad, site, now, days_only=days_only)
    return build(report, _added(found, site), out=site.out, envelope=_envelope(site, now, days))


def _days(
    report: Report, found: PatientReport, plainrad: Plainrad, site: Hl7Site, now: datetime, *, days_only: bool
) -> int:
    """Return for how many days the portal keeps it back; raises MessageError `held` where the policy gives no moment."""
    decide = decide_for(days_of(plainrad.policy) if days_only else plainrad.policy)
    decision = decide(replace(report, verified_at=report.verified_at or now), found, now)
    if decision.available_from is None:
        raise refused("held", decision.code)
    performed = report.exam.performed_at
    if performed is None and decision.available_from > now:
        raise refused(
            "held", "OBR-7"
        )  # the portal counts from the examination: without it, it would show the report at once
    return delay_days(decision.available_from, performed, zone=site.local) if performed else 0


def _added(found: PatientReport, site: Hl7Site) -> list[Added]:
    return [Added("disclaimer", text=found.disclaimer), *patient_parts(found, site.out.patient_version)]


def _envelope(site: Hl7Site, now: datetime, days: int) -> Envelope:
    return Envelope(f"PR{now:%y%m%d%H%M%S%f}"[:20], now, site.local, days)
