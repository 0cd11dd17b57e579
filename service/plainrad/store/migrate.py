"""Making and changing the tables (Alembic), and where a database stands."""

import warnings
from collections.abc import Callable
from functools import cache
from importlib import resources

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from plainrad.errors import StoreSchemaError
from plainrad.store import access_tables, audit_tables, board_tables, content_tables, tables
from plainrad.store.base import Base
from plainrad.store.engine import Database, translated

ALL_TABLES = (tables, audit_tables, access_tables, content_tables, board_tables)


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(resources.files("plainrad.store") / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database, revision: str = "head") -> str | None:
    """Bring the tables to `revision` and return where they stand."""
    return _run(database, lambda config: command.upgrade(config, revision))


def downgrade(database: Database, revision: str) -> str | None:
    """Take the tables back to `revision` ("base": to nothing) and return where they stand."""
    return _run(database, lambda config: command.downgrade(config, revision))


def _run(database: Database, work: Callable[[Config], None]) -> str | None:
    with translated(), warnings.catch_warnings(), database.engine.connect() as connection:
        warnings.simplefilter("ignore")
        if database.sqlite:
            # A table is changed by making a new one: nothing may fall with the old one meanwhile.
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.commit()
            connection.begin()
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        work(_config(connection))
        connection.commit()
        if database.sqlite:
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
        return _stands_at(connection)


def _stands_at(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def empty(database: Database) -> bool:
    """Return True for a database without any tables."""
    with translated(), database.engine.connect() as connection:
        found = inspect(connection).get_table_names()
        connection.rollback()
    return not found


@cache
def latest() -> str | None:
    """Return the revision that this version wants."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def check(database: Database) -> None:
    """Raise StoreSchemaError unless the tables are those of this version, or StoreError when the database does not answer."""
    with translated(), database.engine.connect() as connection:
        at = _stands_at(connection)
        connection.rollback()
    if at != latest():
        raise StoreSchemaError


def differences(database: Database) -> list[object]:
    """Return what the tables of the database and those of the code differ in: nothing, once upgraded."""
    with database.engine.connect() as connection:
        found = list(
            compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata)
        )
        connection.rollback()
    return found
