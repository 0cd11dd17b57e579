"""The whole path of an editor and an approver, over the pages that they use."""

import re

import pytest

from plainrad.bootstrap import Plainrad
from tests.support.reports import fields
from tests.support.service import Service, make_service
from tests.support.staff import SignedIn, browser_of, sign_in

ENTRY = {
    "term": "zorb sign", "id": "zorb-sign", "plain": "round mark on the {side }lung", "plural": "", "kind": "finding", "noun": "count",
    "definition": "A round mark that is seen on a picture of the lung.", "region": "chest", "topic": "pleura", "forms": "zorbs sign\r\nsign of zorb",
    "abbreviations": "", "anatomy": "lung", "links": "", "sensitivity": "none", "evidence": "", "replaced_by": "", "note": "", "change": "", "revision": "",
}  # fmt: skip


@pytest.fixture(scope="module")
def service(plainrad: Plainrad) -> Service:
    return make_service(plainrad, demo=True)


@pytest.fixture(scope="module")
def editor(service: Service) -> SignedIn:
    return sign_in(service.app, "editor")


@pytest.fixture(scope="module")
def approver(service: Service) -> SignedIn:
    return sign_in(service.app, "approver")


def saved(editor: SignedIn, **changed: str) -> tuple[str, str]:
    answer = editor.client.post("/staff/glossary/save", data=editor.form(**ENTRY | changed))
    assert answer.status_code == 200, answer.text
    found = re.search(r"/staff/glossary/changes/([0-9a-f]{32})/submit", answer.text)
    revision = re.search(r'name="revision" value="(\d+)"', answer.text)
    assert found is not None
    assert revision is not None
    return found[1], revision[1]


def revision_of(staff: SignedIn, change: str) -> str:
    found = re.search(r'name="revision" value="(\d+)"', staff.client.get(f"/staff/glossary/changes/{change}").text)
    assert found is not None
    return found[1]


def explained(service: Service) -> dict[str, str]:
    answer = browser_of(service.app).post(
        "/v1/annotate",
        json=fields("Findings: There is a zorb sign in the left lung."),
        headers={"accept": "application/json"},
    )
    return {one["term_id"]: one["plain"] for one in answer.json()["explanations"]}


def test_from_a_missing_word_to_the_next_report_and_back(
    service: Service, editor: SignedIn, approver: SignedIn
) -> None:
    assert "zorb-sign" not in explained(service)
    change, revision = saved(editor)
    own = editor.client.post(f"/staff/glossary/changes/{change}/submit", data=editor.form(revision=revision))
    assert "in review" in own.text
    now = revision_of(approver, change)
    page = approver.client.post(
        f"/staff/glossary/changes/{change}/approve", data=approver.form(revision=now, reviewer="", next_review="")
    )
    assert "approved" in page.text
    assert "zorb-sign" not in explained(service)
    page = approver.client.post("/staff/glossary/publish", data=approver.form(note="A new word", changes=change))
    assert page.status_code == 200
    assert "A new word" in page.text
    assert explained(service)["zorb-sign"] == "round mark on the lung"
    exported = editor.client.get("/staff/glossary/export")
    assert exported.content[:2] == b"PK"
    page = approver.client.post("/staff/glossary/roll-back", data=approver.form(number="0", note="Back"))
    assert "as version 0 was" in page.text
    assert "zorb-sign" not in explained(service)


def test_what_a_change_would_do_is_shown_before_it_is_published(editor: SignedIn) -> None:
    page = editor.client.get("/staff/glossary/entries/deep-vein-thrombosis").text
    values = dict(re.findall(r'<input class="nhsuk-input" id="f-[\w-]+" name="([\w-]+)" value="([^"]*)"', page))
    assert values["plain"]
    sent = ENTRY | {
        "id": "deep-vein-thrombosis", "term": "deep vein thrombosis", "plain": "clot in a vein deep inside", "noun": "count", "region": values.get("region", "vascular"),
        "topic": values["topic"], "forms": "", "abbreviations": "DVT", "anatomy": "",
    }  # fmt: skip
    region = re.search(r'name="region">.*?<option value="([\w-]+)" selected', page, re.DOTALL)
    assert region is not None
    change, _ = saved(editor, **sent | {"region": region[1]})
    shown = editor.client.get(f"/staff/glossary/changes/{change}/effects").text
    assert "clot in a vein deep inside" in shown
    assert "us-leg-dvt-amended" in shown


def test_the_law_is_shown_as_one_types(editor: SignedIn) -> None:
    bad = ENTRY | {"definition": "You should ask your doctor.", "id": "other-sign", "term": "other sign", "forms": ""}
    answer = editor.client.post("/staff/glossary/check", data=editor.form(**bad))
    assert "gives advice" in answer.text
    assert "There is a round mark on the lung (other sign)." in answer.text
    assert "<html" not in answer.text
    empty = editor.client.post("/staff/glossary/check", data=editor.form(**ENTRY | {"term": "", "kind": ""}))
    assert "term: This has to be filled in." in empty.text


def test_nobody_approves_their_own_and_what_is_stale_is_refused(service: Service, approver: SignedIn) -> None:
    change, revision = saved(approver, id="own-sign", term="own sign", forms="")
    approver.client.post(f"/staff/glossary/changes/{change}/submit", data=approver.form(revision=revision))
    now = (
        revision_of(approver, change)
        if "revision" in approver.client.get(f"/staff/glossary/changes/{change}").text
        else "2"
    )
    answer = approver.client.post(f"/staff/glossary/changes/{change}/approve", data=approver.form(revision=now))
    assert answer.status_code == 409
    assert "somebody else has to approve it" in answer.text
    answer = approver.client.post(
        f"/staff/glossary/changes/{change}/give-back", data=approver.form(revision="1", note="x")
    )
    assert answer.status_code == 409
    assert "Somebody else has changed this entry" in answer.text


def test_typed_words_are_not_lost_when_they_cannot_be_saved(editor: SignedIn) -> None:
    answer = editor.client.post(
        "/staff/glossary/save", data=editor.form(**ENTRY | {"region": "moon", "definition": "Typed for an hour."})
    )
    assert answer.status_code == 422
    assert "Typed for an hour." in answer.text
    assert "Choose a region." in answer.text


def test_an_import_is_taken_whole_or_not_at_all(editor: SignedIn) -> None:
    good = '[[term]]\nid = "imp-one"\nterm = "imp one"\nkind = "finding"\nplain = "small mark"\nnoun = "count"\ndefinition = "A small mark."\n'
    bad = good.replace("imp-one", "imp-two").replace("imp one", "imp two").replace("A small mark.", "You should rest.")
    answer = editor.client.post(
        "/staff/glossary/import", data=editor.form(region="general", topic="site", toml=good + bad)
    )
    assert answer.status_code == 422
    assert "gives advice" in answer.text
    assert "imp one" not in answer.text
    answer = editor.client.post(
        "/staff/glossary/import", data=editor.form(region="general", topic="site", toml="[[term]\nid =")
    )
    assert "not valid TOML" in answer.text
    answer = editor.client.post("/staff/glossary/import", data=editor.form(region="general", topic="site", toml=good))
    assert "imp one" in answer.text


@pytest.mark.parametrize("hostile", ['"><script>alert(1)</script>', "</textarea><b>x", "{{ 7*7 }}"])
def test_hostile_words_stay_words(editor: SignedIn, hostile: str) -> None:
    answer = editor.client.post(
        "/staff/glossary/save",
        data=editor.form(
            **ENTRY
            | {"region": "moon"}
            | dict.fromkeys(("term", "plain", "definition", "forms", "note", "topic"), hostile)
        ),
    )
    assert "<script>alert" not in answer.text
    assert "<b>x" not in answer.text
    found = editor.client.get("/staff/glossary", params={"q": hostile})
    assert "<script>alert" not in found.text


def test_the_list_is_searched_and_filtered(editor: SignedIn) -> None:
    page = editor.client.get("/staff/glossary", params={"q": "pneumothorax", "region": "chest"}).text
    assert "/staff/glossary/entries/pneumothorax" in page
    assert "No entry fits" in editor.client.get("/staff/glossary", params={"q": "qqqqzzzz"}).text
    assert editor.client.get("/staff/glossary/entries/nothing-here").status_code == 404


def test_who_has_not_signed_in_is_sent_there_and_others_are_told(service: Service) -> None:
    answer = browser_of(service.app).get("/staff/glossary", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/staff/sign-in?next=/staff/glossary")
    radiologist = sign_in(service.app, "radiologist")
    assert radiologist.client.get("/staff/glossary").status_code == 200
    assert radiologist.client.post("/staff/glossary/save", data=radiologist.form(**ENTRY)).status_code == 403
    assert (
        radiologist.client.post("/staff/glossary/publish", data=radiologist.form(note="", changes="x")).status_code
        == 403
    )


def test_a_form_without_its_token_is_refused(editor: SignedIn) -> None:
    answer = editor.client.post("/staff/glossary/save", data=ENTRY)
    assert answer.status_code == 403
