"""Each test of the records runs on SQLite and on a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from plainrad.store.engine import Database, open_database
from tests.support.databases import postgres_address, sqlite_database
from tests.support.keeping import Kept, keep


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql"))])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A new database with all tables."""
    made = sqlite_database(tmp_path) if request.param == "sqlite" else open_database(postgres_address())
    yield made
    made.close()


@pytest.fixture
def kept(database: Database) -> Kept:
    """Records in a new database, on a Tuesday."""
    return keep(database)
