"""The tables go up and down on both databases, and are those of the code."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from plainrad.domain.records import Original
from plainrad.errors import StoreAddressError, StoreError, StoreSchemaError
from plainrad.store import migrate
from plainrad.store.backup import backup
from plainrad.store.base import Base, UtcDateTime
from plainrad.store.engine import Database, open_database
from tests.support.databases import postgres_address, sqlite_database
from tests.support.keeping import PORTAL, RADIOLOGIST, keep, report
from tests.support.patient import TEXT


def empty(kind: str, folder: Path) -> Database:
    """A database without tables."""
    if kind == "sqlite":
        return open_database(f"sqlite:///{folder}/new folder/plain 100%.db")
    return open_database(postgres_address(migrated=False))


KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql"))]


@pytest.mark.parametrize("kind", KINDS)
def test_the_tables_go_up_and_down_and_are_those_of_the_code(kind: str, tmp_path: Path) -> None:
    database = empty(kind, tmp_path)
    assert migrate.empty(database)
    with pytest.raises(StoreSchemaError, match="plainrad db upgrade"):
        migrate.check(database)
    for _ in range(2):
        assert migrate.upgrade(database) == migrate.latest()
        assert migrate.upgrade(database) == migrate.latest(), "twice is as good as once"
        assert migrate.differences(database) == []
        migrate.check(database)
        assert keep(database).submit().outcome == "created"
        assert migrate.downgrade(database, "base") is None
        assert inspect(database.engine).get_table_names() == ["alembic_version"]
    database.close()


def test_every_table_is_in_the_migrations(tmp_path: Path) -> None:
    database = sqlite_database(tmp_path)
    assert set(inspect(database.engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_a_new_file_is_ours_alone(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/a.db")
    migrate.upgrade(database)
    assert database.file is not None
    assert database.file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "address", ["", "nonsense", "mysql://x/y", "sqlite:////proc/none/a.db", "postgresql+asyncpg://x"]
)
def test_an_address_that_cannot_be_used_is_refused_without_being_shown(address: str) -> None:
    with pytest.raises(StoreAddressError) as caught:
        open_database(address)
    assert "PLAINRAD_DATABASE_URL" in str(caught.value)


def test_sqlite_waits_writes_through_and_keeps_its_borders(tmp_path: Path) -> None:
    with sqlite_database(tmp_path).engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
        }
    assert found == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 15_000,
        "secure_delete": 1,
    }


# ---- moments ---------------------------------------------------------------------------------------------------------


def test_a_time_without_a_zone_is_refused_before_it_reaches_the_database(tmp_path: Path) -> None:
    dialect = sqlite_database(tmp_path).engine.dialect
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(datetime(2026, 1, 1), dialect)  # noqa: DTZ001


def test_a_moment_comes_back_as_the_same_moment_in_utc(tmp_path: Path) -> None:
    dialect = sqlite_database(tmp_path).engine.dialect
    moment = datetime(2026, 7, 1, 10, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
    back = UtcDateTime().process_result_value(UtcDateTime().process_bind_param(moment, dialect), dialect)
    assert back == moment
    assert back is not None
    assert back.tzinfo is UTC


# ---- backups ---------------------------------------------------------------------------------------------------------


def test_a_backup_made_in_use_is_whole_and_ours_alone(tmp_path: Path) -> None:
    kept = keep(sqlite_database(tmp_path))
    receipt = kept.submit()
    with kept.database.unit() as session:
        session.connection().exec_driver_sql("DELETE FROM hold")  # somebody is writing
        target = tmp_path / "copy.db"
        assert backup(kept.database, target) > 10_000
    copied = keep(open_database(f"sqlite:///{target}"))
    assert copied.records.get(receipt.id, actor=PORTAL).id == receipt.id
    assert copied.records.verify_audit()[0] == 2
    assert target.stat().st_mode & 0o077 == 0
    assert not list(tmp_path.glob("*.unfinished"))


def test_a_backup_overwrites_nothing_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    database = sqlite_database(tmp_path)
    there = tmp_path / "there.db"
    with closing(sqlite3.connect(there)):
        there.touch()
    with pytest.raises(StoreError, match="overwrite"):
        backup(database, there)
    with pytest.raises(StoreError, match="cannot be written"):
        backup(database, tmp_path / "no such folder" / "copy.db")


@pytest.mark.xdist_group("postgresql")
def test_a_backup_of_postgresql_is_left_to_its_own_tools(tmp_path: Path) -> None:
    database = open_database(postgres_address())
    with pytest.raises(StoreAddressError, match="pg_dump"):
        backup(database, tmp_path / "copy.db")
    database.close()


@pytest.mark.parametrize("kind", KINDS)
def test_texts_kept_before_the_hints_come_back_as_they_were_and_the_hints_are_worked_out(
    kind: str, tmp_path: Path
) -> None:
    """A text of the tables before may hold U+001A, which is now the mark of an escape; reports of then have no hint."""
    database = empty(kind, tmp_path)
    migrate.upgrade(database)
    kept = keep(database)
    name = kept.submit().id
    kept.records.follow_policy()
    migrate.downgrade(database, "r0002")
    said = "Odd \x1a0000 and \x1a here."
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE report_version SET text = :said"), {"said": said})
    migrate.upgrade(database)
    found = kept.records.original(name, actor=RADIOLOGIST, audience="professional")
    assert isinstance(found, Original)
    assert found.report.text == said
    for state in ("embargoed", "held"):
        listed = kept.records.list(actor=RADIOLOGIST, state=state)
        assert [one.id for one in listed.reports] == ([name] if state == "embargoed" else []), "found without hints"
    assert kept.records.follow_policy() == 1, "the worker works the hints out anew"
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT standing FROM report")).scalar_one() == "embargoed"
        migrate_back = connection.execute(text("SELECT text FROM report_version")).scalar_one()
    assert migrate_back != said, "kept escaped"
    migrate.downgrade(database, "r0002")
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT text FROM report_version")).scalar_one() == said
    database.close()


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_hidden_stays_hidden_over_a_step_down_and_up(kind: str, tmp_path: Path) -> None:
    database = empty(kind, tmp_path)
    migrate.upgrade(database)
    kept = keep(database)
    name = kept.submit(report(TEXT)).id
    for _ in range(2):
        kept.records.hide(name, actor=RADIOLOGIST, item="s1", reason="x")
        kept.records.show_again(name, actor=RADIOLOGIST, item="s1", reason="x")
    kept.records.hide(name, actor=RADIOLOGIST, item="s2", reason="x")
    kept.records.tell_neutrally(name, actor=RADIOLOGIST, item="s2", reason="x")
    kept.records.tell_neutrally(name, actor=RADIOLOGIST, item="s6", reason="x")
    assert migrate.downgrade(database, "r0002") == "r0002"
    migrate.upgrade(database)
    chosen = kept.records.get(name, actor=RADIOLOGIST).chosen
    assert [(one.item, one.choice) for one in chosen] == [("s2", "hidden"), ("s6", "hidden")], (
        "less is told, never more"
    )
    database.close()
