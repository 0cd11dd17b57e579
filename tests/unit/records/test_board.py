"""Work list, queues and figures: what is counted, who sees it, and what is never in it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from plainrad.domain.board import RELEASE_BUCKETS
from plainrad.domain.records import Actor
from plainrad.errors import CursorInvalidError, RecordInvalidError, ReportNotFoundError, StaleError
from plainrad.records.board import Board
from plainrad.store import shelves
from plainrad.store.board_tables import ShelfCountRow, ShelfRow, TallyRow, WordSeenRow
from plainrad.store.engine import Database
from tests.support.board import APPROVER, EDITOR, FAR_EDITOR, flagging, sent
from tests.support.keeping import OTHER_NUMBER, PORTAL, RADIOLOGIST, Kept, keep


@pytest.fixture
def kept(database: Database) -> Kept:
    """Records whose explainer raises a flag where the text asks for it, on SQLite and on PostgreSQL."""
    return keep(database, explain=flagging)


@pytest.fixture
def board(kept: Kept) -> Board:
    return Board(kept.records.room)


def on(board: Board, shelf: Any) -> list[str]:
    return [one.accession or "" for one in board.work_list(actor=RADIOLOGIST, shelf=shelf).rows]


def counts(board: Board) -> dict[str, int]:
    return dict(board.work_list(actor=RADIOLOGIST).counts)


def test_a_report_stands_where_it_belongs_and_moves_with_every_decision(kept: Kept, board: Board) -> None:
    plain, looked, flagged = sent(kept, 1), sent(kept, 2, "A mass. [cancer]"), sent(kept, 3, "A left mass. [sides]")
    assert on(board, None) == ["A3", "A2", "A1"]
    assert (on(board, "look"), on(board, "flagged")) == (["A2"], ["A3"])
    assert counts(board) == {
        "all": 3, "look": 1, "flagged": 1, "held": 0, "embargoed": 3, "released": 0, "retracted": 0, "soon": 0,
    }  # fmt: skip
    kept.records.hold(plain, actor=RADIOLOGIST, kind="clinical", reason="x")
    kept.records.approve(looked, actor=RADIOLOGIST)
    kept.records.release_early(flagged, actor=RADIOLOGIST, reason="x")
    assert (on(board, "held"), on(board, "look"), on(board, "released")) == (["A1"], [], ["A3"])
    kept.records.withdraw(flagged, actor=RADIOLOGIST, reason="x")
    assert (on(board, "retracted"), on(board, "flagged"), on(board, "released")) == (["A3"], [], [])


def test_what_is_released_in_three_days_is_releasing_soon_the_first_one_first(kept: Kept, board: Board) -> None:
    sent(kept, 1)
    kept.clock.on(days=1)
    sent(kept, 2)
    assert on(board, "soon") == []
    first = kept.records.list(actor=RADIOLOGIST).reports[-1].decision.available_from
    assert first is not None
    kept.clock.at = first - timedelta(days=2)
    assert on(board, "soon")[0] == "A1"
    assert counts(board)["soon"] >= 1
    kept.clock.at = first + timedelta(minutes=1)
    assert "A1" not in on(board, "soon")
    assert "A1" not in on(board, "embargoed")
    assert counts(board)["released"] == 1, "though no worker has come by yet"
    kept.records.announce()
    assert on(board, "released") == ["A1"]
    assert counts(board)["released"] == 1


def test_a_list_goes_on_where_it_stopped(kept: Kept, board: Board) -> None:
    for number in range(7):
        sent(kept, number, "A mass. [cancer]")
    seen: list[str] = []
    cursor = None
    while True:
        page = board.work_list(actor=RADIOLOGIST, shelf="look", cursor=cursor, limit=3)
        seen += [one.accession or "" for one in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [f"A{number}" for number in range(6, -1, -1)]
    for wrong in ("x", "dzF8YXw", "A" * 300, "dzF8MXxub3c"):
        with pytest.raises(CursorInvalidError):
            board.work_list(actor=RADIOLOGIST, cursor=wrong)


def test_the_list_is_searched_by_accession_number_and_is_of_one_organisation(kept: Kept, board: Board) -> None:
    sent(kept, 1)
    assert [one.accession for one in board.work_list(actor=RADIOLOGIST, accession="A1").rows] == ["A1"]
    assert board.work_list(actor=RADIOLOGIST, accession="A").rows == ()
    far = Actor("staff", "far", "RYY", frozenset({"radiologist"}))
    assert board.work_list(actor=far).rows == ()


def test_the_counts_are_those_of_the_rows_whatever_happened(kept: Kept, board: Board) -> None:
    names = [
        sent(kept, number, text) for number, text in enumerate(["No mass.", "A mass. [cancer]", "Left. [sides]"] * 3)
    ]
    for name, deed in zip(names, ("hold", "approve", "release_early", "withdraw") * 2, strict=False):
        more = {"kind": "clinical"} if deed == "hold" else {}
        getattr(kept.records, deed)(name, actor=RADIOLOGIST, reason="x", **more)
    sent(kept, 0, "Another text. [sides]")
    kept.clock.on(days=60)
    kept.records.announce()
    with kept.database.unit() as session:
        before = dict(session.execute(select(ShelfCountRow.name, ShelfCountRow.count)).all())
        shelves.recount(session)
        after = dict(session.execute(select(ShelfCountRow.name, ShelfCountRow.count)).all())
    assert {name: number for name, number in before.items() if number} == after


def test_reports_that_are_removed_leave_shelf_and_counts(kept: Kept, board: Board) -> None:
    room = kept.records.room
    sent(kept, 1)
    keeper = keep(kept.database, policy=replace(room.policy, keep_reports_days=10), clock=kept.clock, explain=flagging)
    kept.clock.on(days=20)
    assert keeper.records.purge().reports == 1
    assert counts(board)["all"] == 0
    with kept.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ShelfRow)) == 0
        assert session.scalar(select(func.count()).select_from(WordSeenRow)) == 0


def test_reports_of_before_are_put_on_their_shelves_by_the_worker(kept: Kept, board: Board) -> None:
    sent(kept, 1, "A left mass. [sides]")
    with kept.database.unit() as session:
        for row in session.scalars(select(ShelfRow)):
            session.delete(row)
        for count in session.scalars(select(ShelfCountRow)):
            session.delete(count)
    assert on(board, "flagged") == []
    kept.records.follow_policy()
    assert on(board, "flagged") == ["A1"]
    assert counts(board)["all"] == 1


# ---- what people wrote -----------------------------------------------------------------------------------------------


def test_a_reading_marked_wrong_comes_to_the_editors_without_whose_it_is(kept: Kept, board: Board) -> None:
    name = sent(kept, 1)
    said = kept.records.patient_version(name, actor=RADIOLOGIST, audience="professional").patient_report.statements[0]  # type: ignore[union-attr]
    kept.records.mark_wrong(name, actor=RADIOLOGIST, item=said.id, text="Alex Example, it is the right side.")
    assert board.counts(actor=EDITOR) == {"words": 0, "reading_wrong": 1, "feedback": 0}
    (item,) = board.items(actor=EDITOR, queue="reading_wrong").items
    assert item.item == said.id
    assert item.sentence
    assert item.said == said.text
    assert item.read
    assert item.text == "[…] […], it is the right side."
    assert item.report_id is None
    assert board.items(actor=APPROVER, queue="reading_wrong").items[0].report_id == name
    assert board.items(actor=FAR_EDITOR, queue="reading_wrong").items == ()
    assert [one.action for one in kept.records.audit()].count("queue_read") == 2


def test_a_reading_is_closed_with_a_reason_once(kept: Kept, board: Board) -> None:
    name = sent(kept, 1)
    kept.records.mark_wrong(name, actor=RADIOLOGIST, item="s1", text="Wrong.")
    (item,) = board.items(actor=EDITOR, queue="reading_wrong").items
    with pytest.raises(RecordInvalidError):
        board.settle(item.id, actor=EDITOR, queue="reading_wrong", reason=" ")
    with pytest.raises(ReportNotFoundError):
        board.settle(item.id, actor=FAR_EDITOR, queue="reading_wrong", reason="x")
    with pytest.raises(ReportNotFoundError):
        board.settle(item.id, actor=EDITOR, queue="feedback", reason="x")
    board.settle(item.id, actor=EDITOR, queue="reading_wrong", reason="It was right.")
    with pytest.raises(StaleError):
        board.settle(item.id, actor=EDITOR, queue="reading_wrong", reason="Again.")
    assert board.counts(actor=EDITOR)["reading_wrong"] == 0


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"text": ""}, "sentence"),
        ({"text": "No left […] mass.", "quoted": "mass"}, "invented words"),
        ({"text": "A mass, Mr Example.", "quoted": "mass"}, "invented words"),
        ({"text": "A mass of 9990000018.", "quoted": "mass"}, "invented words"),
        ({"text": "Example has a mass.", "quoted": "mass"}, "invented words"),
        ({"quoted": "a tumour"}, "words"),
        ({"expected": {"assertion": ""}}, "assertion"),
        ({"expected": {"assertion": "perhaps"}}, "assertion"),
        ({"expected": {"assertion": "absent", "laterality": "up"}}, "laterality"),
        ({"expected": {"assertion": "absent", "term_id": "x"}}, "term_id"),
    ],
)
def test_a_case_needs_invented_words_and_what_is_expected(
    kept: Kept, board: Board, change: dict[str, Any], why: str
) -> None:
    name = sent(kept, 1)
    kept.records.mark_wrong(name, actor=RADIOLOGIST, item="s1", text="Wrong.")
    (item,) = board.items(actor=EDITOR, queue="reading_wrong").items
    given: dict[str, Any] = {"text": "No left mass.", "quoted": "mass", "expected": {"assertion": "absent"}}
    with pytest.raises(RecordInvalidError, match=why):
        board.make_case(item.id, actor=EDITOR, **given | change)
    assert board.counts(actor=EDITOR)["reading_wrong"] == 1
    expected = {"assertion": "absent", "laterality": "left", "certainty": ""}
    assert board.make_case(item.id, actor=EDITOR, **given | {"expected": expected}) == "site-0001"
    (case,) = board.cases(actor=EDITOR)
    assert case.values == {
        "text": "No left mass.", "expect": [{"text": "mass", "assertion": "absent", "laterality": "left"}],
    }  # fmt: skip
    assert board.cases(actor=FAR_EDITOR) == []


def test_feedback_waits_until_it_was_read_and_says_what_it_is_about(kept: Kept, board: Board) -> None:
    name = sent(kept, 1)
    kept.records.release_early(name, actor=RADIOLOGIST, reason="x")
    kept.records.feedback(name, actor=PORTAL, kind="helpful")
    kept.records.feedback(name, actor=PORTAL, kind="worried", item="s1")
    kept.records.feedback(name, actor=PORTAL, kind="free_text", text="Ring Alex on 07700 900123.")
    with pytest.raises(RecordInvalidError):
        kept.records.feedback(name, actor=PORTAL, kind="worried", item="s999")
    worried, wrote = board.items(actor=EDITOR, queue="feedback").items
    assert (worried.kind, worried.item, bool(worried.sentence)) == ("worried", "s1", True)
    assert wrote.text == "Ring […] on […]."
    board.settle(worried.id, actor=EDITOR, queue="feedback", reason="")
    assert board.counts(actor=EDITOR)["feedback"] == 1
    assert board.figures(actor=EDITOR).tallies["feedback"] == {"helpful": 1, "worried": 1, "free_text": 1}


# ---- figures ---------------------------------------------------------------------------------------------------------


def test_what_is_made_flagged_released_and_given_out_is_summed_by_month(kept: Kept, board: Board) -> None:
    name = sent(kept, 1, "A left mass. [sides]")
    kept.records.release_early(name, actor=RADIOLOGIST, reason="x")
    kept.records.announce()
    assert kept.visible(name)
    kept.records.patient_version(name, actor=RADIOLOGIST, audience="professional")
    found = board.figures(actor=EDITOR)
    assert found.tallies["made"]["versions"] == 1
    assert found.tallies["flag"] == {"laterality_discrepancy": 1}
    assert found.tallies["release"] == {RELEASE_BUCKETS[0]: 1}
    assert found.tallies["given"] == {"versions": 1}, "what a professional reads is not counted"
    assert found.tallies["shown"] == dict.fromkeys(found.tallies["term"], 1)
    assert set(found.tallies["reading"]) <= {"present", "absent", "possible", "neutral", "historical", "hypothetical"}
    assert len(found.months) == 12
    assert found.by_month["made versions"] == {found.months[-1]: 1}
    assert board.figures(actor=FAR_EDITOR).tallies == {}


def test_sums_hold_names_of_entries_codes_and_nothing_of_a_report(kept: Kept, board: Board) -> None:
    name = sent(kept, 1)
    kept.records.release_early(name, actor=RADIOLOGIST, reason="Alex asked")
    assert kept.visible(name)
    with kept.database.reading() as session:
        kinds = {row.kind for row in session.scalars(select(TallyRow))}
        said = " ".join(row.name for row in session.scalars(select(TallyRow)))
    assert kinds <= {"made", "term", "reading", "flag", "release", "given", "shown", "feedback"}
    for secret in ("Alex", "Example", "A1", "R1", "pneumothorax.", str(OTHER_NUMBER)):
        assert secret not in said
