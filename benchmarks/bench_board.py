"""The pages of staff among many reports and entries.  python -m benchmarks.bench_board [REPORTS] [sqlite|postgresql]

The rows are made by the database itself: invented, with everything that the pages of many reports look at. What is measured is the whole
answer, template and audit line and all, as a browser on this machine gets it; processor time leaves out disk and neighbours.
"""

import json
import os
import re
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time

from fastapi.testclient import TestClient
from sqlalchemy import text

from benchmarks.measure import percentile, table, write
from plainrad import bootstrap
from plainrad.api.app import create_app
from plainrad.domain.authoring import ContentVersion
from plainrad.domain.report import Exam, Report, ReportStatus
from plainrad.formats.contract import to_schema
from plainrad.log import make_log
from plainrad.settings import Settings
from plainrad.store import migrate, reports, shelves
from plainrad.store.annotations import add_annotation, pack
from plainrad.store.engine import Database, open_database
from plainrad.store.tables import VersionRow

ROUNDS = 30
ENTRIES = 10_000
NOTES, WORDS = 2_000, 5_000
DEMO = "DEMO"

_SERIES = {
    "sqlite": "(WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < {count}) SELECT i FROM s) t",
    "postgresql": "(SELECT i FROM generate_series(1, {count}) AS g(i)) t",
}
_ID = {
    "sqlite": "printf('%08x-0000-4000-8000-000000000000', i)",
    "postgresql": "lpad(to_hex(i), 8, '0') || '-0000-4000-8000-000000000000'",
}
_MOMENT = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', :now, '-' || (({count} - i) * 129600 / {count}) || ' minutes'{more})",
    "postgresql": "CAST(:now AS timestamptz) - make_interval(mins => (({count} - i) * 129600.0 / {count})::int){more}",
}
_LATER = {"sqlite": ", '+28 days'", "postgresql": " + interval '28 days'"}
_SHELF = "CASE WHEN i % 500 = 0 THEN 'retracted' WHEN i % 100 = 0 THEN 'held' WHEN ({count} - i) * 90.0 / {count} < 28 THEN 'embargoed' ELSE 'released' END"
_ROWS = (
    "INSERT INTO organisation (id, code, created_at) VALUES (1, 'DEMO', :now)",
    "INSERT INTO report (id, public_id, organisation_id, report_key, report_id, accession, current, revision, received_at, updated_at) "
    "SELECT i, {id}, 1, 'report:R' || i, 'R' || i, 'A' || i, 1, 1, {moment}, {moment} FROM {series}",
    "INSERT INTO report_version (id, report_id, number, text, sha256, status, stated, exam_title, modality, body_regions, verified_at, "
    "received_at, source, out_of_order, explained_at, sensitive, withdrawn_at, episode) "
    "SELECT i, i, 1, :text, 'x', 'final', {stated}, 'XR Hand', 'XR', '[\"limb\"]'{json}, {moment}, {moment}, 'api', {no}, {moment}, "
    "CASE WHEN i % 50 = 0 THEN '[\"cancer\"]'{json} ELSE '[]'{json} END, CASE WHEN i % 500 = 0 THEN {moment} END, 0 FROM {series}",
    "INSERT INTO hold (id, report_id, kind, reason, placed_by, placed_at) SELECT i, i, 'clinical', 'x', 'x', {moment} FROM {series} WHERE i % 100 = 0",
    "INSERT INTO report_shelf (report_id, organisation_id, shelf, look, flagged, available_from, flags) SELECT i, 1, {shelf}, "
    "i % 50 = 0 AND i % 500 <> 0 AND ({count} - i) * 90.0 / {count} < 28, i % 40 = 0 AND i % 500 <> 0, {later}, "
    "CASE WHEN i % 40 = 0 THEN '[\"laterality_discrepancy\"]'{json} ELSE '[]'{json} END FROM {series}",
)  # fmt: skip
_MORE = (
    "INSERT INTO note (id, public_id, report_id, version, kind, text, by, at, for_patient) SELECT i, {id}, i, 1, "
    "CASE WHEN i % 2 = 0 THEN 'reading_wrong' ELSE 'worried' END, 's1: It is not there.', 'x', :now, {no} FROM {series}",
    "INSERT INTO work_item (id, organisation_id, queue, note_id, state) SELECT i, 1, CASE WHEN i % 2 = 0 THEN 'reading_wrong' ELSE 'feedback' END, "
    "i, 'open' FROM {series}",
)
_MISSING = "INSERT INTO missing_word (organisation_id, word, state, reports, first_at, last_at) SELECT 1, 'zorb' || i, 'open', i, :now, :now FROM {series}"
_TALLIES = (
    "INSERT INTO tally (organisation_id, kind, period, name, count) SELECT 1, k.kind, y.year, 'term-' || i, i "
    "FROM {series}, (SELECT 'term' AS kind UNION SELECT 'shown') k, (SELECT '{this}' AS year UNION SELECT '{last}') y"
)


def fill(database: Database, count: int, now: datetime) -> None:
    """Write the rows."""
    kind = "sqlite" if database.sqlite else "postgresql"
    moment = _MOMENT[kind].format(count=count, more="")
    later = _MOMENT[kind].format(count=count, more=_LATER[kind])
    shelf = _SHELF.format(count=count)
    known = {"id": _ID[kind], "moment": moment, "later": later, "shelf": shelf, "count": count, "this": now.year, "last": now.year - 1, "no": "0" if database.sqlite else "false", "json": "" if database.sqlite else "::json", "stated": ":stated" if database.sqlite else "CAST(:stated AS json)"}  # fmt: skip
    example = Report(
        "Findings: Small left pleural effusion. No fracture.", ReportStatus.FINAL, Exam("XR Chest", "XR", ("chest",))
    )
    explained = bootstrap.plainrad().annotate(example)
    packed = pack(explained, contract=to_schema(explained).model_dump_json().encode())
    with database.unit() as session:
        given = {
            "now": now.replace(tzinfo=None).isoformat(" ") if database.sqlite else now, "text": example.text,
            "stated": json.dumps(reports.stated(example)),
        }  # fmt: skip
        for statements, number in ((_ROWS, count), (_MORE, NOTES), ((_MISSING,), WORDS), ((_TALLIES,), ENTRIES // 2)):
            series = _SERIES[kind].format(count=number)
            for one in statements:
                statement = one.format(series=series, **known)
                used = {name: value for name, value in given.items() if f":{name}" in statement}
                session.execute(text(re.sub(r"::(int|json)\b", r"\\:\\:\1", statement)), used)
        if not database.sqlite:
            for name in ("note", "work_item", "report", "report_version", "hold"):
                session.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {count} + {NOTES})"))
        for number in range(1, NOTES + 1):
            row = session.get_one(VersionRow, number)
            add_annotation(session, row, packed, now=now)
        shelves.recount(session)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def entries(database: Database, chosen: Settings, now: datetime) -> int:
    """Publish invented entries until there are ten thousand, and return how many there are."""
    store = bootstrap.content_store(chosen, database)
    content = bootstrap.authoring_desk(chosen, store).current()
    placed = next(iter(content.entries.values()))
    entry = placed.entry.model_dump(mode="json")
    missing = max(0, ENTRIES - len(content.entries))
    overlay = {
        f"bench-{number}": {
            "path": "terms/general/bench.toml",
            "entry": entry | {"id": f"bench-{number}", "term": f"bench word {number}", "forms": [], "abbreviations": [], "sense": []},
        }
        for number in range(missing)
    }  # fmt: skip
    with store.unit() as unit:
        unit.add_version(ContentVersion(1, now, "bench", "", overlay))
    return len(content.entries) + missing


PAGES = (
    ("approver", "work list, all", "/staff/reports"),
    ("approver", "work list, waiting for a look", "/staff/reports?state=look"),
    ("approver", "work list, flagged", "/staff/reports?state=flagged"),
    ("approver", "work list, held", "/staff/reports?state=held"),
    ("approver", "work list, releasing soon", "/staff/reports?state=soon"),
    ("approver", "work list, released", "/staff/reports?state=released"),
    ("approver", "work list, by accession", "/staff/reports?accession=A777"),
    ("approver", "queues", "/staff/queues"),
    ("approver", "queue of words (5,000)", "/staff/queues/words"),
    ("approver", "queue of readings (1,000)", "/staff/queues/wrong"),
    ("approver", "queue of feedback (1,000)", "/staff/queues/feedback"),
    ("approver", "queue of links", "/staff/queues/links"),
    ("approver", "queue of entries", "/staff/queues/entries"),
    ("approver", "dashboard", "/staff/dashboard"),
    ("approver", "glossary, all", "/staff/glossary"),
    ("approver", "glossary, searched", "/staff/glossary?q=effusion"),
    ("approver", "glossary, the last page", "/staff/glossary?page=200"),
    ("approver", "one entry", "/staff/glossary/entries/pleural-effusion"),
)


def measure(client: TestClient, address: str) -> list[object]:
    """Return p50, p95 and the longest in milliseconds, and p50 and p95 of the time of the processor alone."""
    taken, computed = [], []
    for number in range(ROUNDS + 3):
        began, used = perf_counter(), process_time()
        answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address} answers {answer.status_code}")
        if number >= 3:
            taken.append((perf_counter() - began) * 1000)
            computed.append((process_time() - used) * 1000)
    return [
        percentile(taken, 50),
        percentile(taken, 95),
        max(taken),
        percentile(computed, 50),
        percentile(computed, 95),
    ]


def main(count: int, kind: str, folder: Path) -> None:
    """Fill a store and measure the pages."""
    address = f"sqlite:///{folder}/board.db"
    if kind == "postgresql":
        from tests.support.databases import postgres_address

        address = postgres_address(migrated=False)
    now = datetime.now(UTC).replace(microsecond=0)
    chosen = Settings(database_url=address, demo=True, requests_burst=100_000)  # type: ignore[arg-type]
    database = open_database(address)
    migrate.upgrade(database)
    began = perf_counter()
    fill(database, count, now)
    known = entries(database, chosen, now - timedelta(days=1))
    sys.stderr.write(f"Filled in {perf_counter() - began:.0f} s.\n")
    app = create_app(None, chosen, log=make_log(level="error"), content=bootstrap.content_store(chosen, database))
    app.state.engine.install(bootstrap.plainrad())
    app.state.records = bootstrap.records(chosen, explain=app.state.engine.annotate, kept_in=database)
    client = TestClient(
        app, base_url="https://127.0.0.1", client=("127.0.0.1", 50_000), headers={"accept": "text/html"}
    )
    token = re.search(r'name="csrf" value="([^"]+)"', client.get("/staff/sign-in").text)
    if token is None:
        raise SystemExit("Nobody can sign in.")
    client.post("/staff/sign-in", data={"csrf": token[1], "demo_role": "approver"})
    rows: list[list[object]] = [[name, *measure(client, page)] for _, name, page in PAGES]
    write(
        f"board-{kind}" if kind != "sqlite" else "board",
        f"The pages of staff among many reports and entries, on {'SQLite' if database.sqlite else 'PostgreSQL'}",
        f"{count:,} reports, {known:,} entries, {NOTES:,} open notes, {WORDS:,} missing words; the whole answer, in milliseconds "
        f"({ROUNDS} times each). Load average of the machine while measuring: {os.getloadavg()[0]:.0f}.\n",
        table(["page", "p50", "p95", "longest", "p50 processor", "p95 processor"], rows),
    )
    database.close()


if __name__ == "__main__":
    with ExitStack() as stack:
        made = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, sys.argv[2] if len(sys.argv) > 2 else "sqlite", made)
