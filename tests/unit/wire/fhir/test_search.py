"""Search parameters are understood or refused: one that is passed over would find more than was asked for."""

from datetime import UTC, datetime

import pytest

from plainrad.errors import RequestError
from plainrad.wire.fhir.kept import Found, Query, Token
from plainrad.wire.fhir.search import parse_query, searchset

ONE = ("identifier", "R1")


@pytest.mark.parametrize(
    ("sent", "query"),
    [
        ([ONE], Query(identifier=Token("R1"))),
        ([("identifier", "urn:x|R1")], Query(identifier=Token("R1", "urn:x"))),
        ([("identifier", "|R1")], Query(identifier=Token("R1", ""))),
        ([("patient", "123")], Query(patient="Patient/123")),
        ([("subject", "Patient/123")], Query(patient="Patient/123")),
        ([("patient:identifier", "https://fhir.nhs.uk/Id/nhs-number|9912003888")],
         Query(patient_identifier=Token("9912003888", "https://fhir.nhs.uk/Id/nhs-number"))),
        ([ONE, ("_count", "5"), ("_after", "abc"), ("_format", "json")], Query(identifier=Token("R1"), count=5, after="abc")),
        ([ONE, ("_count", "9999")], Query(identifier=Token("R1"), count=100)),
    ],
)  # fmt: skip
def test_parameters_are_understood(sent: list[tuple[str, str]], query: Query) -> None:
    assert parse_query(sent) == query


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("dates", "start", "end"),
    [
        (["2026-10-04"], at(2026, 10, 4), at(2026, 10, 5)),
        (["ge2026-10-04"], at(2026, 10, 4), None),
        (["gt2026-10-04"], at(2026, 10, 5), None),
        (["lt2026-10-04"], None, at(2026, 10, 4)),
        (["le2026-10-04"], None, at(2026, 10, 5)),
        (["ge2026-10-04", "lt2026-11-04"], at(2026, 10, 4), at(2026, 11, 4)),
        (["ge2026-10-04T10:00:00+01:00"], at(2026, 10, 4, 9), None),
        (["ge2026-01-01", "ge2026-02-01", "le2026-12-31", "le2026-03-31"], at(2026, 2, 1), at(2026, 4, 1)),
    ],
)
def test_dates_are_half_open(dates: list[str], start: datetime | None, end: datetime | None) -> None:
    query = parse_query([ONE, *(("date", one) for one in dates)])
    assert (query.done_from, query.done_before) == (start, end)


@pytest.mark.parametrize(
    "sent",
    [
        [], [("_count", "5")], [("date", "2026-01-01")], [ONE, ONE], [ONE, ("status", "final")], [ONE, ("_sort", "date")],
        [ONE, ("_count", "-1")], [ONE, ("_count", "x")], [ONE, ("_count", "٣")], [ONE, ("_after", "a b")], [ONE, ("date", "2026")],
        [ONE, ("date", "ne2026-01-01")], [ONE, ("date", "2026-02-30")], [ONE, ("date", "9999-12-31")], [("identifier", "")],
        [("identifier", "urn:x|")], [("patient", "Group/1")], [("patient", "a b")], [ONE, ("date", "2026-01-01T25:00:00Z")],
        [("identifier", "x" * 401)],
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused(sent: list[tuple[str, str]]) -> None:
    with pytest.raises(RequestError) as caught:
        parse_query(sent)
    assert caught.value.code == "request_invalid"


def test_a_page_says_where_the_next_one_is() -> None:
    made = searchset(
        Found((), 7, "abc"),
        [{"resourceType": "DiagnosticReport", "id": "1"}],
        [ONE, ("_after", "0")],
        base="https://x/fhir",
    )
    assert made["total"] == 7
    assert [one["url"] for one in made["link"]] == [
        "https://x/fhir/DiagnosticReport?identifier=R1&_after=0", "https://x/fhir/DiagnosticReport?identifier=R1&_after=abc",
    ]  # fmt: skip
    assert made["entry"][0]["fullUrl"] == "https://x/fhir/DiagnosticReport/1"
    assert len(searchset(Found((), 0), [], [ONE], base="x")["link"]) == 1
