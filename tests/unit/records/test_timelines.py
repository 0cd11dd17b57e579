"""Random stories: submit, correct, hold, lift, release, withdraw, wish, and the clock. The real thing never shows what the model does not.

PLAINRAD_TIMELINES=10000 plays so many (`make test-slow`), in parts, one for each process; a failure names its seed.
"""

import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from plainrad.store.engine import Database, open_database
from tests.support.databases import postgres_address, sqlite_database
from tests.support.keeping import Kept, explain_nothing, keep
from tests.support.play import POLICY, play

HOW_MANY = int(os.environ.get("PLAINRAD_TIMELINES", "150"))
FIRST = int(os.environ.get("PLAINRAD_TIMELINES_FROM", "0"))
PARTS = max(1, HOW_MANY // 100)
MEMORY = Path("/dev/shm")  # noqa: S108  files there are never written to a disk


def hurried(database: Database) -> Database:
    """The same database, not waiting for the disk: what is tested here is not what a power cut does."""
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA synchronous=OFF")
    return database


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: what is tested here is not the disk."""
    if not os.access(MEMORY, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="plainrad-") as made:
        yield Path(made)


@pytest.mark.timeout(6 * 3600)
@pytest.mark.parametrize("part", range(PARTS))
def test_it_is_never_visible_when_the_model_says_no_nor_hidden_when_it_says_yes(part: int, folder: Path) -> None:
    kept = keep(hurried(sqlite_database(folder)), policy=POLICY, explain=explain_nothing)
    seeds = range(FIRST + part, FIRST + HOW_MANY, PARTS)
    asked = sum(play(kept, seed=seed) for seed in seeds)
    assert asked >= 2 * len(seeds)
    assert kept.records.verify_audit()[0] > len(seeds)
    kept.database.close()


@pytest.mark.heavy
@pytest.mark.timeout(6 * 3600)
@pytest.mark.xdist_group("postgresql")
def test_the_same_on_postgresql() -> None:
    kept = keep(open_database(postgres_address()), policy=POLICY, explain=explain_nothing)
    for number in range(max(20, HOW_MANY // 50)):
        play(kept, seed=1_000_000 + number)
    kept.records.verify_audit()
    kept.database.close()


def test_a_story_notices_a_policy_that_is_a_day_too_short(tmp_path: Path) -> None:
    """The model would catch it: the test of the test."""
    kept: Kept = keep(hurried(sqlite_database(tmp_path)), policy=replace(POLICY, days=27), explain=explain_nothing)

    def tell() -> None:
        for number in range(300):
            play(kept, seed=number)

    with pytest.raises(AssertionError, match="seed"):
        tell()
