"""The parameters of a FHIR search -> Query, and Found -> a searchset. A parameter that is not known is refused: left out, it would find more."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode

from plainrad.errors import RequestError
from plainrad.formats.fhir.names import Resource
from plainrad.wire.fhir.kept import Found, Query, Token

MOST: Final = 100
_DATE: Final = re.compile(
    r"(?P<prefix>eq|ge|gt|le|lt)?(?P<day>\d{4}-\d\d-\d\d)(?P<time>T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?",
    re.ASCII,
)
_AFTER: Final = re.compile(r"[A-Za-z0-9._=-]{1,100}", re.ASCII)
_PATIENT: Final = re.compile(r"(Patient/)?[A-Za-z0-9.-]{1,64}", re.ASCII)


def parse_query(parameters: Sequence[tuple[str, str]]) -> Query:
    """Return what is searched for; raises RequestError. One of identifier and patient must be given."""
    query = Query()
    seen: set[str] = set()
    for name, value in parameters:
        if name in seen and name != "date":
            raise _wrong("a parameter stands twice")
        seen.add(name)
        match name:
            case "identifier":
                query = replace(query, identifier=_token(value))
            case "patient" | "subject":
                if not _PATIENT.fullmatch(value):
                    raise _wrong("patient")
                query = replace(query, patient=value if "/" in value else f"Patient/{value}")
            case "patient:identifier" | "patient.identifier" | "subject:identifier" | "subject.identifier":
                query = replace(query, patient_identifier=_token(value))
            case "date":
                query = _dated(query, value)
            case "_count":
                if not re.fullmatch(r"\d{1,4}", value, re.ASCII):
                    raise _wrong("_count")
                query = replace(query, count=min(int(value), MOST))
            case "_after":
                if not _AFTER.fullmatch(value):
                    raise _wrong("_after")
                query = replace(query, after=value)
            case "_format":
                pass
            case _:
                raise RequestError(
                    "request_invalid", "A search parameter is not known. GET /fhir/metadata lists those that are."
                )
    if not (query.identifier or query.patient or query.patient_identifier):
        raise RequestError("request_invalid", "Search by identifier or patient.")
    return query


def _wrong(name: str) -> RequestError:
    return RequestError("request_invalid", f"Cannot be used: {name}. GET /fhir/metadata says what it may be.")


def _token(value: str) -> Token:
    system, bar, code = value.rpartition("|")
    if not code.strip() or len(value) > 400:
        raise _wrong("identifier")
    return Token(code, system if bar else None)


def _dated(query: Query, value: str) -> Query:
    """Narrow the query by a date: a day means the whole day, a moment its second (R4, search, date)."""
    match = _DATE.fullmatch(value)
    if match is None:
        raise _wrong("date")
    try:
        if match["time"]:
            start = datetime.fromisoformat(match["day"] + match["time"])
            end = start + timedelta(seconds=1)
        else:
            start = datetime.combine(date.fromisoformat(match["day"]), time(), UTC)
            end = start + timedelta(days=1)
    except (ValueError, OverflowError):
        raise _wrong("date") from None
    prefix = match["prefix"] or "eq"
    lower = {"eq": start, "ge": start, "gt": end}.get(prefix)
    upper = {"eq": end, "le": end, "lt": start}.get(prefix)
    if lower is not None and (query.done_from is None or lower > query.done_from):
        query = replace(query, done_from=lower)
    if upper is not None and (query.done_before is None or upper < query.done_before):
        query = replace(query, done_before=upper)
    return query


def searchset(
    found: Found, resources: Sequence[Resource], parameters: Sequence[tuple[str, str]], *, base: str
) -> Resource:
    """Return the Bundle of a page, with links to itself and to the next."""
    own = f"{base}/DiagnosticReport"
    links = [{"relation": "self", "url": f"{own}?{urlencode(parameters)}"}]
    if found.next_after is not None:
        onward = [(name, value) for name, value in parameters if name != "_after"] + [("_after", found.next_after)]
        links.append({"relation": "next", "url": f"{own}?{urlencode(onward)}"})
    bundle: Resource = {"resourceType": "Bundle", "type": "searchset", "link": links}
    if found.total is not None:
        bundle["total"] = found.total
    if resources:
        bundle["entry"] = [
            {"fullUrl": f"{own}/{one['id']}", "resource": one, "search": {"mode": "match"}} for one in resources
        ]
    return bundle
