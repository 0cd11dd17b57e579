"""What holds for every staff page, whatever it does: no form without its token, no frame, no script but ours, no words that become markup."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from plainrad.access.rules import RULES
from plainrad.bootstrap import Plainrad
from plainrad.domain.access import Role
from plainrad.domain.board import LinkSeen
from plainrad.records.board import Board
from plainrad.web.entry_form import FIELDS
from plainrad.web.routes.deeds import DEEDS
from tests.api.test_staff_reports import Person
from tests.support.kept import Kept, kept_service

HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(1)></textarea></title>{{ 7*7 }}<!--"
MARKUP = re.compile(
    r"<script(?! src=\"/staff/static/)|<img|onerror=alert\(1\)>|</textarea></title>|alert\(1\)</script>"
)
TEXT = "Findings: Small left pleural effusion. No pneumothorax."
POSTS = [rule.path for rule in RULES if rule.method == "POST" and rule.path.startswith("/staff") and rule.staff]
NO_PAGES = ("/staff/session", "/staff/glossary/export", "/staff/queues/wrong/cases", "/staff", "/staff/")
PAGES = [rule.path for rule in RULES if rule.method == "GET" and rule.path.startswith("/staff") and rule.staff]
PAGES = [path for path in PAGES if path not in NO_PAGES]
ASKED = ("q", "region", "kind", "state", "age", "term", "accession", "cursor", "done", "x")


@pytest.fixture(scope="module")
def kept(plainrad: Plainrad, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    with kept_service(plainrad, tmp_path_factory.mktemp("kept")) as found:
        yield found


@pytest.fixture(scope="module")
def ids(kept: Kept) -> dict[str, str]:
    """A report, a change and an item of a queue, for the addresses."""
    report = kept.submit(text=TEXT, accession="ACC1", exam={"title": "XR Chest"}).json()["id"]
    Person(kept, Role.RADIOLOGIST).act(report, "wrong", item="s1", kind="side", text="The other one.")
    desk = kept.service.app.state.content.desk
    placed = desk.current().entries["pneumothorax"]
    change = desk.save(actor="local:somebody", path=placed.path, entry=placed.entry).id
    return {"report_id": report, "change_id": change, "term_id": "pleural-effusion", "item": "1"}


def anybody(kept: Kept, path: str) -> Person:
    """Somebody who may use this route."""
    return Person(kept, next(iter(next(rule.staff for rule in RULES if rule.path == path))))


def done(kept: Kept) -> list[str]:
    """What the audit has, but for that it was read."""
    return [one.action for one in kept.records.audit() if one.action != "audit_read"]


def sound(text: str) -> bool:
    return MARKUP.search(text) is None


@pytest.mark.parametrize("path", POSTS)
def test_no_form_is_taken_without_the_token_of_its_session(kept: Kept, ids: dict[str, str], path: str) -> None:
    person = anybody(kept, path)
    other = Person(kept, Role.EDITOR).csrf
    before = done(kept)
    for token in ({}, {"csrf": ""}, {"csrf": "x" * 43}, {"csrf": other}):
        answer = person.client.post(
            path.format(**ids), data=token | {"revision": "1", "reason": "x"}, follow_redirects=False
        )
        assert answer.status_code == 403
        assert "This page is too old" in answer.text
    assert done(kept) == before


@pytest.mark.parametrize("path", PAGES)
def test_every_page_runs_our_files_only_and_stands_in_no_frame_of_others(
    kept: Kept, ids: dict[str, str], path: str
) -> None:
    answer = anybody(kept, path).client.get(path.format(**ids))
    assert answer.status_code == 200, answer.text
    policy = answer.headers["content-security-policy"]
    inside = path.endswith("/phone")
    assert f"frame-ancestors {chr(39)}{'self' if inside else 'none'}{chr(39)}" in policy
    assert answer.headers["x-frame-options"] == ("SAMEORIGIN" if inside else "DENY")
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert sound(answer.text)
    assert re.search(r"<[^>]* on[a-z]+=", answer.text) is None
    assert inside or re.search(r"<[^>]* style=|<style", answer.text.partition("srcdoc=")[0]) is None


@pytest.mark.parametrize("path", PAGES)
def test_what_is_asked_for_stays_text(kept: Kept, ids: dict[str, str], path: str) -> None:
    person = anybody(kept, path)
    for name in ASKED:
        answer = person.client.get(path.format(**ids), params={name: HOSTILE})
        assert answer.status_code in (200, 422), name
        assert sound(answer.text) or "json" in answer.headers["content-type"], name


def test_every_field_of_an_entry_may_be_hostile(kept: Kept) -> None:
    person = Person(kept, Role.EDITOR)
    for name in FIELDS:
        for path in ("save", "check"):
            sent = {
                "csrf": person.csrf,
                "term": "t sign",
                "id": "t-sign",
                "region": "chest",
                "topic": "x",
                name: HOSTILE,
            }
            answer = person.client.post(f"/staff/glossary/{path}", data=sent | {"csrf": person.csrf})
            assert answer.status_code in (200, 409, 422), name
            assert sound(answer.text), name
    kept_one = {
        "plain": "mark",
        "kind": "finding",
        "noun": "count",
        "definition": HOSTILE,
        "note": HOSTILE,
        "forms": HOSTILE,
    }
    sent = {"csrf": person.csrf, "term": "u sign", "id": "u-sign", "region": "chest", "topic": "x", **kept_one}
    assert sound(person.client.post("/staff/glossary/save", data=sent).text)
    for page in ("changes", "entries/u-sign", ""):
        assert sound(person.client.get(f"/staff/glossary/{page}".rstrip("/")).text)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/staff/glossary/import", ("region", "topic", "toml")), ("/staff/glossary/publish", ("note", "changes")),
        ("/staff/glossary/roll-back", ("note", "number")), ("/staff/glossary/changes/{change_id}/approve", ("revision", "note", "reviewer", "next_review")),
        ("/staff/glossary/changes/{change_id}/give-back", ("revision", "note")), ("/staff/glossary/changes/{change_id}/submit", ("revision",)),
        ("/staff/queues/words", ("word", "state")), ("/staff/queues/wrong/{item}/case", ("sentence", "quoted", "assertion")),
        ("/staff/queues/wrong/{item}/close", ()), ("/staff/queues/feedback/{item}/close", ("reason",)), ("/staff/preview", ("exam", "text")),
    ],
)  # fmt: skip
def test_every_field_of_the_other_forms_may_be_hostile(
    kept: Kept, ids: dict[str, str], path: str, fields: tuple[str, ...]
) -> None:
    person = Person(kept, Role.APPROVER)
    for sent in ({name: HOSTILE} for name in fields or ("csrf",)):
        whole = dict.fromkeys(fields, "1") | sent | {"csrf": person.csrf}
        answer = person.client.post(path.format(**ids), data=whole)
        assert answer.status_code < 500, sent
        assert sound(answer.text), sent


@pytest.mark.parametrize("action", sorted({*DEEDS, "before", "comment", "wrong", "note-check"}))
def test_every_field_of_a_deed_may_be_hostile(kept: Kept, ids: dict[str, str], action: str) -> None:
    person = Person(kept, Role.RADIOLOGIST)
    report = kept.submit(f"key-{action}", report_id=f"R-{action}", text=TEXT, exam={"title": HOSTILE[:60]}).json()["id"]
    good = {
        "action": "note",
        "kind": "clinical",
        "item": "s1",
        "text": "Words.",
        "reason": "x",
        "signed": "",
        "note": "",
        "once": "",
    }
    for name in ("action", "kind", "item", "text", "reason", "signed", "note", "once"):
        answer = person.act(report, action, **good | {name: HOSTILE})
        assert answer.status_code < 500, name
        assert sound(answer.text), name
        assert sound(person.client.get(f"/staff/reports/{report}").text), name
    assert sound(person.client.get("/staff/reports").text)


# ---- an import with mistakes, and forms that are sent twice -----------------------------------------------------------


def block(number: int, **changed: str) -> str:
    fields = {"id": f"imp-{number}", "term": f"imp {number}", "kind": "finding", "plain": f"small mark {number}", "noun": "count", "definition": "A small mark."}  # fmt: skip
    return "[[term]]\n" + "".join(f'{name} = "{value}"\n' for name, value in (fields | changed).items())


def changes(kept: Kept) -> list[Any]:
    return [one.id for one in kept.service.app.state.content.desk.open_changes(limit=1_000)]


def test_an_import_tells_every_mistake_of_every_kind_and_takes_nothing(kept: Kept, ids: dict[str, str]) -> None:
    person = Person(kept, Role.EDITOR)
    before = changes(kept)
    toml = "".join(
        (
            block(1), block(2, definition="You should rest."), block(3, kind="nonsense"), block(4, id="Not An Id"), block(5, colour="red"),
            block(6), block(6, term="imp six"), block(7, id="pneumothorax", term="pneumothorax"), '[[series]]\nid = "a-series"\n',
        )
    )  # fmt: skip
    answer = person.client.post(
        "/staff/glossary/import", data={"csrf": person.csrf, "region": "general", "topic": "site", "toml": toml}
    )
    assert answer.status_code == 422
    for said in (
        "gives advice", "Entry 3, kind", "Entry 4, id", "Entry 5, colour", "imp-6: The id stands twice.",
        "pneumothorax: Somebody is changing this entry.", "series: This is not known here.",
    ):  # fmt: skip
        assert said in answer.text
    assert changes(kept) == before, "not even the entries that are right"
    assert "toml" in answer.text


@pytest.mark.parametrize(
    ("toml", "said"),
    [("", "There is no [[term]] in it."), ("[[term]\n", "not valid TOML"), ("term = 3", "Write each entry as a [[term]] block."), ("[[term]]\n", "Entry 1, id"), ("term = [3]", "Entry 1, the whole")],
)  # fmt: skip
def test_an_import_that_is_none_says_so(kept: Kept, toml: str, said: str) -> None:
    person = Person(kept, Role.EDITOR)
    answer = person.client.post(
        "/staff/glossary/import", data={"csrf": person.csrf, "region": "general", "topic": "site", "toml": toml}
    )
    assert (answer.status_code, said in answer.text) == (422, True)


def test_a_draft_that_is_saved_twice_is_one_and_what_came_second_is_not_lost(kept: Kept) -> None:
    person, other = Person(kept, Role.EDITOR), Person(kept, Role.APPROVER)
    sent = {"term": "twice sign", "id": "twice-sign", "kind": "finding", "plain": "mark", "noun": "count", "definition": "A mark.", "sensitivity": "none", "region": "chest", "topic": "x"}  # fmt: skip
    before = len(changes(kept))
    answers = [
        one.client.post(
            "/staff/glossary/save", data=sent | {"csrf": one.csrf, "definition": f"A mark of {one.csrf[:8]}."}
        )
        for one in (person, person, other)
    ]
    assert [one.status_code for one in answers] == [200, 409, 409]
    assert len(changes(kept)) == before + 1
    for one, answer in zip((person, other), answers[1:], strict=True):
        assert f"A mark of {one.csrf[:8]}." in answer.text, "what was typed is still there"


def test_a_version_that_is_published_twice_is_one(kept: Kept) -> None:
    desk = kept.service.app.state.content.desk
    placed = desk.current().entries["pleural-effusion"]
    draft = desk.save(
        actor="local:somebody",
        path=placed.path,
        entry=placed.entry.model_copy(update={"plain": "water by the {side }lung"}),
    )
    handed = desk.submit(draft.id, actor="local:somebody", revision=draft.revision)
    desk.approve(handed.id, actor="local:approver", revision=handed.revision)
    person = Person(kept, Role.APPROVER)
    sent = {"csrf": person.csrf, "note": "Once", "changes": draft.id}
    answers = [person.client.post("/staff/glossary/publish", data=sent, follow_redirects=False) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 409]
    assert len(desk.versions()) == 1


def test_an_entry_shows_the_health_of_its_links(kept: Kept) -> None:
    content = kept.service.app.state.content.desk.current()
    placed = next(one for one in content.entries.values() if len(one.entry.links) > 1)
    first, second = (next(one for one in content.raw.links if one.id == name) for name in placed.entry.links[:2])
    Board(kept.records.room).keep_links(
        [LinkSeen(first.id, first.url, "gone", "404", kept.clock()), LinkSeen(second.id, "https://old.example/", "gone", "404", kept.clock())]
    )  # fmt: skip
    page = Person(kept, Role.EDITOR).client.get(f"/staff/glossary/entries/{placed.entry.id}").text

    assert page.count("is gone on 20 November 2026") == 1
    assert "nobody has asked for it yet" in page, "what was seen at another address says nothing of this one"
