"""What a change would do is seen before it is published: in the examples, and in recent reports by those who may read them.

The patients here are invented, and their names stand in the reports on purpose: none of them may come out again.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from plainrad import bootstrap
from plainrad.bootstrap import Plainrad
from plainrad.domain.access import Role
from plainrad.domain.records import Actor
from plainrad.errors import BusyError
from plainrad.settings import Settings
from tests.api.test_staff_reports import Person
from tests.support.kept import Kept, kept_service

PLAIN = "water by the {side }lung"
NAMES = ("Zanzibarova", "Quellington", "9990000018", "04/07", "1961", "ACC0", "Ada")
TEXT = (
    "Findings: Small left pleural effusion. The right pleural effusion that Mrs Quellington, 9990000018, was told of on 04/07/1961 cannot be told "
    "from Dr Zanzibarova's collapse."
)
OTHER = "Findings: There is a pneumothorax."
READER = Actor("staff", "local:somebody", "RXX", frozenset({"radiologist"}))
READERS = (Role.RADIOLOGIST, Role.APPROVER)


@pytest.fixture(scope="module")
def kept(plainrad: Plainrad, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    with kept_service(plainrad, tmp_path_factory.mktemp("kept")) as found:
        whose: dict[str, Any] = {"patient": {"nhs_number": "999 000 0018", "family": "Quellington", "given": ["Ada"]}}
        for number in range(6):
            about: dict[str, Any] = {"exam": {"title": f"CT chest {number}"}} | (whose if number == 0 else {})
            answer = found.submit(f"key-{number}", report_id=f"R{number}", accession=f"ACC{number}", text=TEXT, **about)
            assert answer.status_code == 201, answer.text
        found.submit("key-far", by=found.other, report_id="FAR", text=TEXT, exam={"title": "CT far away"})
        found.submit("key-other", report_id="R9", text=OTHER, exam={"title": "XR chest"})
        yield found


@pytest.fixture(scope="module")
def change(kept: Kept) -> str:
    """A change to an entry, of which nothing is published."""
    desk = kept.service.app.state.content.desk
    placed = desk.current().entries["pleural-effusion"]
    entry = placed.entry.model_copy(update={"plain": PLAIN})
    return str(desk.save(actor="local:editor", path=placed.path, entry=entry).id)


def page(kept: Kept, change: str, role: Role) -> Any:
    return Person(kept, role).client.get(f"/staff/glossary/changes/{change}/effects")


def audited(kept: Kept, action: str) -> list[tuple[str, str | None]]:
    return [(one.actor_id, one.object_id) for one in kept.records.audit() if one.action == action]


def test_whoever_asks_sees_how_far_it_is_and_then_what_was_found(kept: Kept, change: str) -> None:
    answer = page(kept, change, Role.EDITOR)
    assert answer.status_code == 200
    said = re.findall(r'<p role="status">(.*?) <progress', answer.text)
    assert said == [
        "A glossary with the change is being made. Then 7 reports are looked at.",
        "Looked at 5 of 7 reports.",
    ]
    assert answer.text.index("Looked at 5") < answer.text.index('class="staff-found"')
    assert answer.text.rstrip().endswith("</html>")
    assert "Content-Security-Policy" in answer.headers
    assert "never sent" not in answer.text
    assert "flush" not in answer.text


@pytest.mark.parametrize("role", READERS, ids=str)
def test_who_may_read_reports_sees_both_versions_side_by_side_and_each_is_in_the_audit(
    kept: Kept, change: str, role: Role
) -> None:
    before = len(audited(kept, "read_patient_version"))
    text = page(kept, change, role).text
    assert "6 of 7 newest reports would read differently." in text
    assert text.count("<del>") == text.count("<ins>") > 6
    assert re.search(r"<del>[^<]*fluid around the left lung", text)
    assert re.search(r"<ins>[^<]*water by the left lung", text)
    shown = re.findall(r'<a href="/staff/reports/([0-9a-f-]{36})">', text)
    assert len(shown) == 6
    read = audited(kept, "read_patient_version")[before:]
    assert sorted(read) == sorted((f"local:{role}", one) for one in shown), "every look at a report is in the audit"
    assert audited(kept, "content_tried")[-1] == (f"local:{role}", change)


def test_no_name_and_no_number_of_anybody_is_on_the_page(kept: Kept, change: str) -> None:
    kept.records.room = replace(kept.records.room, editors_see_reports=True)
    try:
        pages = [page(kept, change, role).text for role in (*READERS, Role.EDITOR)]
    finally:
        kept.records.room = replace(kept.records.room, editors_see_reports=False)
    for text in pages:
        assert "[…]" in text, "the words around a name are shown, or this would prove nothing"
        for name in NAMES:
            assert name not in text
        assert "far away" not in text, "a report of another organisation is not looked at"


def test_an_editor_is_told_a_number_and_reads_nothing(kept: Kept, change: str) -> None:
    before = len(audited(kept, "read_patient_version"))
    text = page(kept, change, Role.EDITOR).text
    assert "6 of 7 newest reports would read differently." in text
    assert "You see how many, not which" in text
    for word in ("/staff/reports/", "CT chest", "<del>", "<ins>", "water by"):
        assert word not in text
    assert len(audited(kept, "read_patient_version")) == before
    assert audited(kept, "content_tried")[-1] == ("local:editor", change)


def test_of_few_patients_an_editor_is_told_no_number(kept: Kept) -> None:
    desk = kept.service.app.state.content.desk
    placed = desk.current().entries["pneumothorax"]
    entry = placed.entry.model_copy(update={"plain": "air beside the {side }lung"})
    rare = desk.save(actor="local:editor", path=placed.path, entry=entry).id
    text = page(kept, rare, Role.EDITOR).text
    assert "Of the 7 newest reports none would read differently, or those of fewer than 5 patients." in text
    assert "1 of 7" not in text
    assert "1 of 7 newest reports would read differently." in page(kept, rare, Role.APPROVER).text
    desk.withdraw(rare, actor="local:editor", revision=1)


def test_a_site_can_let_editors_read_them_and_then_it_is_in_the_audit(kept: Kept, change: str) -> None:
    room = kept.records.room
    held = kept.records.list(actor=READER, accession="ACC3").reports[0].id
    kept.records.hold(held, actor=READER, kind="safeguarding", reason="x")
    kept.records.room = replace(room, editors_see_reports=True)
    try:
        before = len(audited(kept, "read_patient_version"))
        text = page(kept, change, Role.EDITOR).text
    finally:
        kept.records.room = room
        kept.records.lift(held, actor=READER, kind="safeguarding", reason="x")
    assert "<ins>" in text
    assert "/staff/reports/" not in text, "an editor may not open a report"
    assert "CT chest 3" not in text, "what is held is for those who look after patients"
    assert "1 of them is not shown" in text
    read = audited(kept, "read_patient_version")[before:]
    assert len(read) == 5
    assert held not in {one for _, one in read}


def test_the_setting_is_shut_unless_a_site_opens_it(tmp_path: Any) -> None:
    url = f"sqlite:///{tmp_path}/plainrad.db"
    assert Settings().editors_see_reports is False
    for wanted in (False, True):
        made = bootstrap.records(Settings(database_url=url, editors_see_reports=wanted), explain=None)  # type: ignore[arg-type]
        assert made.room.editors_see_reports is wanted
        made.room.database.close()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR], ids=str)
def test_others_neither_see_it_nor_are_offered_it(kept: Kept, change: str, role: Role) -> None:
    assert page(kept, change, role).status_code == 403
    shown = Person(kept, role).client.get(f"/staff/glossary/changes/{change}")
    assert shown.status_code == 200
    assert "/effects" not in shown.text


def test_a_radiologist_is_offered_it(kept: Kept, change: str) -> None:
    assert f"{change}/effects" in Person(kept, Role.RADIOLOGIST).client.get(f"/staff/glossary/changes/{change}").text


def test_two_who_look_at_one_time_are_told_so(kept: Kept, change: str) -> None:
    room = kept.service.app.state.content
    room.patience = 0.01
    with room.trying({}):
        text = page(kept, change, Role.RADIOLOGIST).text
        assert "That could not be worked out" in text
        assert str(BusyError()) in text
        assert "<ins>" not in text
    assert "<ins>" in page(kept, change, Role.RADIOLOGIST).text, "and when the first has gone it works"


def test_looking_is_not_counted_as_explaining(kept: Kept, change: str) -> None:
    def explained() -> str:
        text = kept.service.client.get("/metrics").text
        return next(line for line in text.splitlines() if line.startswith("plainrad_reports_annotated_total"))

    before = explained()
    page(kept, change, Role.RADIOLOGIST)
    assert explained() == before


def test_a_change_that_is_not_there_is_not_found(kept: Kept) -> None:
    assert page(kept, "0" * 32, Role.EDITOR).status_code == 404
