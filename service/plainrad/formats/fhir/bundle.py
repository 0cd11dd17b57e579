"""The answer to a Bundle: its entries in their order, each DiagnosticReport with its patient version, or what became of each."""

from collections.abc import Mapping
from http import HTTPStatus

from plainrad.errors import PlainradError
from plainrad.formats.fhir.names import Resource
from plainrad.formats.fhir.outcome import outcome, status_of, where_of
from plainrad.formats.fhir.references import each

BESIDE = "Read with the reports that refer to it. Only reports are kept here."


def answered(bundle: Resource, reports: Mapping[int, Resource]) -> Resource:
    """Return a collection of the entries of `bundle`, with `reports` in the places where the reports were.

    A collection, whatever came: it is no longer the document that somebody signed, and nothing was carried out or stored as a
    transaction would. So the signature, and what an entry asked to be done with it, are left out.
    """
    kept = {
        name: value
        for name, value in bundle.items()
        if name not in ("type", "entry", "signature", "_signature", "total", "link")
    }
    entries = [
        {name: value for name, value in entry.items() if name not in ("request", "response", "search")}
        | ({"resource": reports[number]} if number in reports else {})
        for number, entry in enumerate(each(bundle.get("entry")))
    ]
    return {"resourceType": "Bundle", **kept, "type": "collection", "entry": entries}


def response(status: int, made: Resource | None = None, *, location: str | None = None) -> Resource:
    """Return an entry of a batch-response or transaction-response."""
    found: Resource = {"status": f"{status} {HTTPStatus(status).phrase}"}
    if location is not None:
        found["location"] = location
    return {"response": found | ({"outcome": made} if made is not None else {})}


def refused_response(error: PlainradError) -> Resource:
    """Return the entry for one that was refused: its status, and an OperationOutcome that says why."""
    status = status_of(error.code)
    return response(status, outcome(error.code, str(error), where=where_of(error), status=status))


def beside_response() -> Resource:
    """Return the entry for a resource that says more about a report and is not kept as one of its own."""
    issue = {"severity": "information", "code": "informational", "diagnostics": BESIDE}
    return response(202, {"resourceType": "OperationOutcome", "issue": [issue]})
