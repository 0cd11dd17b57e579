"""A Bundle into the store of reports: all of it in one transaction, or, of a batch, entry by entry."""

from plainrad.errors import PlainradError
from plainrad.formats.fhir.bundle import beside_response, refused_response, response
from plainrad.formats.fhir.entries import read_batch, read_bundle
from plainrad.formats.fhir.names import Resource
from plainrad.formats.fhir.references import each
from plainrad.wire.fhir.kept import Acknowledged, Kept


def keep_bundle(bundle: Resource, kept: Kept) -> Resource:
    """Return what became of each entry, in their order; raises a PlainradError where nothing was kept."""
    if bundle.get("type") == "batch":
        return {"resourceType": "Bundle", "type": "batch-response", "entry": _one_by_one(bundle, kept)}
    reports = read_bundle(bundle)
    places = [one.entry for one in reports]
    held = dict(zip(places, kept.keep(reports), strict=True))
    entries = [
        _kept_response(held[number]) if number in held else beside_response()
        for number, _ in enumerate(each(bundle.get("entry")))
    ]
    return {"resourceType": "Bundle", "type": "transaction-response", "entry": entries}


def _one_by_one(batch: Resource, kept: Kept) -> list[Resource]:
    found = []
    for one in read_batch(batch):
        if one.error is not None:
            found.append(refused_response(one.error))
        elif one.received is None:
            found.append(beside_response())
        else:
            try:
                found.append(_kept_response(kept.keep([one.received])[0]))
            except PlainradError as error:  # of this entry alone: those before it are kept
                found.append(refused_response(error))
    return found


def _kept_response(one: Acknowledged) -> Resource:
    return response(201 if one.new else 200, receipt(one), location=address(one))


def address(one: Acknowledged) -> str:
    """Return where a report is kept, below the base."""
    return f"DiagnosticReport/{one.id}/_history/{one.version}"


def receipt(one: Acknowledged) -> Resource:
    """Say what became of a report, and nothing of its words: it may not be released yet."""
    release = one.decision
    when = f" from {release.available_from.isoformat()}" if release.available_from else ""
    issue = {
        "severity": "information",
        "code": "informational",
        "diagnostics": f"Kept. Release: {release.state}{when}.",
    }
    return {"resourceType": "OperationOutcome", "issue": [issue]}
