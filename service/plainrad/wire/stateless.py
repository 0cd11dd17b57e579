"""One message -> its reports explained, for `plainrad hl7 annotate`. Nothing is kept."""

from datetime import UTC, datetime

from plainrad.bootstrap import Plainrad
from plainrad.formats.contract import to_schema
from plainrad.formats.hl7v2.read import ReportReceived, read_oru
from plainrad.formats.hl7v2.refusals import refused
from plainrad.formats.hl7v2.site import Hl7Site
from plainrad.formats.hl7v2.write import Added, Envelope, delay_days, enrich
from plainrad.render import render_html, render_text
from plainrad.wire.build import patient_parts


def explain_message(data: bytes, plainrad: Plainrad, *, site: Hl7Site, form: str) -> str:
    """Return the reports of a message as text, JSON lines, pages, or as the message that a portal would be sent; raises ReportError."""
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
    release = plainrad.policy.decide(report.verified_at or now, now=now).available_from
    performed = report.exam.performed_at
    days = delay_days(release, performed, zone=site.local) if release and performed else 0
    added = [Added("disclaimer", text=found[0].disclaimer), *patient_parts(found[0], site.out.patient_version)]
    envelope = Envelope(f"PR{now:%y%m%d%H%M%S%f}"[:20], now, site.local, days)
    return enrich(oru.message, added, out=site.out, envelope=envelope).decode("utf-8")
