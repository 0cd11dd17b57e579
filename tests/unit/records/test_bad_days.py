"""Killed in the middle, many at once, no room, no database: nothing acknowledged is lost, nothing is told twice or early.

PLAINRAD_KILLS=200 kills so often (`make test-slow`).
"""

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from plainrad.domain.records import Actor
from plainrad.errors import (
    IdempotencyConflictError,
    StaleError,
    StoreBusyError,
    StoreError,
    StoreFullError,
    StoreUnavailableError,
)
from plainrad.store.engine import open_database
from tests.support.databases import postgres_address, postgres_server, sqlite_database, sqlite_file
from tests.support.keeping import PORTAL, RADIOLOGIST, Kept, explain_nothing, keep, report
from tests.support.reports import ROOT

KILLS = int(os.environ.get("PLAINRAD_KILLS", "5"))
Opener = Callable[..., Kept]


@pytest.fixture
def opened() -> Iterator[Opener]:
    """Opens records at an address, as a process of its own would, and closes them all at the end."""
    made: list[Kept] = []

    def open_kept(address: str, *, wait_seconds: float = 15.0, **options: Any) -> Kept:
        made.append(keep(open_database(address, wait_seconds=wait_seconds), explain=explain_nothing, **options))
        return made[-1]

    yield open_kept
    for one in made:
        one.database.close()


def address_of(kind: str, folder: Path) -> str:
    """The address of a new database."""
    return f"sqlite:///{sqlite_file(folder)}" if kind == "sqlite" else postgres_address()


KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql"))]


@contextmanager
def workers(address: str, acknowledged: Path) -> Iterator[Callable[[str, float], None]]:
    """Makes processes that submit: each is killed so many seconds after its first receipt."""
    command = [sys.executable, "-m", "tests.support.crash_worker", address, str(acknowledged)]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'service'}{os.pathsep}{ROOT}"}
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    asked, said = process.stdin, process.stdout

    def run_and_kill(name: str, after: float) -> None:
        asked.write(f"{name}\n")
        asked.flush()
        word, child = said.readline().split()
        assert word == "ready"
        time.sleep(after)
        os.kill(int(child), signal.SIGKILL)
        assert said.readline().split() == ["ended", str(-signal.SIGKILL)]

    with process:
        yield run_and_kill
        asked.close()


@pytest.mark.heavy
@pytest.mark.timeout(4 * 3600)
@pytest.mark.parametrize("kind", KINDS)
def test_killed_in_the_middle_nothing_acknowledged_is_lost_and_nothing_is_told_twice(
    kind: str, tmp_path: Path, opened: Opener
) -> None:
    address, acknowledged, chance = address_of(kind, tmp_path), tmp_path / "acknowledged", random.Random(7)
    with workers(address, acknowledged) as run_and_kill:
        for number in range(KILLS):
            run_and_kill(f"run{number}", chance.uniform(0.0, 0.7))
    kept = opened(address)
    lines = [line.split() for line in acknowledged.read_text(encoding="utf-8").splitlines() if line.count(" ") == 3]
    assert len(lines) >= KILLS
    for report_id, count, version, sha256 in lines:
        found = kept.records.original(report_id, actor=RADIOLOGIST, audience="professional", version=int(version))
        assert found.sha256 == sha256  # type: ignore[union-attr]
        assert kept.visible(report_id) == (int(count) % 2 == 0)
    while kept.records.announce():
        pass
    told = Counter(one.object_id for one in kept.records.audit() if one.action == "release_announced")
    assert set(told.values()) == {1}
    early = {report_id for report_id, count, *_ in lines if int(count) % 2}
    assert not early & set(told)
    assert {report_id for report_id, count, *_ in lines if int(count) % 2 == 0} <= set(told)
    kept.records.verify_audit()


@pytest.mark.parametrize("kind", KINDS)
def test_two_corrections_at_once_are_two_versions_and_one_of_them_is_current(
    kind: str, tmp_path: Path, opened: Opener
) -> None:
    address = address_of(kind, tmp_path)
    first = opened(address).submit()

    def correct(number: int) -> int:
        kept = opened(address)
        return int(kept.submit(report(f"Correction {number}.", verified_at=kept.clock())).version)

    with ThreadPoolExecutor(8) as pool:
        given = sorted(pool.map(correct, range(16)))
    assert given == list(range(2, 18))
    kept = opened(address)
    assert [one.number for one in kept.records.versions(first.id, actor=RADIOLOGIST)] == list(range(1, 18))
    assert sum(one.current for one in kept.records.versions(first.id, actor=RADIOLOGIST)) == 1
    kept.records.verify_audit()


@pytest.mark.parametrize("kind", KINDS)
def test_one_key_sent_by_many_at_once_keeps_once(kind: str, tmp_path: Path, opened: Opener) -> None:
    address = address_of(kind, tmp_path)
    kept = opened(address)

    def send(number: int) -> str:
        try:
            return str(kept.submit(report(f"Text {number % 2}.", report_id=f"R{number % 2}"), key="one key").id)
        except IdempotencyConflictError:
            return "conflict"

    with ThreadPoolExecutor(8) as pool:
        given = Counter(pool.map(send, range(16)))
    assert sorted(given.values()) == [8, 8]
    assert given["conflict"] == 8
    assert len(kept.records.list(actor=PORTAL).reports) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_many_who_decide_at_once_on_what_they_have_read_decide_one_after_the_other(
    kind: str, tmp_path: Path, opened: Opener
) -> None:
    address = address_of(kind, tmp_path)
    kept = opened(address)
    name = kept.submit().id
    seen = kept.records.get(name, actor=RADIOLOGIST).revision

    def decide(number: int) -> bool:
        actor = Actor("staff", f"radiologist-{number}", "RXX", frozenset({"radiologist"}))
        try:
            kept.records.approve(name, actor=actor, revision=seen)
        except StaleError:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(decide, range(12))) == 1
    kept.records.verify_audit()


@pytest.mark.parametrize("kind", KINDS)
def test_workers_side_by_side_announce_each_release_once(kind: str, tmp_path: Path, opened: Opener) -> None:
    address = address_of(kind, tmp_path)
    kept = opened(address)
    for number in range(12):
        kept.submit(report(f"Text {number}.", report_id=f"R{number}"))
    kept.clock.on(days=40)

    def announce(_: int) -> int:
        return opened(address, clock=kept.clock).records.announce()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(announce, range(8))) == 12


# ---- the disk and the server -----------------------------------------------------------------------------------------


def test_a_disk_that_is_full_is_said_and_what_was_kept_is_whole(tmp_path: Path, opened: Opener) -> None:
    kept = keep(sqlite_database(tmp_path), explain=explain_nothing)
    first = kept.submit()
    with kept.database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")
        connection.commit()
        connection.detach()
        full = _with(kept, connection.connection)

        def fill() -> None:
            for number in range(50):
                full.submit(report(f"{number} " * 5_000, report_id=f"R{number}"))

        with pytest.raises(StoreFullError, match="no room"):
            fill()
    again = opened(kept.database.url.render_as_string())
    assert again.records.get(first.id, actor=PORTAL).version == 1
    again.records.verify_audit()
    assert again.submit(report("Room again.", report_id="R99")).outcome == "created"


def _with(kept: Kept, raw: object) -> Kept:
    """The same records on one connection that has a limit."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    from plainrad.store.engine import Database

    driver = raw.dbapi_connection  # type: ignore[attr-defined]
    engine = create_engine("sqlite://", creator=lambda: driver, poolclass=StaticPool)
    return keep(Database(engine, kept.database.url), explain=explain_nothing)


def test_a_file_that_may_grow_no_further_is_said(tmp_path: Path, opened: Opener) -> None:
    """The same from outside: the operating system refuses (EFBIG behaves as a full disk does)."""
    file = sqlite_file(tmp_path)
    code = f"""
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from plainrad.errors import StoreError
from plainrad.store.engine import open_database
from tests.support.keeping import explain_nothing, keep, report
kept = keep(open_database("sqlite:///{file}"), explain=explain_nothing)
kept.submit()
resource.setrlimit(resource.RLIMIT_FSIZE, ({file.stat().st_size + 200_000}, resource.RLIM_INFINITY))
try:
    for number in range(400):
        kept.submit(report(f"{{number}} " * 3_000, report_id=f"R{{number}}"))
except StoreError as error:
    print(error.code)
"""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'service'}{os.pathsep}{ROOT}"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "store_full", done.stderr
    kept = opened(f"sqlite:///{file}")
    kept.records.verify_audit()
    assert kept.submit(report("Room again.", report_id="R9999")).outcome == "created"
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY


def test_a_database_that_others_keep_for_too_long_is_said(tmp_path: Path, opened: Opener) -> None:
    file = sqlite_file(tmp_path)
    kept = opened(f"sqlite:///{file}", wait_seconds=0.2)
    with open_database(f"sqlite:///{file}").unit(), pytest.raises(StoreBusyError, match="busy"):
        kept.submit()
    assert kept.submit().outcome == "created"


@pytest.mark.xdist_group("postgresql")
def test_a_database_that_is_gone_is_said_and_used_again_when_it_is_back(opened: Opener) -> None:
    address = postgres_address()
    kept = opened(address, wait_seconds=2)
    first = kept.submit()
    _cut(address, allow=False)
    with pytest.raises(StoreUnavailableError, match="cannot be reached"):
        kept.submit(report("Other.", report_id="R2"))
    with pytest.raises(StoreError):
        kept.patient(first.id)
    _cut(address, allow=True)
    assert kept.submit(report("Other.", report_id="R2")).outcome == "created"
    kept.records.verify_audit()


def _cut(address: str, *, allow: bool) -> None:
    """Close every connection to a database, and let new ones in or not."""
    from sqlalchemy import create_engine, make_url, text

    server = postgres_server()
    assert server is not None
    name = make_url(address).database
    engine = create_engine(make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS {str(allow).lower()}"))
        if not allow:
            connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name}
            )
    engine.dispose()
