"""A FHIR Bundle -> the reports in it: all or none of them, or, of a batch, one by one.

Only reports are kept and explained. The other entries (patients, orders, studies, results) say more about them and are read as that.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from plainrad.errors import AttachmentError, FhirInvalidError, FhirReferenceError, ReportError, ReportNotVerifiedError
from plainrad.formats.fhir.attachments import MAX_FORMS, count_pdfs
from plainrad.formats.fhir.incoming import Received, read_checked
from plainrad.formats.fhir.names import Resource
from plainrad.formats.fhir.references import Around, addresses, each
from plainrad.formats.fhir.validate import check_resource

MAX_REPORTS: Final = 300
BUNDLES: Final = frozenset({"document", "collection", "message", "transaction", "batch"})


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of an entry of a batch: a report, why it is none, or neither (it was read beside the reports)."""

    received: Received | None = None
    error: ReportError | None = None


def read_bundle(bundle: object) -> tuple[Received, ...]:
    """Return the reports of a Bundle in their order. One that cannot be read refuses them all: half a message is none."""
    checked = check_resource(bundle, kind="Bundle")
    entries = _entries(checked)
    around = Around(bundled=_bundled(entries))
    _check_composition(checked, entries)
    found = [_received(checked, entries, number, around) for number, one in enumerate(entries) if _is_report(one)]
    if not found:
        raise _without_reports()
    return tuple(found)


def read_batch(bundle: object) -> tuple[Entry, ...]:
    """Return what became of each entry of a batch: one that is wrong does not touch the others (R4, http, batch).

    Raises a ReportError where the Bundle itself cannot be read. A report that refers to an entry that is wrong is wrong too.
    """
    if not isinstance(bundle, dict) or not isinstance(bundle.get("entry"), list):
        check_resource(bundle, kind="Bundle")
        raise _without_reports()
    bare = [
        {name: value for name, value in one.items() if name != "resource"} if isinstance(one, dict) else one
        for one in bundle["entry"]
    ]
    outside = {**bundle, "entry": [one for one in bare if one]}
    checked = check_resource({name: value for name, value in outside.items() if value != []}, kind="Bundle")
    if not all(isinstance(one, dict) for one in bundle["entry"]):
        raise FhirInvalidError("An entry is an object.", where="Bundle.entry")
    entries = _entries({**checked, "entry": bundle["entry"]})
    if not any(map(_is_report, entries)):
        raise _without_reports()
    wrong = {number: error for number, one in enumerate(entries) if (error := _wrong(one, number)) is not None}
    known = _bundled(entries)
    spoilt = [entries[number].get("resource") for number in wrong]
    around = Around(bundled={name: None if any(one is bad for bad in spoilt) else one for name, one in known.items()})
    found = []
    for number, one in enumerate(entries):
        if number in wrong:
            found.append(Entry(error=wrong[number]))
        elif _is_report(one):
            try:
                found.append(Entry(_received(bundle, entries, number, around)))
            except ReportError as error:
                found.append(Entry(error=error))
        else:
            found.append(Entry())
    return tuple(found)


def _without_reports() -> FhirInvalidError:
    return FhirInvalidError("The Bundle holds no DiagnosticReport.", where="Bundle.entry")


def _entries(bundle: Resource) -> list[Resource]:
    """Return the entries of a Bundle of a type that is read; raises a ReportError."""
    if bundle.get("type") not in BUNDLES:
        raise FhirInvalidError("A Bundle of this type is not read.", where="Bundle.type")
    entries = each(bundle.get("entry"))
    if len({str(one["fullUrl"]) for one in entries if one.get("fullUrl")}) < sum("fullUrl" in one for one in entries):
        raise FhirInvalidError("Two entries have one address.", where="Bundle.entry")
    if bundle["type"] == "transaction":
        for number, one in enumerate(entries):
            check_request(one, f"Bundle.entry[{number}].request")
    if sum(map(_is_report, entries)) > MAX_REPORTS:
        raise FhirInvalidError(f"More than {MAX_REPORTS} reports. Send fewer at a time.", where="Bundle.entry")
    _check_pdfs(entries)
    return entries


def _wrong(entry: Resource, number: int) -> ReportError | None:
    """Return why an entry of a batch cannot be read, or None."""
    place = f"Bundle.entry[{number}]"
    resource = entry.get("resource")
    try:
        check_request(entry, f"{place}.request")
        if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
            raise FhirInvalidError("This is not a FHIR resource.", where=f"{place}.resource")
        check_resource(resource, kind=resource["resourceType"], where=f"{place}.resource")
    except ReportError as error:
        return error
    return None


def check_request(entry: Resource, where: str) -> None:
    """Raise FhirInvalidError for what an entry asks to be done and is not done here: anything but that its resource be taken."""
    request = entry.get("request")
    if not isinstance(request, dict) or not isinstance(request.get("method"), str):
        raise FhirInvalidError("Each entry of a transaction or batch has a request.", where=where)
    method = request["method"]
    if method not in (("POST",) if _is_report(entry) else ("POST", "PUT")):
        raise FhirInvalidError(
            "Only POST is done here: reports are handed in, and known by their numbers.", where=where
        )
    if any(request.get(name) for name in ("ifNoneExist", "ifMatch", "ifNoneMatch", "ifModifiedSince")) and _is_report(
        entry
    ):
        raise FhirInvalidError("Conditions are not looked at. A report is known by its number.", where=where)


def _is_report(entry: Resource) -> bool:
    resource = entry.get("resource")
    return isinstance(resource, dict) and resource.get("resourceType") == "DiagnosticReport"


def _received(bundle: Resource, entries: list[Resource], number: int, around: Around) -> Received:
    where = f"Bundle.entry[{number}].resource"
    resource = check_resource(entries[number]["resource"], kind="DiagnosticReport", where=where)
    identifier = bundle.get("identifier")
    return replace(
        read_checked(resource, around, where, entry=number),
        bundle=identifier if isinstance(identifier, dict) else None,
        beside=tuple(_beside(entries, resource, around, document=bundle.get("type") == "document")),
    )


def _beside(entries: list[Resource], report: Resource, around: Around, *, document: bool) -> Iterator[Resource]:
    """Yield the entries that a report refers to, and those that these refer to; of a document its Composition too."""
    seen: set[int] = {id(report)}
    waiting = [report, *([entries[0]["resource"]] if document and entries[0].get("resource") else [])]
    seen.update(map(id, waiting))
    while waiting:
        for address in _addresses(waiting.pop()):
            try:
                found = around.follow({"reference": address}, where="Bundle.entry")
            except FhirReferenceError:
                continue  # whether it matters was decided where it was read
            if found is not None and id(found) not in seen and found.get("resourceType") != "DiagnosticReport":
                seen.add(id(found))
                waiting.append(found)
    seen.discard(id(report))
    for one in entries:
        if id(one.get("resource")) in seen:
            yield one


def _addresses(resource: Resource) -> Iterator[str]:
    waiting: list[Any] = [resource]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if isinstance(one.get("reference"), str) and not one["reference"].startswith("#"):
                yield one["reference"]
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


def _bundled(entries: list[Resource]) -> dict[str, Resource | None]:
    """Return the entries by their addresses. Two servers may give one relative address: then it leads nowhere."""
    known: dict[str, Resource | None] = {}
    for entry in entries:
        resource = entry.get("resource")
        if isinstance(resource, dict) and isinstance(resource.get("resourceType"), str):
            full = entry.get("fullUrl")
            for address in set(addresses(full if isinstance(full, str) else None, resource)):
                known[address] = None if address in known else resource
    return known


def _check_pdfs(entries: list[Resource]) -> None:
    inside = (one["resource"] for one in entries if isinstance(one.get("resource"), dict))
    if sum(count_pdfs(one) for one in inside if one.get("resourceType") == "DiagnosticReport") > MAX_FORMS:
        raise AttachmentError(f"Bundle: more than {MAX_FORMS} reports as PDF. Send fewer at a time.")


def _check_composition(bundle: Resource, entries: list[Resource]) -> None:
    """A document begins with its Composition, which has a status of its own."""
    first = entries[0].get("resource") if entries else None
    if bundle["type"] != "document":
        return
    if not isinstance(first, dict) or first.get("resourceType") != "Composition":
        raise FhirInvalidError("A document begins with its Composition.", where="Bundle.entry[0]")
    if first.get("status") not in ("final", "amended"):
        raise ReportNotVerifiedError
