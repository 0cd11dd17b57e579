"""A hostile or unlucky portal developer: cursors tampered with, tags of others, keys used twice, characters that no database likes.

On both databases: what SQLite lets through, PostgreSQL may refuse with an error of its own.
"""

import base64
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.access import Scope
from plainrad.domain.records import SYSTEM
from tests.support.access import client
from tests.support.databases import postgres_address
from tests.support.kept import NHS_NUMBER, Kept, kept_service

URL = "/v1/reports"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql"))])
def kept(request: pytest.FixtureRequest, plainrad: Plainrad, tmp_path: Path) -> Iterator[Kept]:
    url = None if request.param == "sqlite" else postgres_address()
    with kept_service(plainrad, tmp_path, url=url) as found:
        yield found


def test_a_list_does_not_go_on_to_what_the_patient_may_not_know_of(kept: Kept) -> None:
    """A page of one with a cursor behind which nothing stands would tell that something is withheld."""
    hidden = kept.submit("k0", report_id="R0", accession="A0", patient={"nhs_number": NHS_NUMBER}).json()["id"]
    shown = kept.submit("k1", report_id="R1", accession="A1", patient={"nhs_number": NHS_NUMBER}).json()["id"]
    kept.records.hold(hidden, actor=SYSTEM, kind="withhold", reason="serious harm")
    reader = kept.bearer(kept.portal, Scope.READ)
    for limit in (1, 2, 50):
        body = {"nhs_number": NHS_NUMBER, "limit": limit}
        page = kept.http.post(f"{URL}/search", json=body, headers=reader).json()
        assert [one["id"] for one in page["reports"]] == [shown]
        assert page["next_cursor"] is None


def cursor(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    [
        "r1:2147483648",
        "r1:999999999999999999",
        "r1:-1",
        "r1:1.0",
        "r1: 1",
        "r1:1\x00",
        "r1:1;drop",
        "r2:1",
        "r1:",
        "r1:0x1",
    ],
)
def test_a_cursor_that_was_tampered_with_is_refused(kept: Kept, text: str) -> None:
    answer = kept.http.get(URL, params={"cursor": cursor(text)}, headers=kept.bearer())
    assert (answer.status_code, answer.json()["code"]) == (422, "cursor_invalid")


def test_a_cursor_of_another_organisation_shows_nothing_of_it(kept: Kept) -> None:
    for number in range(6):
        kept.submit(f"k{number}", report_id=f"R{number}", accession=f"A{number}")
    theirs = kept.http.get(f"{URL}?limit=2", headers=kept.bearer()).json()["next_cursor"]
    for one in (theirs, cursor("r1:2147483647"), cursor("r1:0")):
        page = kept.http.get(URL, params={"cursor": one}, headers=kept.bearer(kept.other)).json()
        assert page == {"reports": [], "next_cursor": None}


def test_an_etag_opens_nothing(kept: Kept) -> None:
    """Who knows the tag of an answer, or guesses `*`, learns nothing that the answer itself would not be given for."""
    report = kept.submit().json()["id"]
    kept.clock.on(days=28)
    path = f"{URL}/{report}/patient-version"
    tag = kept.http.get(path, headers=kept.bearer()).headers["etag"]
    tags = [{"if-none-match": one} for one in (tag, f"W/{tag}", "*", f'"x", {tag}')]
    for one in tags:
        assert kept.http.get(path, headers=kept.bearer() | one).status_code == 304
        for part in ("", "/status", "/patient-version", "/original", "/versions"):
            answer = kept.http.get(f"{URL}/{report}{part}", headers=kept.bearer(kept.other) | one)
            assert answer.status_code == 404
            assert "etag" not in answer.headers
    kept.records.hold(report, actor=SYSTEM, kind="clinical", reason="x")
    for one in tags:
        answer = kept.http.get(path, headers=kept.bearer() | one)
        assert answer.status_code in (403, 404)
        assert "etag" not in answer.headers


def test_a_key_of_one_client_means_nothing_to_another(kept: Kept) -> None:
    colleague = client("portal-three", "RXX")
    kept.access.store.add_client(colleague)
    first = kept.submit("same-key").json()
    theirs = kept.submit("same-key", by=kept.other, report_id="R9").json()
    third = kept.submit("same-key", by=colleague, report_id="R10", accession="A10").json()
    assert [one["outcome"] for one in (first, theirs, third)] == ["created"] * 3
    assert len({one["id"] for one in (first, theirs, third)}) == 3
    again = kept.submit("same-key", report_id="R10", accession="A10")
    assert (again.status_code, again.json()["code"]) == (409, "idempotency_conflict")
    assert third["id"] not in again.text


def test_a_text_with_nul_is_kept_and_a_number_with_nul_is_refused(kept: Kept) -> None:
    report = kept.submit("k1", text="No\x00 pneumothorax.").json()["id"]
    kept.clock.on(days=28)
    found = kept.http.get(f"{URL}/{report}/original", headers=kept.bearer() | {"accept": "text/plain"})
    assert found.content == b"No\x00 pneumothorax."
    for field in ("report_id", "accession", "requester"):
        changes: dict[str, Any] = {field: "R\x001"}
        answer = kept.submit(f"k-{field}", **changes)
        assert (answer.status_code, answer.json()["code"]) == (422, "characters_invalid")
        assert field in answer.json()["detail"]
    answer = kept.http.post(f"{URL}/{report}/questions", json={"text": "Why\x00?"}, headers=kept.bearer())
    assert (answer.status_code, answer.json()["code"]) == (422, "characters_invalid")


def test_once_a_hold_is_acknowledged_no_reading_that_begins_after_it_is_given(kept: Kept) -> None:
    """Readers and a professional race; the professional's answer is the moment that counts."""
    report = kept.submit().json()["id"]
    kept.clock.on(days=28)
    path, bearer = f"{URL}/{report}/patient-version", kept.bearer()
    assert kept.http.get(path, headers=bearer).status_code == 200
    placed, wrong, given = threading.Event(), list[int](), list[int]()

    def read() -> None:
        for _ in range(12):
            began_after = placed.is_set()
            status = kept.http.get(path, headers=bearer).status_code
            (wrong if began_after and status == 200 else given).append(status)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for one in readers:
        one.start()
    kept.records.hold(report, actor=SYSTEM, kind="clinical", reason="x")
    placed.set()
    for one in readers:
        one.join(120)
    assert not wrong
    assert kept.http.get(path, headers=bearer).status_code != 200
    kept.records.verify_audit()
    lines = list(kept.records.audit(report_id=report))
    held = next(one.seq for one in lines if one.action == "held")
    assert not [one for one in lines if one.seq > held and one.details.get("given") is True]
