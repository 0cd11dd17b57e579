"""How many reports a second the service takes, explains and keeps, and how long an answer takes at half that load.

    python -m benchmarks.bench_service [sqlite] [postgres]

The service runs as `plainrad serve --workers 2`; the callers are another process, on the same machine, so the figures are low rather than
high. Every report has other words: nothing is found in a cache. An answer counts when its report is on disk.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import httpx

from benchmarks.measure import example_reports, percentile, table, write
from plainrad.bootstrap import database
from plainrad.settings import Settings
from plainrad.store import migrate
from plainrad.store.engine import open_database
from plainrad.store.seal import new_key

WORKERS = 2
CALLERS = 8
SECONDS = float(os.environ.get("PLAINRAD_BENCH_SECONDS", "45"))
POLICY = 'excluded_exams = []\nexam_not_stated = "release"\n'


@dataclass(frozen=True)
class Running:
    """A service that runs, and how to come in."""

    address: str
    headers: dict[str, str]


@contextmanager
def service(url: str, folder: Path) -> Iterator[Running]:
    """Start the service on a database, with a client, and stop it at the end."""
    (folder / "release.toml").write_text(POLICY, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PLAINRAD_")} | {
        "PLAINRAD_DATABASE_URL": url, "PLAINRAD_KEYS": new_key(), "PLAINRAD_RELEASE_POLICY": str(folder / "release.toml"),
        "PLAINRAD_REQUESTS_PER_MINUTE": "1000000", "PLAINRAD_REQUESTS_BURST": "1000000", "PLAINRAD_THREADS": "16",
        "PLAINRAD_LOG_LEVEL": "error",
    }  # fmt: skip
    program = [sys.executable, "-m", "plainrad.cli"]

    def run(*words: str) -> str:
        return subprocess.run(
            [*program, *words], env=environment, check=True, capture_output=True, text=True
        ).stdout.strip()

    run("db", "upgrade")
    run("clients", "add", "bench", "--organisation", "RXX")
    key = run("keys", "add", "bench", "--days", "1")
    port = 20_000 + os.getpid() % 10_000
    process = subprocess.Popen(
        [*program, "serve", "--workers", str(WORKERS), "--port", str(port)], env=environment, stderr=subprocess.DEVNULL
    )
    try:
        _wait(f"http://127.0.0.1:{port}/readyz")
        yield Running(f"http://127.0.0.1:{port}", {"Authorization": f"Bearer {key}"})
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _wait(address: str) -> None:
    """Return when every worker has answered that it is ready: many times in a row."""
    good = 0
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310
                good = good + 1 if answer.status == 200 else 0
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            good = 0
        if good == 20:
            return
        time.sleep(0.1 if good else 0.5)
    raise SystemExit("the service did not become ready")


def body(number: int) -> dict[str, object]:
    """A report that nobody has sent before: an example with a sentence of its own."""
    reports = example_reports_once()
    report = reports[number % len(reports)]
    return {
        "text": f"{report.text}\nSeries {number}.", "status": "final", "report_id": f"R{number}", "accession": f"A{number}",
        "verified_at": "2026-11-20T10:00:00Z", "patient": {"nhs_number": "9990000018"},
        "exam": {"title": report.exam.title, "modality": report.exam.modality},
    }  # fmt: skip


_EXAMPLES = example_reports()


def example_reports_once() -> list:  # type: ignore[type-arg]
    """The example reports, read once."""
    return _EXAMPLES


@dataclass
class Measured:
    """What was seen."""

    seconds: float
    times: list[float]
    errors: int

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds


async def load(running: Running, *, start: int, seconds: float, every: float | None) -> Measured:
    """Send reports for a while: as fast as they are answered, or one `every` so many seconds whatever became of the one before."""
    times: list[float] = []
    errors = 0
    numbers = iter(range(start, start + 10_000_000))
    began = perf_counter()

    async with httpx.AsyncClient(
        headers=running.headers, timeout=60, limits=httpx.Limits(max_connections=64), trust_env=False
    ) as client:

        async def one() -> None:
            nonlocal errors
            number = next(numbers)
            sent = json.dumps(body(number))
            at = perf_counter()
            try:
                answer = await client.post(
                    f"{running.address}/v1/reports", content=sent,
                    headers={"Idempotency-Key": f"k{number}", "Content-Type": "application/json"},
                )  # fmt: skip
                good = answer.status_code == 201
            except httpx.HTTPError:
                good = False
            if good:
                times.append(perf_counter() - at)
            else:
                errors += 1

        async def caller() -> None:
            while perf_counter() - began < seconds:
                await one()

        if every is None:
            await asyncio.gather(*(caller() for _ in range(CALLERS)))
        else:
            tasks = set()
            for turn in range(int(seconds / every)):
                await asyncio.sleep(max(0.0, began + turn * every - perf_counter()))
                tasks.add(asyncio.create_task(one()))
            await asyncio.gather(*tasks)
    return Measured(perf_counter() - began, times, errors)


def row(name: str, url: str, folder: Path) -> list[object]:
    """Measure one database."""
    with service(url, folder) as running:
        asyncio.run(load(running, start=0, seconds=10, every=None))
        full = asyncio.run(load(running, start=1_000_000, seconds=SECONDS, every=None))
        half = asyncio.run(load(running, start=2_000_000, seconds=SECONDS, every=2 / full.rate))
    milliseconds = [one * 1000 for one in half.times]
    return [
        name, full.rate, full.errors, half.rate, *(percentile(milliseconds, share) for share in (50, 95, 99)), half.errors,
    ]  # fmt: skip


def main(wanted: list[str]) -> None:
    """Measure, and write benchmarks/results/service.md."""
    before = os.getloadavg()[0]
    rows: list[list[object]] = []
    if "sqlite" in wanted:
        with tempfile.TemporaryDirectory() as folder:
            url = f"sqlite:///{folder}/plainrad.db"
            database(Settings(database_url=url)).close()  # type: ignore[arg-type]
            rows.append(row("SQLite", url, Path(folder)))
    if "postgres" in wanted:
        from tests.support.databases import postgres_address

        url = postgres_address(migrated=False)
        opened = open_database(url)
        migrate.upgrade(opened)
        opened.close()
        with tempfile.TemporaryDirectory() as folder:
            rows.append(row("PostgreSQL", url, Path(folder)))
    head = [
        "database",
        "reports a second",
        "errors",
        "at half load: reports a second",
        "p50 ms",
        "p95 ms",
        "p99 ms",
        "errors at half load",
    ]
    write(
        "service",
        "The service: reports handed in, explained and kept",
        f"`plainrad serve --workers {WORKERS}`, {CALLERS} callers on the same machine, {SECONDS:.0f} s each; the database is there too. "
        f"Load of the machine before it began, by other programs: {before:.1f}.\n",
        table(head, rows),
    )


if __name__ == "__main__":
    main(sys.argv[1:] or ["sqlite", "postgres"])
