"""A database and its unit of work: one writer at a time, everything or nothing, errors that say what to do.

On SQLite a unit begins with BEGIN IMMEDIATE, on PostgreSQL with an advisory lock: whoever is inside is alone, so numbers of versions
and of the audit have no gaps and no two versions are current. What takes long (explaining a report) is done before one begins.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from plainrad.errors import (
    CharactersError,
    ExtraMissingError,
    PlainradError,
    StoreAddressError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    StoreSchemaError,
    StoreUnavailableError,
)

__all__ = ["Database", "Session", "open_database", "translated"]

_LOCK = 7_026_111_721  # any number that nobody else locks
_ADDRESS = (
    "PLAINRAD_DATABASE_URL names no database that can be used: sqlite:////folder/plainrad.db, or "
    "postgresql://user@host/database."
)


@dataclass(frozen=True, slots=True)
class Database:
    """An engine, and how units of work are made with it."""

    engine: Engine = field(repr=False)
    url: URL = field(repr=False)

    @property
    def sqlite(self) -> bool:
        """Return True on SQLite."""
        return self.engine.dialect.name == "sqlite"

    @property
    def file(self) -> Path | None:
        """Return the file of an SQLite database."""
        return Path(self.url.database) if self.sqlite and self.url.database not in (None, "", ":memory:") else None

    @contextmanager
    def unit(self) -> Iterator[Session]:
        """Give a session that is alone in the database and commits at its end; raises StoreError when the database fails."""
        with translated(), self.engine.connect() as connection:
            _begin_alone(connection)
            with Session(connection, expire_on_commit=False, autoflush=True) as session:
                yield session
                session.flush()
                connection.commit()

    @contextmanager
    def rehearsal(self) -> Iterator[Session]:
        """Give a session like that of a unit, of which nothing is kept: to see what something would do."""
        with translated(), self.engine.connect() as connection:
            _begin_alone(connection)
            with Session(connection, expire_on_commit=False, autoflush=True) as session:
                yield session
                connection.rollback()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session for reading only, beside others."""
        with translated(), self.engine.connect() as connection, Session(connection) as session:
            connection.begin()
            if self.sqlite:
                connection.exec_driver_sql("BEGIN")  # one picture of the database for the whole reading
            yield session
            connection.rollback()

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _begin_alone(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.begin()
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.begin()
        connection.execute(text("SELECT pg_advisory_xact_lock(:name)"), {"name": _LOCK})


def open_database(address: str, *, wait_seconds: float = 15.0) -> Database:
    """Return the database at `address`; nothing is read yet. Raises StoreAddressError or ExtraMissingError."""
    try:
        url = make_url(address)
    except ArgumentError:
        raise StoreAddressError(_ADDRESS) from None
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "postgresql+psycopg"):
        raise StoreAddressError(_ADDRESS)
    try:
        return Database(_sqlite(url, wait_seconds) if url.drivername == "sqlite" else _postgres(url, wait_seconds), url)
    except NoSuchModuleError:
        raise StoreAddressError(_ADDRESS) from None
    except ImportError:
        raise ExtraMissingError("postgres") from None


def _sqlite(url: URL, wait_seconds: float) -> Engine:
    if url.database and url.database != ":memory:" and not Path(url.database).exists():
        _only_ours(Path(url.database))
    engine = create_engine(url, connect_args={"timeout": wait_seconds, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # we begin by ourselves: the driver would do it too late
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute(f"PRAGMA busy_timeout={int(wait_seconds * 1000)}")

    return engine


def _only_ours(file: Path) -> None:
    """Make the file before the database does, so that nobody else on this machine can read it."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError:
        raise StoreAddressError(_ADDRESS) from None


def _postgres(url: URL, wait_seconds: float) -> Engine:
    milliseconds = int(wait_seconds * 1000)
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_timeout=wait_seconds,
        pool_size=8,
        max_overflow=8,
        connect_args={
            "connect_timeout": max(2, int(wait_seconds)),
            "options": f"-c lock_timeout={milliseconds} -c idle_in_transaction_session_timeout=60000 -c timezone=UTC",
        },
    )


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the driver raises into a StoreError: its own words may hold what was sent."""
    try:
        yield
    except PoolTimeoutError:
        raise StoreBusyError from None
    except UnicodeEncodeError:
        raise CharactersError from None
    except DBAPIError as error:
        raise _meaning(error) from None


def _meaning(error: DBAPIError) -> PlainradError:
    said = str(error.orig).lower()
    if "nul (0x00)" in said:
        return CharactersError()
    state = getattr(error.orig, "sqlstate", None) or ""
    if "disk is full" in said or "no space" in said or state == "53100" or "disk i/o error" in said:
        return StoreFullError()
    if "locked" in said or "lock timeout" in said or state in ("55P03", "40P01", "40001"):
        return StoreBusyError()
    if "no such table" in said or "no such column" in said or state in ("42P01", "42703"):
        return StoreSchemaError()
    if (
        isinstance(error, OperationalError | InterfaceError)
        or error.connection_invalidated
        or state.startswith(("08", "57P"))
    ):
        return StoreUnavailableError()
    return StoreError(f"The database refused this ({type(error).__name__}). Nothing was changed.")
