"""The FHIR routes where reports are kept: nothing of the words before their release."""

import base64

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.release import ReleaseState
from tests.support.fhir import TEXT, bundle, check, uk_report
from tests.support.fhir_calls import post, refused
from tests.support.fhir_kept import Memory
from tests.support.reports import MARKER
from tests.support.service import Service


@pytest.fixture
def memory(plainrad: Plainrad, service: Service) -> Memory:
    store = Memory(plainrad)
    service.app.state.kept = store
    return store


def test_what_is_kept_is_acknowledged_and_its_words_wait_for_release(service: Service, memory: Memory) -> None:
    answer = post(service, "/fhir/DiagnosticReport", uk_report())
    assert answer.status_code == 201
    assert answer.headers["location"].endswith("/fhir/DiagnosticReport/REP1/_history/1")
    check(answer.json())
    assert "effusion" not in answer.text
    early_states: tuple[ReleaseState, ...] = ("embargoed", "held", "not_applicable")
    for state in early_states:
        memory.release("REP1", state)
        early = service.client.get("/fhir/DiagnosticReport/REP1")
        refused(early, 403, "not_released")
        assert "effusion" not in early.text
        assert service.client.get("/fhir/DiagnosticReport?identifier=REP1").json()["total"] == 0
    memory.release("REP1", "released")
    shown = service.client.get("/fhir/DiagnosticReport/REP1")
    check(shown.json())
    assert (shown.json()["id"], shown.headers["etag"], shown.json()["meta"]["versionId"]) == ("REP1", 'W/"1"', "1")
    assert base64.b64decode(shown.json()["presentedForm"][0]["data"]).decode() == TEXT
    memory.release("REP1", "retracted")
    refused(service.client.get("/fhir/DiagnosticReport/REP1"), 410, "retracted")
    assert post(service, "/fhir/DiagnosticReport", uk_report()).status_code == 200


def test_released_reports_are_found_a_page_at_a_time(service: Service, memory: Memory) -> None:
    sent = [uk_report(identifier=[{"value": f"R{number}"}]) for number in range(5)]
    answer = post(service, "/fhir", bundle(*sent, kind="transaction"))
    check(answer.json())
    assert [one["response"]["status"] for one in answer.json()["entry"]] == ["201 Created"] * 5
    for number in (0, 1, 2, 4):
        memory.release(f"R{number}", "released")
    memory.release("R3", "held")
    found: list[str] = []
    url: str | None = "/fhir/DiagnosticReport?patient=Patient/p&_count=3"
    while url:
        page = service.client.get(url).json()
        check(page)
        assert page["total"] == 4
        found += [entry["resource"]["id"] for entry in page["entry"]]
        url = next((one["url"] for one in page["link"] if one["relation"] == "next"), None)
    assert found == ["R0", "R1", "R2", "R4"]
    by_form = service.client.post(
        "/fhir/DiagnosticReport/_search",
        content="identifier=R1",
        headers={"content-type": "application/x-www-form-urlencoded"},
    )
    assert [entry["resource"]["id"] for entry in by_form.json()["entry"]] == ["R1"]


def test_a_store_is_told_in_the_metadata(service: Service, memory: Memory) -> None:
    found = service.client.get("/fhir/metadata").json()["rest"][0]["resource"][0]
    assert [one["code"] for one in found["interaction"]] == ["create", "read", "search-type"]


@pytest.mark.parametrize(
    "query",
    ["", "?status=final", "?identifier=a&identifier=b", f"?patient={MARKER} {MARKER}", "?identifier=a&_count=x"],
)
def test_searches_that_are_not_understood_are_refused(service: Service, memory: Memory, query: str) -> None:
    refused(service.client.get(f"/fhir/DiagnosticReport{query}"), 422, "request_invalid")


def test_reports_that_are_not_there_are_not_found(service: Service, memory: Memory) -> None:
    refused(service.client.get(f"/fhir/DiagnosticReport/{MARKER}"), 404, "not_found")
    refused(service.client.get("/fhir/DiagnosticReport/%F0%9F%98%80"), 404, "not_found")
