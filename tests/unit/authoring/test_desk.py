"""An entry reaches patients only through two pairs of eyes, in a numbered version, and there is a way back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from plainrad.authoring.desk import AuthoringDesk
from plainrad.authoring.memory import MemoryContent
from plainrad.authoring.ports import ContentStore
from plainrad.content import content_folder
from plainrad.errors import (
    ChangeLawError,
    ChangeStaleError,
    ChangeStateError,
    ChangeUnknownError,
    FourEyesError,
    ReviewerMissingError,
)
from plainrad.glossary.read import RawContent, read_content
from plainrad.glossary.schema import TermSchema
from plainrad.glossary.words import EverydayWords
from plainrad.store.audit_tables import AuditRow
from plainrad.store.content import DatabaseContent
from tests.support.databases import sqlite_database

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
PATH = "terms/chest/pleura.toml"
FOLDER = content_folder("glossary")
NEW = TermSchema(
    id="zorb-sign",
    term="zorb sign",
    kind="finding",
    forms=["zorbs sign"],
    plain="round mark on the {side }lung",
    noun="count",
    definition="A round mark that is seen on a picture of the lung.",
    anatomy=["lung"],
)


@pytest.fixture(scope="module")
def shipped() -> RawContent:
    return read_content(FOLDER)


@pytest.fixture(params=["memory", "database"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ContentStore]:
    if request.param == "memory":
        yield MemoryContent()
        return
    database = sqlite_database(tmp_path)
    yield DatabaseContent(database, "RXX", lambda: AT)
    database.close()


@pytest.fixture
def desk(store: ContentStore, shipped: RawContent) -> AuthoringDesk:
    minutes = iter(range(10_000))
    return AuthoringDesk(
        store, shipped=shipped, everyday=EverydayWords.load(FOLDER), now=lambda: AT + timedelta(minutes=next(minutes))
    )


def approved(desk: AuthoringDesk, entry: TermSchema = NEW, *, path: str = PATH) -> str:
    draft = desk.save(actor="ed", path=path, entry=entry)
    handed_in = desk.submit(draft.id, actor="ed", revision=draft.revision)
    return desk.approve(handed_in.id, actor="ap", revision=handed_in.revision).id


def actions(store: ContentStore) -> list[str]:
    if isinstance(store, MemoryContent):
        return [action for _, action, _, _ in store.audit]
    assert isinstance(store, DatabaseContent)
    with store.database.reading() as session:
        return list(session.scalars(select(AuditRow.action).order_by(AuditRow.seq)))


def test_the_whole_way(desk: AuthoringDesk, store: ContentStore) -> None:
    version = desk.publish([approved(desk)], actor="ap", note="First")
    assert version.number == 1
    content = desk.current()
    assert content.number == 1
    assert content.entries["zorb-sign"].entry.plain == NEW.plain
    assert content.entries["zorb-sign"].entry.review.status == "draft"
    assert actions(store) == ["content.saved", "content.submitted", "content.approved", "content.published"]


def test_a_professional_who_is_named_makes_it_more_than_a_draft(desk: AuthoringDesk) -> None:
    draft = desk.save(actor="ed", path=PATH, entry=NEW)
    handed_in = desk.submit(draft.id, actor="ed", revision=1)
    with pytest.raises(ReviewerMissingError):
        desk.approve(draft.id, actor="ap", revision=handed_in.revision, reviewer="Somebody named")
    desk.approve(
        draft.id, actor="ap", revision=handed_in.revision, reviewer="Somebody named", next_review=date(2027, 11, 2)
    )
    desk.publish([draft.id], actor="ap", note="")
    review = desk.current().entries["zorb-sign"].entry.review
    assert (review.status, review.by, review.on, review.next) == (
        "approved",
        "Somebody named",
        "2026-11-02",
        "2027-11-02",
    )


def test_nobody_approves_what_they_have_written_in(desk: AuthoringDesk) -> None:
    draft = desk.save(actor="ed", path=PATH, entry=NEW)
    second = desk.save(
        actor="ap", path=PATH, entry=NEW.model_copy(update={"plain": "ring on the {side }lung"}),
        change_id=draft.id, revision=draft.revision,
    )  # fmt: skip
    handed_in = desk.submit(second.id, actor="ed", revision=second.revision)
    for actor in ("ed", "ap"):
        with pytest.raises(FourEyesError):
            desk.approve(handed_in.id, actor=actor, revision=handed_in.revision)
    assert desk.approve(handed_in.id, actor="third", revision=handed_in.revision).state == "approved"


def test_a_change_after_the_approval_has_to_be_read_again(desk: AuthoringDesk) -> None:
    change = desk.change(approved(desk))
    edited = desk.save(actor="ed", path=PATH, entry=NEW, change_id=change.id, revision=change.revision)
    assert (edited.state, edited.approved_by) == ("draft", None)
    with pytest.raises(ChangeStateError):
        desk.publish([change.id], actor="ap", note="")


def test_two_editors_do_not_write_over_each_other(desk: AuthoringDesk) -> None:
    draft = desk.save(actor="one", path=PATH, entry=NEW)
    desk.save(actor="one", path=PATH, entry=NEW, change_id=draft.id, revision=1)
    with pytest.raises(ChangeStaleError):
        desk.save(actor="two", path=PATH, entry=NEW, change_id=draft.id, revision=1)
    with pytest.raises(ChangeStaleError):
        desk.save(actor="two", path=PATH, entry=NEW)
    with pytest.raises(ChangeStaleError):
        desk.submit(draft.id, actor="one", revision=1)


def test_what_breaks_the_law_is_kept_as_a_draft_and_goes_no_further(desk: AuthoringDesk) -> None:
    bad = NEW.model_copy(update={"definition": "You should ask your doctor. It is harmless", "anatomy": ["nowhere"]})
    draft = desk.save(actor="ed", path=PATH, entry=bad)
    with pytest.raises(ChangeLawError) as caught:
        desk.submit(draft.id, actor="ed", revision=draft.revision)
    for part in ("gives advice", "comforts", "full stop", "nowhere"):
        assert part in str(caught.value)


def test_two_changes_that_clash_are_not_published_together(desk: AuthoringDesk) -> None:
    other = NEW.model_copy(update={"id": "zorb-mark", "term": "zorb mark"})
    ids = [approved(desk), approved(desk, other)]
    with pytest.raises(ChangeLawError, match="zorbs sign"):
        desk.publish(ids, actor="ap", note="")
    assert desk.current().number == 0


def test_an_entry_that_was_published_meanwhile_is_looked_at_again(desk: AuthoringDesk, store: ContentStore) -> None:
    first = approved(desk)
    desk.publish([first], actor="ap", note="")
    second = approved(desk, NEW.model_copy(update={"plain": "ring on the {side }lung"}))
    with store.unit() as unit:
        unit.put(replace(desk.change(second), base="older"))
    with pytest.raises(ChangeStaleError):
        desk.publish([second], actor="ap", note="")


def test_there_is_a_way_back_and_nothing_is_deleted(desk: AuthoringDesk) -> None:
    desk.publish([approved(desk)], actor="ap", note="")
    desk.publish([approved(desk, NEW.model_copy(update={"plain": "ring on the {side }lung"}))], actor="ap", note="")
    back = desk.roll_back(1, actor="ap", note="The new wording was worse.")
    assert (back.number, back.restored) == (3, 1)
    assert desk.current().entries["zorb-sign"].entry.plain == NEW.plain
    desk.roll_back(0, actor="ap", note="")
    assert "zorb-sign" not in desk.current().entries
    assert [one.number for one in desk.versions()] == [4, 3, 2, 1]
    for number in (4, 9, -1):
        with pytest.raises(ChangeUnknownError):
            desk.roll_back(number, actor="ap", note="")


def test_given_back_it_says_what_is_to_be_done(desk: AuthoringDesk) -> None:
    draft = desk.save(actor="ed", path=PATH, entry=NEW)
    handed_in = desk.submit(draft.id, actor="ed", revision=1)
    back = desk.give_back(draft.id, actor="ap", revision=handed_in.revision, note="Say where.")
    assert (back.state, back.note) == ("draft", "Say where.")
    gone = desk.withdraw(draft.id, actor="ed", revision=back.revision)
    assert gone.state == "withdrawn"
    assert desk.open_for("zorb-sign") is None
    assert [one.id for one in desk.history("zorb-sign")] == [draft.id]
    with pytest.raises(ChangeUnknownError):
        desk.change("nothing")


def test_an_entry_of_a_series_is_changed_in_its_file(desk: AuthoringDesk) -> None:
    level = desk.current().entries["lumbar-level-4-5"]
    with pytest.raises(ChangeLawError, match="series"):
        desk.save(actor="ed", path=level.path, entry=level.entry)


def test_a_published_change_is_held_against_the_version_before_its_own(desk: AuthoringDesk) -> None:
    first = approved(desk)
    assert desk.before(desk.change(first)) == {}
    desk.publish([first], actor="ap", note="")
    second = approved(desk, NEW.model_copy(update={"plain": "round spot on the {side }lung"}))
    assert desk.before(desk.change(second))["plain"] == NEW.plain
    desk.publish([second], actor="ap", note="")
    third = approved(desk, NEW.model_copy(update={"plain": "mark on the {side }lung"}))
    desk.publish([third], actor="ap", note="")
    assert desk.before(desk.change(first)) == {}
    assert desk.before(desk.change(second))["plain"] == NEW.plain
    assert desk.before(desk.change(third))["plain"] == "round spot on the {side }lung"
