"""The answer to a Bundle: its entries in their order, each DiagnosticReport with its patient version."""

from collections.abc import Mapping

from plainrad.formats.fhir.names import Resource
from plainrad.formats.fhir.references import each


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
