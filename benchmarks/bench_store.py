"""Reading among a million kept reports: list, read, patient version, submit.  python -m benchmarks.bench_store [REPORTS] [FOLDER]

A FOLDER keeps what was filled, so that it can be measured again. The rows are synthetic: invented texts and numbers, one annotation that a real reading made, the tables and indexes of the real store.
What is measured is the real thing, audit line and all.
"""

import hashlib
import json
import os
import random
import sqlite3
import sys
import tempfile
import uuid
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from benchmarks.measure import example_reports, percentile, table, write
from plainrad.bootstrap import plainrad
from plainrad.domain.patient import PatientReport
from plainrad.domain.people import NhsNumber, Patient
from plainrad.domain.records import Actor
from plainrad.domain.report import Report
from plainrad.domain.snapshot import to_values
from plainrad.formats.contract import to_schema
from plainrad.records.records import Records
from plainrad.records.room import Room
from plainrad.release.policy import ReleasePolicy
from plainrad.store import migrate, patients, reports
from plainrad.store.engine import open_database
from plainrad.store.seal import Vault, make_vault, new_key

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PORTAL = Actor("portal", "portal-one", "RXX", frozenset({"portal"}))
A_PATIENT = 5  # reports of one patient
MEASURED = 1_000
_BATCH = 10_000


def numbers() -> Iterator[NhsNumber]:
    """Yield NHS numbers of the range that belongs to nobody."""
    for first in range(900_000_000, 999_999_999):
        digits = str(first)
        check = (11 - sum(int(one) * weight for one, weight in zip(digits, range(10, 1, -1), strict=True)) % 11) % 11
        if check < 10:
            yield NhsNumber(f"{digits}{check}")


def fill(file: Path, count: int, vault: Vault, example: Report, explained: PatientReport) -> None:
    """Write `count` reports."""
    contract = zlib.compress(to_schema(explained).model_dump_json().encode())
    bare = replace(explained, report=replace(explained.report, text="-", patient=None))
    snapshot = zlib.compress(json.dumps(to_values(bare), separators=(",", ":")).encode())
    stated, provenance, known = json.dumps(reports.stated(example)), explained.provenance, 0
    chance = random.Random(11)
    found = numbers()
    with closing(sqlite3.connect(file, isolation_level=None)) as base:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-200000", "foreign_keys=OFF"):
            base.execute(f"PRAGMA {pragma}")
        base.execute("INSERT INTO organisation VALUES (1, 'RXX', NULL, '2024-01-01 00:00:00.000000')")

        def insert(name: str, rows: list[tuple[Any, ...]]) -> None:
            base.executemany(f"INSERT INTO {name} VALUES ({','.join('?' * len(rows[0]))})", rows)  # noqa: S608

        order: dict[str, list[str]] = {}
        for name in ("patient", "report", "report_version", "annotation"):
            order[name] = [row[1] for row in base.execute(f"PRAGMA table_info({name})")]

        def row(name: str, **values: Any) -> tuple[Any, ...]:
            return tuple(values.get(column) for column in order[name])

        for start in range(0, count, _BATCH):
            base.execute("BEGIN")
            people, rows, versions, notes = [], [], [], []
            for number in range(start + 1, min(start + _BATCH, count) + 1):
                if (number - 1) % A_PATIENT == 0:
                    nhs, public_id = next(found), str(uuid.UUID(int=chance.getrandbits(128)))
                    known += 1
                    key_id, sealed = vault.seal(to_values(Patient(nhs, family="Example")), row=public_id)
                    people.append(
                        row("patient", id=known, public_id=public_id, organisation_id=1, sealed=sealed, key_id=key_id,
                            blind_index=vault.index(patients.nhs_name(nhs)), created_at=text(NOW), updated_at=text(NOW))
                    )  # fmt: skip
                came = NOW - timedelta(minutes=(count - number) * 900 * 1440 / count)
                words = f"{example.text}\nReport {number}."
                rows.append(
                    row("report", id=number, public_id=str(uuid.UUID(int=chance.getrandbits(128))), organisation_id=1,
                        report_key=f"report:R{number}", report_id=f"R{number}", accession=f"A{number}", patient_id=known,
                        current=1, revision=1, received_at=text(came), updated_at=text(came), check_at=None)
                )  # fmt: skip
                versions.append(
                    row("report_version", id=number, report_id=number, number=1, text=words, status="final", patient_id=known,
                        sha256=hashlib.sha256(words.encode()).hexdigest(), stated=stated, exam_code="XTEST", exam_title="CT chest",
                        modality="CT", body_regions='["chest"]', verified_at=text(came), received_at=text(came), source="api",
                        out_of_order=0, explained_at=text(came), sensitive="[]", announced_at=text(came), episode=0)
                )  # fmt: skip
                notes.append(
                    row("annotation", version_id=number, contract=contract, snapshot=snapshot, plainrad=provenance.plainrad,
                        glossary=provenance.glossary, pipeline=provenance.pipeline, created_at=text(came))
                )  # fmt: skip
            for name, made in (
                ("patient", people),
                ("report", rows),
                ("report_version", versions),
                ("annotation", notes),
            ):
                if made:
                    insert(name, made)
            base.execute("COMMIT")
        base.execute("ANALYZE")


def text(moment: datetime) -> str:
    """Return a moment as SQLite keeps it."""
    return moment.replace(tzinfo=None).isoformat(" ", timespec="microseconds")


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
    first = records.list(actor=PORTAL, limit=200)
    ids = [one.id for one in first.reports]
    for _ in range(10):  # ids from everywhere, not only the newest
        found = records.list(actor=PORTAL, patient=chance.choice(known))
        ids += [one.id for one in found.reports]
    every = [
        one.id
        for nhs in chance.sample(known, 200)
        for one in records.list(actor=PORTAL, patient=nhs, audience="patient").reports
    ]
    serial = iter(range(10**9))

    def submit() -> None:
        number = next(serial)
        records.submit(replace(example, text=f"{example.text}\nNew {number}.", report_id=f"N{number}"), actor=PORTAL)

    return [
        timed(
            "list a patient's reports",
            lambda: records.list(actor=PORTAL, patient=chance.choice(known), audience="patient"),
        ),
        timed("list by accession", lambda: records.list(actor=PORTAL, accession=f"A{chance.randrange(1, count)}")),
        timed("list the newest 50", lambda: records.list(actor=PORTAL)),
        timed("list the newest 50 that are released", lambda: records.list(actor=PORTAL, state="released"), 200),
        timed("one report", lambda: records.get(chance.choice(every), actor=PORTAL)),
        timed(
            "patient version", lambda: records.patient_version(chance.choice(every), actor=PORTAL, audience="patient")
        ),
        timed("original", lambda: records.original(chance.choice(every), actor=PORTAL, audience="patient")),
        timed("submit (explained before)", submit, 300),
    ]


def main(count: int, folder: Path) -> None:
    """Fill a store and measure it."""
    example = replace(min(example_reports(), key=lambda one: abs(len(one.text) - 500)), verified_at=NOW)
    explained = plainrad().annotate(example)
    file, key = folder / "bench.db", folder / "bench.key"
    if not file.exists():
        key.write_text(new_key(), encoding="utf-8")
        database = open_database(f"sqlite:///{file}")
        migrate.upgrade(database)
        database.close()
        fill(file, count, make_vault([key.read_text(encoding="utf-8")]), example, explained)
    vault = make_vault([key.read_text(encoding="utf-8")])
    known = list(islice(numbers(), (count + A_PATIENT - 1) // A_PATIENT))
    database = open_database(f"sqlite:///{file}")
    policy = ReleasePolicy(excluded_exams=frozenset())
    records = Records(
        Room(
            database, policy, lambda report: replace(explained, report=report), vault, lambda: NOW + timedelta(days=60)
        )
    )
    rows = measure(records, known, count, example)
    size = file.stat().st_size / 1e9
    write(
        "store",
        "Reading among many kept reports",
        f"{count:,} reports of {len(known):,} patients on SQLite (WAL, synchronous FULL, an audit line for every reading); "
        f"the file has {size:.1f} GB. Load average of the machine while measuring: {os.getloadavg()[0]:.0f}. Milliseconds; the last column is processor time alone, without waiting for disk and neighbours.\n",
        table(["", "p50", "p95", "p99", "longest", "p95 processor"], rows),
    )
    database.close()


if __name__ == "__main__":
    chosen = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    if len(sys.argv) > 2:
        main(chosen, Path(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as made:
            main(chosen, Path(made))
