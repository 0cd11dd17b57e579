"""`plainrad serve --workers 2`: two processes answer at one address with one set of figures, and a stop lets requests under way end."""

import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2
import pytest

from plainrad.access.build import make_access
from plainrad.access.memory import MemoryAccessStore
from plainrad.api.serve import _PASSED_ON, _prepared
from plainrad.errors import RateLimitedError
from plainrad.settings import Settings
from plainrad.store.seal import new_key
from tests.support.access import NOW

SECONDS = 150
BURST = 40


def free_port() -> int:
    """A port that is free, of those that no connection is given by itself meanwhile."""
    for port in random.SystemRandom().sample(range(20_000, 32_000), 100):
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise AssertionError("no port is free")


@contextmanager
def serving(folder: Path, *words: str) -> Iterator[tuple[str, subprocess.Popen[bytes], Path, dict[str, str]]]:
    """The program in a process of its own: its address, the process, its log, its environment."""
    (folder / "release.toml").write_text("excluded_exams = []\n", encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PLAINRAD_")} | {
        "PLAINRAD_DATABASE_URL": f"sqlite:///{folder}/plainrad.db", "PLAINRAD_KEYS": new_key(),
        "PLAINRAD_RELEASE_POLICY": str(folder / "release.toml"), "PYTHONPATH": os.pathsep.join(sys.path),
        "PLAINRAD_REQUESTS_PER_MINUTE": "1", "PLAINRAD_REQUESTS_BURST": str(BURST), "PLAINRAD_CACHE_DIR": os.environ["PLAINRAD_CACHE_DIR"],
    }  # fmt: skip
    port, log = free_port(), folder / "log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "plainrad.cli", "serve", "--port", str(port), *words],
            env=environment,
            stderr=written,
        )
    try:
        yield f"http://127.0.0.1:{port}", process, log, environment
    finally:
        process.kill() if process.poll() is None else None
        process.wait(30)


def wait_until(what: object, done: object) -> None:
    assert callable(done)
    for _ in range(SECONDS * 5):
        if done():
            return
        time.sleep(0.2)
    raise AssertionError(what)


def started(log: Path) -> int:
    return log.read_text(encoding="utf-8").count('"event": "ready"')


def test_the_workers_of_a_service_are_given_one_place_to_count_in(tmp_path: Path) -> None:
    """What each worker reads from the environment that `serve` leaves for it leads to the same buckets."""
    chosen = _prepared(Settings(workers=2, requests_per_minute=1, requests_burst=6), tmp_path)
    assert chosen.limits_dir is not None
    assert "limits_dir" in _PASSED_ON
    workers = [make_access(chosen, MemoryAccessStore(), secrets_of_site=[b"x" * 32], now=lambda: NOW) for _ in range(2)]
    for number in range(6):
        workers[number % 2].clients.take("client portal-one")
    for one in workers:
        one.sign_ins.take("client portal-one")  # another table: asking often is not guessing
        with pytest.raises(RateLimitedError):
            one.clients.take("client portal-one")
    (tmp_path / "alone").mkdir()
    assert _prepared(Settings(), tmp_path / "alone").limits_dir is None


@pytest.mark.heavy
def test_two_workers_share_reports_clients_and_figures(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "2") as (address, process, log, environment):
        wait_until("two workers are ready", lambda: started(log) >= 2)

        def run(*words: str) -> str:
            command = [sys.executable, "-m", "plainrad.cli", *words]
            return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.strip()

        run("clients", "add", "ris-one", "--organisation", "RXX")
        headers = {"authorization": f"Bearer {run('keys', 'add', 'ris-one')}"}
        with httpx2.Client(base_url=address, headers=headers, trust_env=False, timeout=60) as http:
            body = {"text": "No pneumothorax.", "status": "final", "report_id": "R1"}
            found = [http.post("/v1/reports", json=body, headers={"idempotency-key": f"k{n}"}).json() for n in range(8)]
            assert [one["outcome"] for one in found] == ["created"] + ["unchanged"] * 7
            assert http.get("/readyz").json()["database"] == "ready"
            figures = http.get("/metrics").text
            assert 'plainrad_reports_submitted_total{outcome="unchanged"} 7.0' in figures
            assert 'plainrad_requests_total{method="POST",route="/v1/reports",status="201"} 1.0' in figures
        came = [  # each over a connection of its own, so that both workers meet some
            httpx2.get(f"{address}/v1/reports", headers=headers, trust_env=False, timeout=60).status_code
            for _ in range(2 * BURST)
        ]
        used = 8 + 1  # reports and figures
        refilled = 10  # one a minute, on however busy a machine
        assert BURST - used <= came.count(200) <= BURST - used + refilled, "the workers count together"
        assert came.count(200) + came.count(429) == 2 * BURST
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) in (0, -signal.SIGTERM)
    lines = [line for line in log.read_text(encoding="utf-8").splitlines() if line.startswith("{")]
    assert {json.loads(line)["event"] for line in lines} <= {"ready", "request", "library_log"}


@pytest.mark.heavy
def test_a_stop_lets_a_report_that_is_under_way_be_kept_and_takes_no_new_one(tmp_path: Path) -> None:
    with serving(tmp_path) as (address, process, log, _):
        wait_until("the service is ready", lambda: started(log) >= 1)
        port = int(address.rpartition(":")[2])
        body = json.dumps({"text": "No pneumothorax.", "status": "final", "report_id": "R1"}).encode()
        head = f"POST /v1/reports HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        head += f"Idempotency-Key: k1\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        with socket.create_connection(("127.0.0.1", port), timeout=60) as under_way:
            under_way.sendall(head.encode() + body[:10])
            time.sleep(1)
            process.send_signal(signal.SIGTERM)
            wait_until("the door is shut", lambda: not reached(port))
            assert process.poll() is None, "it waits for what is under way"
            under_way.sendall(body[10:])
            answer = b"".join(iter(lambda: under_way.recv(65_536), b""))
        assert answer.startswith(b"HTTP/1.1 201"), answer[:100]
        assert process.wait(60) in (0, -signal.SIGTERM)
    kept = sqlite3.connect(tmp_path / "plainrad.db")
    assert kept.execute("SELECT count(*) FROM report").fetchone() == (1,)
    kept.close()


def reached(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


@pytest.mark.heavy
def test_a_database_of_another_version_is_said_at_the_start(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "plainrad.db")
    connection.execute("create table alembic_version (version_num varchar(32))")
    connection.execute("insert into alembic_version values ('r0000')")
    connection.commit()
    connection.close()
    with serving(tmp_path) as (_, process, log, _environment):
        assert process.wait(SECONDS) == 2
        assert "store_schema" in log.read_text(encoding="utf-8")
