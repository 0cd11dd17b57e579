"""One message -> its reports explained, for `plainrad hl7 annotate`. Nothing is kept."""

from dataclasses import replace
from datetime import UTC, datetime

from plainrad.bootstrap import Plainrad
from plainrad.formats.contract import to_schema
from plainrad.formats.hl7v2.read import ReportReceived, read_oru
from plainrad.formats.hl7v2.refusals import refused
from plainrad.formats.hl7v2.site import Hl7Site
from plainrad.formats.hl7v2.write import Added, Envelope, delay_days, enrich
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
    report = reports[0].report
    decide = decide_for(days_of(plainrad.policy) if days_only else plainrad.policy)
    decision = decide(replace(report, verified_at=report.verified_at or now), found[0], now)
    if decision.available_from is None:
        raise refused("held", decision.code)
    performed = report.exam.performed_at
    days = delay_days(decision.available_from, performed, zone=site.local) if performed else 0
    added = [Added("disclaimer", text=found[0].disclaimer), *patient_parts(found[0], site.out.patient_version)]
    envelope = Envelope(f"PR{now:%y%m%d%H%M%S%f}"[:20], now, site.local, days)
    return enrich(oru.message, added, out=site.out, envelope=envelope).decode("utf-8")
