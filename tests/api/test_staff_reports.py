"""A radiologist finds a report, sees what its patient would read, and decides; every step is in the audit."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from plainrad.access.sessions import begin
from plainrad.api.security.caller import SESSION_COOKIE
from plainrad.bootstrap import Plainrad
from plainrad.domain.access import Role
from plainrad.domain.records import Actor
from tests.support.kept import Kept, kept_service
from tests.support.service import HERE

EVERYBODY = Actor("staff", "local:somebody", "RXX", frozenset({"radiologist"}))
TEXT = "Findings: Small left pleural effusion. No pneumothorax.\n\nConclusion: Small left pleural effusion."


class Person:
    """Somebody who has signed in."""

    def __init__(self, kept: Kept, role: Role, organisation: str = "RXX") -> None:
        session, session_id = begin(
            store=kept.access.store, subject=f"local:{role}", organisation=organisation, roles=frozenset({role}), now=kept.clock(), previous=None
        )  # fmt: skip
        headers = {"cookie": f"{SESSION_COOKIE}={session_id}", "accept": "text/html"}
        self.client = TestClient(kept.service.app, **HERE | {"headers": headers})
        self.csrf = session.csrf

    def act(self, report: str, action: str, /, **fields: str) -> Any:
        """Send a form of the report view with the revision that it shows."""
        page = self.client.get(f"/staff/reports/{report}").text
        revision = re.search(r'name="revision" value="(\d+)"', page)
        sent = {"csrf": self.csrf, "revision": revision[1] if revision else "0", **fields}
        return self.client.post(f"/staff/reports/{report}/{action}", data=sent)


@pytest.fixture
def kept(plainrad: Plainrad, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    with kept_service(plainrad, tmp_path_factory.mktemp("kept")) as found:
        yield found


@pytest.fixture
def report(kept: Kept) -> str:
    answer = kept.submit(text=TEXT, accession="ACC1", exam={"title": "XR Chest"})
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


@pytest.fixture
def radiologist(kept: Kept) -> Person:
    return Person(kept, Role.RADIOLOGIST)


def patient_reads(kept: Kept, report: str) -> str:
    answer = kept.http.get(f"/v1/reports/{report}/patient-version", headers=kept.bearer() | {"accept": "text/html"})
    return answer.text if answer.status_code == 200 else ""


def test_a_report_is_found_and_shown_beside_what_the_patient_would_read(radiologist: Person, report: str) -> None:
    listed = radiologist.client.get("/staff/reports", params={"accession": "ACC1"})
    assert f"/staff/reports/{report}" in listed.text
    assert (
        "No report has this accession number"
        in radiologist.client.get("/staff/reports", params={"accession": "X"}).text
    )
    page = radiologist.client.get(f"/staff/reports/{report}").text
    assert "Small left pleural effusion." in page
    assert "Why it says so" in page
    assert "Waiting for its time" in page
    phone = radiologist.client.get(f"/staff/reports/{report}/phone")
    assert "frame-ancestors 'self'" in phone.headers["content-security-policy"]
    assert phone.headers["x-frame-options"] == "SAMEORIGIN"


def test_early_release_hiding_and_a_hold_change_what_the_patient_reads(
    kept: Kept, radiologist: Person, report: str
) -> None:
    assert patient_reads(kept, report) == ""
    radiologist.act(report, "release", reason="Clinic today")
    before = patient_reads(kept, report)
    assert "effusion" in before
    page = radiologist.client.get(f"/staff/reports/{report}").text
    said = re.findall(r'<li id="(s\d+)" class="said[^>]*>\s*<p>(.*?)</p>', page, re.DOTALL)
    item, words = next((number, text) for number, text in said if "pneumothorax" in text)
    radiologist.act(report, "hide", item=item, reason="Told in person")
    assert "Hidden" in radiologist.client.get(f"/staff/reports/{report}").text
    assert words.strip() in before
    assert words.strip() not in patient_reads(kept, report)
    radiologist.act(report, "hold", kind="clinical", reason="Ring first")
    assert patient_reads(kept, report) == ""
    radiologist.act(report, "lift", kind="clinical", reason="Rung")
    radiologist.act(report, "withdraw", reason="Wrong patient")
    assert "Retracted" in radiologist.client.get(f"/staff/reports/{report}").text
    assert patient_reads(kept, report) == ""
    actions = [line.action for line in kept.records.audit(report_id=report)]
    assert {"released_early", "hidden", "held", "withdrawn"} <= set(actions)


def test_comments_and_readings_marked_wrong_are_kept(kept: Kept, radiologist: Person, report: str) -> None:
    radiologist.act(report, "comment", text="Please ring me.")
    radiologist.act(report, "wrong", item="s1", kind="side", text="It is the right one.")
    page = radiologist.client.get(f"/staff/reports/{report}").text
    assert "Please ring me." in page
    assert "s1: It is the right one." in page
    (marked,) = [one for one in kept.records.notes(report, actor=EVERYBODY) if one.kind == "reading_wrong"]
    assert marked.about is not None
    assert (marked.about["kind"], marked.about["wanted"]) == ("side", "It is the right one.")
    assert "Small left pleural effusion." in [" ".join(one.split()) for one in marked.about["sentences"]]
    assert {one["side"] for one in marked.about["read"]} >= {"left"}
    assert "Please ring me." not in patient_reads(kept, report)


def test_who_read_an_older_state_changes_nothing(radiologist: Person, report: str) -> None:
    stale = {"csrf": radiologist.csrf, "revision": "0", "reason": "x"}
    answer = radiologist.client.post(f"/staff/reports/{report}/withdraw", data=stale)
    assert answer.status_code == 409
    assert "That was not done" in answer.text
    assert "Retracted" not in answer.text.partition("</ul>")[0]


def test_a_reason_is_needed(radiologist: Person, report: str) -> None:
    answer = radiologist.act(report, "hold", kind="clinical", reason=" ")
    assert getattr(answer, "status_code", 0) == 422
    answer = radiologist.act(report, "hold", kind="<script>", reason="x")
    assert getattr(answer, "status_code", 0) == 422


def test_a_report_of_another_organisation_does_not_exist(kept: Kept, report: str) -> None:
    stranger = Person(kept, Role.RADIOLOGIST, "RYY")
    assert stranger.client.get(f"/staff/reports/{report}").status_code == 404
    assert report not in stranger.client.get("/staff/reports").text
    assert stranger.client.get("/staff/reports/nonsense").status_code == 404


@pytest.mark.parametrize("role", [Role.EDITOR, Role.AUDITOR, Role.ADMINISTRATOR])
def test_other_roles_see_no_report(kept: Kept, report: str, role: Role) -> None:
    assert Person(kept, role).client.get(f"/staff/reports/{report}").status_code == 403
    assert Person(kept, role).client.get("/staff/reports").status_code == 403
