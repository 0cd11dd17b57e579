"""What brought a report over FHIR: written to be kept, and read again for the form that the report came in."""

from typing import Final

from plainrad.domain.report import Report
from plainrad.errors import PlainradError
from plainrad.formats.fhir.attachments import Form
from plainrad.formats.fhir.build import to_resource
from plainrad.formats.fhir.entries import read_bundle
from plainrad.formats.fhir.incoming import Received, read_resource
from plainrad.formats.fhir.names import Resource
from plainrad.formats.fhir.references import each
from plainrad.formats.fhir.wire import dumps, parse

# Elements that say what was done and which report it is, and neither whom it is about nor anything of its words.
_KEPT: Final = ("identifier", "category", "code", "effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued")


def as_sent(one: Received) -> bytes:
    """Return what brought a report: the body byte for byte; of a Bundle the report's entry and those that it refers to."""
    if one.body is not None:
        return one.body
    if one.entry is None:
        return dumps(one.resource)
    bundle: Resource = {"resourceType": "Bundle", "type": "collection"}
    if one.bundle is not None:
        bundle["identifier"] = one.bundle
    return dumps({**bundle, "entry": [{"resource": one.resource}, *one.beside]})


def form_as_sent(data: bytes, report: Report) -> Received | None:
    """Return what was kept by `as_sent`, read again; None where it is not (any more) read as these words."""
    try:
        sent = parse(data)
        found = read_bundle(sent)[0] if sent.get("resourceType") == "Bundle" else read_resource(sent)
    except PlainradError:
        return None
    return found if found.report.text == report.text else None


def rebuilt(report: Report, sent: Received | None) -> Received:
    """Return a report as a DiagnosticReport: made from the report, with the form that it came in where that is known."""
    made = to_resource(report)
    if sent is None:
        return read_resource(made)
    for name in _KEPT:
        value = sent.resource.get(name)
        if value is not None and "reference" not in str(value):
            made = {key: one for key, one in made.items() if not (name.startswith("effective") and key[:9] == name[:9])}
            made[name] = value
    form = None
    if sent.form is not None:
        made["presentedForm"] = [each(sent.resource["presentedForm"])[sent.form.index]]
        form = Form(0, sent.form.data, sent.form.text, sent.form.verbatim)
    return Received(made, report, form)
