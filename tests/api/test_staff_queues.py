"""Editors find what waits for them, settle it, and see no more of a patient than one sentence; everybody sees the figures."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from plainrad.api.examples import keep_examples
from plainrad.api.staged import stage
from plainrad.bootstrap import Plainrad
from plainrad.domain.access import Role, Scope
from tests.api.test_staff_reports import Person
from tests.support.golden import differences, load
from tests.support.kept import Kept, kept_service
from tests.support.staff import sign_in

TEXT = "Findings: Small left pleural effusion. No pneumothorax. There is a zorblatic area."
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture
def kept(plainrad: Plainrad, tmp_path: Path) -> Iterator[Kept]:
    with kept_service(plainrad, tmp_path) as found:
        yield found


@pytest.fixture
def editor(kept: Kept) -> Person:
    return Person(kept, Role.EDITOR)


def page(person: Person, path: str, **asked: str) -> str:
    answer = person.client.get(path, params=asked)
    assert answer.status_code == 200, answer.text
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    return answer.text


def post(person: Person, path: str, **fields: str) -> "tuple[int, str]":
    answer = person.client.post(path, data={"csrf": person.csrf, **fields}, follow_redirects=False)
    if answer.status_code == 303:
        answer = person.client.get(answer.headers["location"])
    return answer.status_code, answer.text


def marked(kept: Kept, *, text: str = "It is not there.", item: str = "s1") -> str:
    name: str = kept.submit(text=TEXT, accession="ACC-SECRET", exam={"title": "XR Chest"}).json()["id"]
    Person(kept, Role.RADIOLOGIST).act(name, "wrong", item=item, text=text)
    return name


def test_everybody_begins_where_their_work_is_and_sees_links_to_what_they_may_open(kept: Kept) -> None:
    first = {Role.RADIOLOGIST: "reports", Role.APPROVER: "reports", Role.EDITOR: "queues", Role.AUDITOR: "dashboard", Role.ADMINISTRATOR: "dashboard"}  # fmt: skip
    for role, place in first.items():
        person = Person(kept, role)
        answer = person.client.get("/staff/", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/staff/{place}")
        text = page(person, f"/staff/{place}")
        for url in re.findall(r'<li><a href="(/staff/[a-z/]+)"', text.partition("</header>")[0]):
            assert person.client.get(url).status_code == 200, (role, url)


def test_empty_queues_say_what_to_do(editor: Person) -> None:
    for name, said in (
        ("", "needs nothing"), ("/words", "Words come here by themselves"), ("/wrong", "Radiologists mark them"),
        ("/feedback", "Portals send it"), ("/links", "plainrad check-links --keep"), ("/entries", "names the professional"),
    ):  # fmt: skip
        assert said in page(editor, f"/staff/queues{name}")
    assert "No report has come in yet" in page(editor, "/staff/dashboard")


def test_a_missing_word_is_one_click_from_its_entry(plainrad: Plainrad, tmp_path: Path) -> None:
    with kept_service(plainrad, tmp_path, demo=True, clients=False) as kept:
        keep_examples(kept.service.app.state.examples, kept.records)
        editor = sign_in(kept.service.app, "editor")
        text = editor.client.get("/staff/queues/words").text
        link = re.search(r'href="(/staff/glossary/new\?term=[a-z-]+)"', text)
        assert link is not None
        word = link[1].partition("=")[2]
        form = editor.client.get(link[1]).text
        assert f'name="term" value="{word}"' in form
        assert f'name="id" value="{word}"' in form
        answer = editor.client.post("/staff/queues/words", data=editor.form(word=word, state="aside"))
        assert "put aside" in answer.text
        assert word in editor.client.get("/staff/queues/words", params={"state": "aside"}).text
        again = editor.client.post("/staff/queues/words", data=editor.form(word="qqqq", state="aside"))
        assert again.status_code == 409
        assert "settled this already" in again.text


def test_a_reading_becomes_a_case_that_the_golden_tests_read(
    kept: Kept, editor: Person, plainrad: Plainrad, tmp_path: Path
) -> None:
    name = marked(kept)
    text = page(editor, "/staff/queues/wrong")
    assert "It is not there." in text
    assert "pleural effusion" in text
    for secret in (name, "ACC-SECRET", "XR Chest"):
        assert secret not in text
    assert f"/staff/reports/{name}" in page(Person(kept, Role.APPROVER), "/staff/queues/wrong")
    found = re.search(r'href="(/staff/queues/wrong/\d+)"', text)
    assert found is not None
    form = page(editor, found[1])
    assert "Small left pleural effusion." in form
    sent = {"sentence": "Findings: No left pleural effusion.", "quoted": "effusions", "assertion": "absent", "certainty": "", "laterality": "left", "change": ""}  # fmt: skip
    status, again = post(editor, f"{found[1]}/case", **sent | {"sentence": "Small left pleural effusion."})
    assert status == 422
    assert "in other words than the report" in again
    status, again = post(editor, f"{found[1]}/case", **sent)
    assert status == 422
    assert "exactly as they stand" in again
    assert "No left pleural effusion." in again, "nothing typed is lost"
    status, done = post(editor, f"{found[1]}/case", **sent | {"quoted": "pleural effusion"})
    assert status == 200
    assert "The case is kept" in done
    assert post(editor, f"{found[1]}/case", **sent)[0] == 409
    file = tmp_path / "marked_wrong.jsonl"
    answer = editor.client.get("/staff/queues/wrong/cases")
    file.write_bytes(answer.content)
    assert "attachment" in answer.headers["content-disposition"]
    rows = load(file)
    assert [row["id"] for row in rows] == ["site-0001"]
    assert list(differences(plainrad.reader, rows)) == []
    assert [one.field for one in differences(plainrad.reader, [{**rows[0], "expect": [{"text": "pleural effusion", "assertion": "present"}]}])] == ["assertion"]  # fmt: skip


def test_a_reading_that_was_not_wrong_is_closed_with_the_reason(kept: Kept, editor: Person) -> None:
    marked(kept)
    found = re.search(r'action="(/staff/queues/wrong/\d+)/close"', page(editor, "/staff/queues/wrong"))
    assert found is not None
    status, text = post(editor, f"{found[1]}/close", reason=" ")
    assert status == 422
    assert "It was not kept" in text
    assert "was not wrong" in post(editor, f"{found[1]}/close", reason="It is there.")[1]
    assert post(editor, f"{found[1]}/close", reason="It is there.")[0] == 409
    assert post(editor, "/staff/queues/wrong/999/close", reason="x")[0] == 404
    assert post(editor, "/staff/queues/wrong/x/close", reason="x")[0] == 404
    other = Person(kept, Role.EDITOR, "RYY")
    assert "No reading is marked wrong" in page(other, "/staff/queues/wrong")


def test_feedback_of_a_portal_is_read_and_closed(kept: Kept, editor: Person) -> None:
    name = kept.submit(text=TEXT, exam={"title": "XR Chest"}).json()["id"]
    Person(kept, Role.RADIOLOGIST).act(name, "release", reason="Clinic")
    headers = kept.bearer(None, Scope.RESPOND, Scope.READ)
    sent = {"kind": "worried", "text": f"Ring me on 07700 900123 {HOSTILE}", "item": "s1"}
    assert kept.http.post(f"/v1/reports/{name}/feedback", json=sent, headers=headers).status_code == 201
    bad = kept.http.post(f"/v1/reports/{name}/feedback", json=sent | {"item": "nothing"}, headers=headers)
    assert (bad.status_code, bad.json()["code"]) == (422, "record_invalid")
    text = page(editor, "/staff/queues/feedback")
    assert "It worried the patient" in text
    assert "Small left pleural effusion." in text
    assert "07700" not in text
    assert "<script>alert" not in text
    found = re.search(r'action="(/staff/queues/feedback/\d+/close)"', text)
    assert found is not None
    assert "the feedback was read" in post(editor, found[1], reason="")[1]


@pytest.mark.parametrize("path", ["/staff/queues/words", "/staff/queues/wrong/1/close", "/staff/queues/wrong/1/case", "/staff/queues/feedback/1/close"])  # fmt: skip
def test_a_form_without_its_token_is_refused(editor: Person, path: str) -> None:
    assert editor.client.post(path, data={"reason": "x"}).status_code == 403


@pytest.mark.parametrize("hostile", [HOSTILE, "{{ 7*7 }}", "\x00", "ä" * 50])
def test_hostile_words_stay_words(kept: Kept, editor: Person, hostile: str) -> None:
    marked(kept, text=f"wrong {hostile}".replace("\x00", "nul"))
    for path in ("/staff/queues/wrong", "/staff/queues/words"):
        text = page(editor, path, done=hostile[:20], page="1")
        assert "<script>alert" not in text
        assert ">49<" not in text
    found = re.search(r'href="(/staff/queues/wrong/\d+)"', page(editor, "/staff/queues/wrong"))
    assert found is not None
    status, text = post(editor, f"{found[1]}/case", sentence=hostile, quoted=hostile, assertion=hostile, certainty="", laterality="", change="")  # fmt: skip
    assert status == 422
    assert "<script>alert" not in text


def test_few_are_told_as_few_and_the_dashboard_names_nobody(kept: Kept) -> None:
    for number in range(6):
        kept.submit(
            f"k{number}", report_id=f"R{number}", accession=f"ACC{number}", text=TEXT, exam={"title": "XR Chest"}
        )
    first = kept.submit("k9", report_id="R9", text="Findings: No fracture.", exam={"title": "XR Hand"}).json()["id"]
    Person(kept, Role.RADIOLOGIST).act(first, "hold", kind="clinical", reason="x")
    text = page(Person(kept, Role.AUDITOR), "/staff/dashboard")
    rows = dict(re.findall(r'<th scope="row">(.*?)</th><td><span class="staff-bar__said">(.*?)</span>', text))
    assert rows["Held"] == "fewer than 5"
    assert rows["Retracted"] == "fewer than 5"
    assert rows["Waiting for their time"] == "6"
    assert rows["pleural effusion"] == "6"
    assert "fracture" not in rows
    for secret in ("ACC1", "R9", "zorblatic", "XR Hand"):
        assert secret not in text


def test_the_demonstration_has_something_in_every_queue(plainrad: Plainrad, tmp_path: Path) -> None:
    with kept_service(plainrad, tmp_path, demo=True, clients=False) as kept:
        app = kept.service.app
        assert keep_examples(app.state.examples, kept.records) == len(app.state.examples)
        link = app.state.content.desk.current().raw.links[0]
        stage(kept.records, link=(link.id, link.url), now=kept.clock())
        assert keep_examples(app.state.examples, kept.records) == 0
        approver = sign_in(app, "approver")
        text = approver.client.get("/staff/queues").text
        counts = [int(one) for one in re.findall(r'staff-card__count">([\d,]+)<', text)]
        assert [number > 0 for number in counts] == [True, True, True, True, False], (
            "no entry is due: nobody has read any"
        )
        assert "invented for the demonstration" in approver.client.get("/staff/queues/links").text
        assert "drafts that no named professional has read" in approver.client.get("/staff/queues/entries").text
        for state in ("", "look", "flagged", "held", "soon", "embargoed", "released", "retracted"):
            listed = approver.client.get("/staff/reports", params={"state": state}).text
            assert "data-row" in listed, state


def test_what_the_export_holds_is_one_line_of_json_a_case(kept: Kept, editor: Person) -> None:
    assert editor.client.get("/staff/queues/wrong/cases").content == b""
    marked(kept)
    found = re.search(r'href="(/staff/queues/wrong/\d+)"', page(editor, "/staff/queues/wrong"))
    assert found is not None
    post(editor, f"{found[1]}/case", sentence="No mass.", quoted="mass", assertion="absent", certainty="", laterality="", change="")  # fmt: skip
    (line,) = editor.client.get("/staff/queues/wrong/cases").text.splitlines()
    assert json.loads(line) == {
        "id": "site-0001", "kind": "marked_wrong", "text": "No mass.", "expect": [{"text": "mass", "assertion": "absent"}],
    }  # fmt: skip
