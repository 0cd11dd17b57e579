"""FHIR over the records that are really kept: a caller, an organisation, a database, and a release that is waited for."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.access import Client
from plainrad.domain.records import SYSTEM
from tests.support.fhir import HEADERS, TEXT, bundle, check, patient, uk_report
from tests.support.fhir_calls import refused
from tests.support.kept import Kept, kept_service

NHS = "https://fhir.nhs.uk/Id/nhs-number"


@pytest.fixture
def kept(plainrad: Plainrad, tmp_path: Path) -> Iterator[Kept]:
    with kept_service(plainrad, tmp_path) as found:
        yield found


def report(kept: Kept, accession: str = "ACC1", **others: Any) -> dict[str, Any]:
    """A report verified now, about a patient with a number of the test range."""
    made = uk_report(issued=kept.clock().isoformat(), **others)
    made["contained"][1]["identifier"][0]["value"] = accession
    made["identifier"] = [{"value": f"R-{accession}"}]
    return made


def post(kept: Kept, path: str, sent: object, by: Client | None = None) -> Any:
    return kept.http.post(path, content=json.dumps(sent), headers=HEADERS | kept.bearer(by))


def get(kept: Kept, path: str, by: Client | None = None) -> Any:
    return kept.http.get(path, headers=kept.bearer(by))


def test_a_report_is_kept_and_read_once_it_is_released(kept: Kept) -> None:
    sent = report(kept)
    answer = post(kept, "/fhir/DiagnosticReport", sent)
    assert answer.status_code == 201, answer.text
    check(answer.json())
    assert "effusion" not in answer.text
    path = answer.headers["location"].partition("plainrad.example")[2].partition("/_history")[0]
    assert post(kept, "/fhir/DiagnosticReport", sent).status_code == 200, "the same again changes nothing"
    early = get(kept, path)
    issue = refused(early, 403, "not_released")
    assert (issue["code"], "effusion" in early.text) == ("suppressed", False)
    kept.clock.on(days=29)
    shown = get(kept, path)
    assert shown.status_code == 200, shown.text
    check(shown.json())
    assert base64.b64decode(shown.json()["presentedForm"][0]["data"]).decode() == TEXT
    assert b"fluid" in base64.b64decode(shown.json()["presentedForm"][1]["data"])
    assert "9912003888" not in shown.text, "whom it is about is kept apart"
    refused(get(kept, path, kept.other), 404, "not_found")


def test_released_reports_are_found_by_accession_patient_and_date(kept: Kept) -> None:
    two = [report(kept, "ACC1"), report(kept, "ACC2", effectiveDateTime="2026-10-09T10:00:00Z")]
    answer = post(kept, "/fhir", bundle(*two, kind="transaction"))
    assert [one["response"]["status"] for one in answer.json()["entry"]] == ["201 Created"] * 2
    check(answer.json())

    def found(query: str, by: Client | None = None) -> int:
        page = get(kept, f"/fhir/DiagnosticReport?{query}", by)
        assert page.status_code == 200, page.text
        check(page.json())
        return len(page.json().get("entry", []))

    by_patient = f"patient:identifier={NHS}|9912003888"
    assert found(by_patient) == 0, "not before its time"
    kept.clock.on(days=29)
    assert (found(by_patient), found("identifier=ACC1"), found("identifier=NONE")) == (2, 1, 0)
    assert found(f"{by_patient}&date=2026-10-09") == 1
    assert found(f"{by_patient}&date=ge2026-10-10") == 0
    assert found(by_patient, kept.other) == 0, "nothing of another organisation"
    refused(get(kept, "/fhir/DiagnosticReport?patient=Patient/1"), 422, "request_invalid")
    refused(get(kept, "/fhir/DiagnosticReport?patient:identifier=urn:x|1"), 422, "request_invalid")


def test_pages_lead_on_to_the_end(kept: Kept) -> None:
    for number in range(3):
        assert post(kept, "/fhir/DiagnosticReport", report(kept, f"ACC{number}")).status_code == 201
    kept.clock.on(days=29)
    url: str | None = f"/fhir/DiagnosticReport?patient:identifier={NHS}|9912003888&_count=1"
    seen: list[str] = []
    while url:
        page = get(kept, url).json()
        seen += [entry["resource"]["id"] for entry in page.get("entry", [])]
        url = next((one["url"] for one in page["link"] if one["relation"] == "next"), None)
    assert len(set(seen)) == len(seen) == 3


def test_without_credentials_nothing_is_kept_or_read(kept: Kept) -> None:
    for answer in (
        kept.http.post("/fhir/DiagnosticReport", content=json.dumps(uk_report()), headers=HEADERS),
        kept.http.get("/fhir/DiagnosticReport?identifier=ACC1"),
        kept.http.get("/fhir/DiagnosticReport/1"),
    ):
        issue = refused(answer, 401, "credentials_missing")
        assert issue["code"] == "login"
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_metadata_says_that_reports_are_kept(kept: Kept) -> None:
    assert "interaction" in kept.http.get("/fhir/metadata").json()["rest"][0]["resource"][0]
    assert patient()["id"] == "p"


def without_numbers(kept: Kept, text: str) -> dict[str, Any]:
    data = base64.b64encode(text.encode()).decode()
    return {
        "resourceType": "DiagnosticReport", "status": "final", "issued": kept.clock().isoformat(), "code": {"text": "CT chest"},
        "presentedForm": [{"contentType": "text/plain", "data": data}],
    }  # fmt: skip


def test_a_report_without_any_number_that_is_sent_again_is_kept_once(kept: Kept) -> None:
    one, two = without_numbers(kept, "No pneumothorax."), without_numbers(kept, "Small left pleural effusion.")
    sent = {"resourceType": "Bundle", "type": "collection", "identifier": {"value": "B1"}, "entry": [{"resource": one}, {"resource": two}]}  # fmt: skip
    answers = [post(kept, "/fhir", sent) for _ in range(3)]
    told = [[entry["response"]["status"][:3] for entry in answer.json()["entry"]] for answer in answers]
    assert told == [["201", "201"], ["200", "200"], ["200", "200"]]
    assert len({answer.json()["entry"][0]["response"]["location"] for answer in answers}) == 1
    assert len(kept.records.list(actor=SYSTEM).reports) == 2
    assert (
        post(kept, "/fhir", sent | {"identifier": {"value": "B2"}}).json()["entry"][0]["response"]["status"][:3]
        == "201"
    )


def test_the_same_report_about_another_patient_of_the_bundle_is_another_report(kept: Kept) -> None:
    one = without_numbers(kept, "No pneumothorax.") | {"subject": {"reference": "urn:uuid:1"}}
    for number, patient_number in enumerate(("9990000018", "9990000026"), start=1):
        person = {"resourceType": "Patient", "identifier": [{"system": NHS, "value": patient_number}]}
        sent = {"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "urn:uuid:1", "resource": person}, {"resource": one}]}  # fmt: skip
        assert post(kept, "/fhir", sent).status_code == 200
        assert len(kept.records.list(actor=SYSTEM).reports) == number


def test_a_receipt_tells_no_more_than_over_rest(kept: Kept) -> None:
    room = kept.records.room
    kept.records.room = replace(room, policy=replace(room.policy, tell_embargoed="nothing"))
    rest = kept.submit().json()["release"]
    assert (rest["state"], rest["available_from"]) == ("held", None)
    receipt = post(kept, "/fhir/DiagnosticReport", report(kept)).json()
    assert receipt["issue"][0]["diagnostics"] == "Kept. Release: held."
