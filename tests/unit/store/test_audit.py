"""The audit: every change, gap or cut is found, by whatever way it was made."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from plainrad.errors import AuditBrokenError, StoreError
from plainrad.store import audit
from plainrad.store.audit import FIRST, line_hash
from plainrad.store.audit_tables import AuditRow
from plainrad.store.engine import Database, open_database
from tests.support.databases import postgres_address, sqlite_database, sqlite_file
from tests.support.keeping import PORTAL, RADIOLOGIST, TUESDAY, keep


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql"))])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A new database with all tables."""
    made = sqlite_database(tmp_path) if request.param == "sqlite" else open_database(postgres_address())
    yield made
    made.close()


def lines(database: Database, count: int = 5) -> tuple[int, str]:
    """Write some lines and return the last."""
    for number in range(count):
        with database.unit() as session:
            audit.append(
                session, actor=RADIOLOGIST, action="held", at=TUESDAY, object_id=f"o{number}", details={"n": number},
                reason="Because." if number % 2 else None,
            )  # fmt: skip
    with database.reading() as session:
        return audit.verify(session)


def test_a_chain_that_nobody_touched_is_whole(database: Database) -> None:
    number, last = lines(database)
    assert number == 5
    with database.reading() as session:
        assert audit.verify(session, head=(number, last)) == (number, last)
        found = list(audit.entries(session))
    assert found[0].previous == FIRST
    assert [one.seq for one in found] == [1, 2, 3, 4, 5]
    assert [one.reason for one in found] == [None, "Because.", None, "Because.", None]


@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET action = 'x' WHERE seq = 2", "DELETE FROM audit WHERE seq = 5"]
)
def test_the_database_refuses_to_change_or_remove_a_line(database: Database, statement: str) -> None:
    lines(database)
    with database.engine.connect() as connection, pytest.raises(DBAPIError, match="only ever added"):
        connection.execute(text(statement))


def _edit(file: Path, statement: str) -> None:
    """What somebody can do who may change the tables: take the triggers away first."""
    with closing(sqlite3.connect(file, isolation_level=None)) as base:
        for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            base.execute(f"DROP TRIGGER {name}")
        base.execute(statement)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE audit SET action = 'read' WHERE seq = 3", "Line 3"),
        ("UPDATE audit SET at = '2020-01-01 00:00:00.000000' WHERE seq = 1", "Line 1"),
        ("UPDATE audit SET actor_id = 'somebody' WHERE seq = 5", "Line 5"),
        ("""UPDATE audit SET details = '{"n": 9}' WHERE seq = 2""", "Line 2"),
        ("UPDATE audit SET organisation = NULL WHERE seq = 2", "Line 2"),
        ("UPDATE audit SET hash = previous WHERE seq = 2", "Line 2"),
        ("UPDATE audit_reason SET text = 'Other.' WHERE seq = 2", "reason of line 2"),
        ("DELETE FROM audit WHERE seq = 3", "gap: after line 2 comes line 4"),
        ("DELETE FROM audit WHERE seq = 1", "gap: after line 0 comes line 2"),
        ("DELETE FROM audit WHERE seq >= 4", "the end of the audit are missing"),
        ("DELETE FROM audit", "the end of the audit are missing"),
    ],
)
def test_every_change_gap_and_cut_is_found(tmp_path: Path, statement: str, said: str) -> None:
    file = sqlite_file(tmp_path)
    database = open_database(f"sqlite:///{file}")
    lines(database)
    database.close()
    _edit(file, statement)
    with open_database(f"sqlite:///{file}").reading() as session, pytest.raises(AuditBrokenError, match=said):
        audit.verify(session)


def test_a_chain_written_anew_is_found_by_the_line_that_was_noted_elsewhere(tmp_path: Path) -> None:
    database = sqlite_database(tmp_path)
    noted = lines(database)
    other = sqlite_database(tmp_path)
    lines(other, 7)
    with other.unit() as session:
        audit.append(session, actor=PORTAL, action="read", at=TUESDAY)
    with other.reading() as session:
        assert audit.verify(session, head=noted)[0] == 8, "the same lines are the same chain"
    forged = sqlite_database(tmp_path)
    with forged.unit() as session:
        for _ in range(9):
            audit.append(session, actor=PORTAL, action="read", at=TUESDAY)
    with forged.reading() as session, pytest.raises(AuditBrokenError, match="not the one that was noted"):
        audit.verify(session, head=noted)
    with database.reading() as session, pytest.raises(AuditBrokenError, match="before the line that was noted"):
        audit.verify(session, head=(99, noted[1]))


def test_an_unfinished_unit_leaves_no_line(database: Database) -> None:
    def half() -> None:
        with database.unit() as session:
            audit.append(session, actor=PORTAL, action="read", at=TUESDAY)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert lines(database, 2)[0] == 2


def test_purged_reasons_leave_the_chain_whole(database: Database) -> None:
    before = lines(database)
    with database.unit() as session:
        assert audit.forget_reasons(session, object_id="o1") == 1
    with database.reading() as session:
        assert audit.verify(session) == before


FIELDS: dict[str, Callable[[], st.SearchStrategy[object]]] = {
    "action": st.text, "object_id": st.text, "actor_id": st.text, "object_kind": st.text, "previous": st.text,
}  # fmt: skip


@given(name=st.sampled_from(sorted(FIELDS)), data=st.data())
def test_the_hash_covers_every_field(name: str, data: st.DataObject) -> None:
    def row() -> AuditRow:
        return AuditRow(
            seq=1, at=TUESDAY, actor_kind="staff", actor_id="a", organisation="RXX", action="held", object_kind="report",
            object_id="o", details={"a": 1}, reason_sha256=None, previous=FIRST,
        )  # fmt: skip

    changed, value = row(), data.draw(FIELDS[name]())
    same = getattr(changed, name) == value
    setattr(changed, name, value)
    assert (line_hash(row()) == line_hash(changed)) == same


def test_the_hash_can_be_worked_out_from_an_export_alone(tmp_path: Path) -> None:
    import hashlib

    from plainrad.keeping.audit import values

    kept = keep(sqlite_database(tmp_path))
    receipt = kept.submit()
    kept.records.hold(receipt.id, actor=RADIOLOGIST, kind="clinical", reason="Because \u00e9.")
    for entry in kept.records.audit():
        said = values(entry)
        inner = {
            "seq": said["seq"], "at": said["at"], "actor": [said["actor_kind"], said["actor_id"], said["organisation"]],
            "action": said["action"], "object": [said["object_kind"], said["object_id"]], "details": said["details"],
            "reason": said["reason_sha256"], "previous": said["previous"],
        }  # fmt: skip
        again = json.dumps(inner, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(again.encode()).hexdigest() == said["hash"]


def test_an_error_of_the_database_says_nothing_of_what_was_sent(database: Database) -> None:
    with pytest.raises(StoreError) as caught, database.unit() as session:
        session.execute(text("SELECT 'Zyxqwvia' FROM nowhere"))
    assert "Zyxqwvia" not in str(caught.value)
    assert caught.value.__suppress_context__
