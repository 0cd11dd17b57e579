"""A word reaches editors when several patients share it, is counted once a report, and can be forgotten for good."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from plainrad.bootstrap import Plainrad
from plainrad.domain.patient import PatientReport
from plainrad.domain.records import Actor
from plainrad.domain.report import Report
from plainrad.errors import RecordInvalidError, StaleError
from plainrad.records.board import Board
from plainrad.store.board_tables import MissingWordRow, WordSeenRow
from plainrad.store.engine import Database
from plainrad.store.seal import Vault
from plainrad.store.tables import ReportRow
from tests.support.board import EDITOR, FAR_EDITOR, NUMBERS, sent
from tests.support.keeping import Kept, keep

WORD = "Findings: There is a zorblatic area."


def found_words(board: Board, actor: Actor = EDITOR) -> dict[str, int]:
    return {one.word: one.reports for one in board.words(actor=actor).words}


@pytest.fixture
def read_plainly(plainrad: Plainrad, database: Database) -> Kept:
    """Records that read for real, on SQLite and on PostgreSQL."""
    return keep(database, explain=plainrad.annotate)


def test_a_word_is_shown_when_five_patients_share_it_and_not_before(read_plainly: Kept) -> None:
    kept, board = read_plainly, Board(read_plainly.records.room)
    for number in range(8):
        sent(kept, number, WORD, patient=NUMBERS[0])
    assert found_words(board) == {}, "eight reports of one patient are one patient"
    for number, patient in enumerate(NUMBERS[1:4], start=10):
        sent(kept, number, WORD, patient=patient)
    assert found_words(board) == {}
    sent(kept, 20, WORD, patient=NUMBERS[4])
    assert found_words(board) == {"zorblatic": 12}
    sent(kept, 21, WORD, patient=NUMBERS[0])
    assert found_words(board) == {"zorblatic": 13}
    assert found_words(board, FAR_EDITOR) == {}
    with kept.database.reading() as session:
        assert session.scalars(select(WordSeenRow.word)).all() == []


def test_a_word_that_too_few_share_goes_with_its_report(read_plainly: Kept) -> None:
    sent(read_plainly, 1, WORD)
    with read_plainly.database.unit() as session:
        assert session.scalars(select(WordSeenRow.word)).all() == ["zorblatic"]
        session.delete(session.scalars(select(ReportRow)).one())
        session.flush()
        assert session.scalars(select(WordSeenRow.word)).all() == []
        assert session.scalars(select(MissingWordRow.word)).all() == []


def test_a_corrected_report_counts_once(read_plainly: Kept) -> None:
    board = Board(replace(read_plainly.records.room, fewest_patients=1))
    kept = keep(read_plainly.database, explain=read_plainly.records.room.explain)
    kept.records.room = board.room
    sent(kept, 1, WORD)
    sent(kept, 1, WORD + " Corrected.")
    assert found_words(board) == {"zorblatic": 1}


def test_a_word_is_put_aside_and_back_or_forgotten_for_good(read_plainly: Kept) -> None:
    board = Board(replace(read_plainly.records.room, fewest_patients=1))
    read_plainly.records.room = board.room
    sent(read_plainly, 1, WORD)
    board.settle_word("zorblatic", actor=EDITOR, state="aside")
    assert found_words(board) == {}
    assert [one.word for one in board.words(actor=EDITOR, state="aside").words] == ["zorblatic"]
    board.settle_word("zorblatic", actor=EDITOR, state="open")
    board.settle_word("zorblatic", actor=EDITOR, state="never")
    sent(read_plainly, 2, WORD, patient=NUMBERS[2])
    assert found_words(board) == {}
    with read_plainly.database.reading() as session:
        assert all(word.startswith("#") for word in session.scalars(select(MissingWordRow.word)))
        assert session.scalars(select(WordSeenRow.word)).all() == []
    with pytest.raises(StaleError):
        board.settle_word("zorblatic", actor=EDITOR, state="aside")
    with pytest.raises(RecordInvalidError):
        board.settle_word("x", actor=EDITOR, state="gone")
    assert "zorblatic" not in repr(list(read_plainly.records.audit()))


def test_without_the_key_no_word_of_a_report_is_counted_later(read_plainly: Kept) -> None:
    def fails(_: Report) -> PatientReport:
        raise ValueError("not now")

    late = keep(read_plainly.database, explain=fails)
    late.records.room = replace(late.records.room, fewest_patients=1)
    sent(late, 1, WORD)
    mender = keep(read_plainly.database, explain=read_plainly.records.room.explain)
    mender.records.room = replace(mender.records.room, fewest_patients=1, vault=Vault())
    assert mender.records.explain_waiting() == 1
    assert found_words(Board(mender.records.room)) == {}
