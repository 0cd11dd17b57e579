"""Bad days as a portal meets them: the database is gone, the disk is full, clocks differ. Each answer says so, and nothing is lost."""

import gc
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import create_engine, event, make_url, text

from plainrad.bootstrap import Plainrad
from plainrad.errors import StoreUnavailableError
from plainrad.log import make_log
from plainrad.records.worker import Worker
from plainrad.store import migrate
from tests.support.access import assertion, claims, form
from tests.support.databases import postgres_address, postgres_server
from tests.support.kept import Kept, kept_service

URL = "/v1/reports"


@contextmanager
def cut(address: str) -> Iterator[None]:
    """The database is gone: every connection is closed and no new one is let in."""
    server, name = postgres_server(), make_url(address).database
    assert server is not None
    engine = create_engine(make_url(server).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    end = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
    try:
        with engine.connect() as connection:
            connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
            connection.execute(end, {"name": name})
        yield
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
        engine.dispose()
        with (
            warnings.catch_warnings()
        ):  # connections that the server ended were never closed: they go here, not in another test
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()


@pytest.mark.xdist_group("postgresql")
def test_a_database_that_is_gone_for_a_while_is_said_by_every_route_and_then_all_goes_on(
    plainrad: Plainrad, tmp_path: Path
) -> None:
    address = postgres_address()
    with kept_service(plainrad, tmp_path, url=address) as kept:
        kept.service.app.state.reach = lambda: migrate.check(kept.database)
        first, bearer = kept.submit().json()["id"], kept.bearer()
        with cut(address):
            for method, path in (
                ("GET", URL), ("GET", f"{URL}/{first}"), ("GET", f"{URL}/{first}/patient-version"), ("GET", "/readyz"),
            ):  # fmt: skip
                answer = kept.http.request(method, path, headers=bearer)
                assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable"), path
                assert int(answer.headers["retry-after"]) >= 1
            assert kept.submit("key-2", report_id="R2").status_code == 503
            assert kept.http.get("/healthz").status_code == 200
            assert kept.service.client.get("/metrics").status_code == 200
        again = kept.submit("key-2", report_id="R2")
        assert (again.status_code, again.json()["outcome"]) == (201, "created")
        assert kept.http.get("/readyz").status_code == 200
        kept.records.verify_audit()


@pytest.mark.xdist_group("postgresql")
def test_a_worker_waits_for_its_database_and_then_announces_once(plainrad: Plainrad, tmp_path: Path) -> None:
    address = postgres_address()
    with kept_service(plainrad, tmp_path, url=address) as kept:
        name = kept.submit().json()["id"]
        worker = Worker(kept.records, make_log())
        worker.once()
        stop = Event()
        with cut(address):
            kept.clock.on(days=40)
            with pytest.raises(StoreUnavailableError):
                worker.once()
            thread = Thread(target=worker.run, args=(stop,), kwargs={"pause": 0.05})
            thread.start()
            time.sleep(0.3)
            assert thread.is_alive()
        until = time.monotonic() + 60
        while time.monotonic() < until and not told(kept, name):
            time.sleep(0.1)
        stop.set()
        thread.join(60)
        assert not thread.is_alive()
        assert told(kept, name) == 1


def told(kept: Kept, name: str) -> int:
    return sum(one.action == "release_announced" for one in kept.records.audit(report_id=name))


@pytest.fixture
def kept(plainrad: Plainrad, tmp_path: Path) -> Iterator[Kept]:
    with kept_service(plainrad, tmp_path) as found:
        yield found


def test_a_full_disk_is_said_nothing_is_acknowledged_and_then_all_goes_on(kept: Kept) -> None:
    first = kept.submit().json()["id"]

    def no_more_pages(connection: Any, _: Any) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages + 1}")

    event.listen(kept.database.engine, "connect", no_more_pages)
    kept.database.engine.dispose()
    statuses = []
    for number in range(30):
        answer = kept.submit(f"big-{number}", report_id=f"B{number}", text=f"No effusion {number}. " * 2_000)
        statuses.append(answer.status_code)
        if answer.status_code == 503:
            assert answer.json()["code"] == "store_full"
            assert "effusion" not in answer.text
            break
    assert statuses[-1] == 503
    event.remove(kept.database.engine, "connect", no_more_pages)
    kept.database.engine.dispose()
    assert kept.submit("big-again", report_id="B-again").status_code == 201
    assert kept.http.get(f"{URL}/{first}", headers=kept.bearer()).status_code == 200
    acknowledged = statuses.count(201) + 2
    found = kept.http.get(f"{URL}?limit=200", headers=kept.bearer()).json()["reports"]
    assert len(found) == acknowledged
    kept.records.verify_audit()


# ---- clocks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("seconds", "status"), [(0, 200), (55, 200), (-55, 200), (90, 401), (-400, 401)])
def test_a_client_whose_clock_is_a_little_wrong_comes_in_and_one_that_is_far_off_does_not(
    kept: Kept, seconds: int, status: int
) -> None:
    theirs = kept.clock() + timedelta(seconds=seconds)
    sent = form(assertion(claims(now=theirs, aud=kept.access.token_address)))
    assert kept.http.post("/oauth2/token", data=sent).status_code == status


@pytest.mark.parametrize(("minutes", "state"), [(0, "embargoed"), (50, "embargoed"), (61, "held"), (60 * 24, "held")])
def test_a_verification_time_a_little_ahead_is_a_clock_and_one_far_ahead_is_held(
    kept: Kept, minutes: int, state: str
) -> None:
    ahead = (kept.clock() + timedelta(minutes=minutes)).isoformat()
    answer = kept.submit(f"k{minutes}", report_id=f"R{minutes}", verified_at=ahead)
    assert answer.json()["release"]["state"] == state


def test_a_clock_that_goes_back_takes_back_what_it_gave_and_tells_so_once(kept: Kept) -> None:
    """A server whose clock was a month ahead is put right: what is not due yet is not given, and comes when it is due."""
    name = kept.submit().json()["id"]
    kept.clock.on(days=29)
    kept.records.announce()
    assert kept.http.get(f"{URL}/{name}/patient-version", headers=kept.bearer()).status_code == 200
    kept.clock.on(days=-10)
    assert kept.http.get(f"{URL}/{name}/patient-version", headers=kept.bearer()).status_code == 403
    kept.records.announce()
    kept.clock.on(days=10)
    assert kept.http.get(f"{URL}/{name}/patient-version", headers=kept.bearer()).status_code == 200
    kept.records.verify_audit()


def test_the_hour_that_comes_twice_lets_nothing_out_early_and_breaks_no_token(kept: Kept) -> None:
    """The clocks of London go back on 25 October 2026 at 02:00 BST; the service counts in UTC."""
    kept.clock.at = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 01:30 BST, the first of two
    bearer = kept.bearer()
    kept.clock.on(minutes=4)
    assert kept.http.get(URL, headers=bearer).status_code == 200
    kept.clock.at = datetime(2026, 10, 25, 1, 31, tzinfo=UTC)  # 01:31 GMT, the second
    assert kept.http.get(URL, headers=bearer).status_code == 401, "an hour has passed, whatever the wall says"
    made = kept.submit("dst", report_id="DST", verified_at="2026-09-27T01:30:00+01:00").json()
    assert made["release"]["available_from"] == "2026-10-26T09:00:00Z"
    kept.clock.at = datetime(2026, 10, 26, 8, 59, 59, tzinfo=UTC)
    assert kept.http.get(f"{URL}/{made['id']}/patient-version", headers=kept.bearer()).status_code == 403
    kept.clock.on(seconds=1)
    assert kept.http.get(f"{URL}/{made['id']}/patient-version", headers=kept.bearer()).status_code == 200
