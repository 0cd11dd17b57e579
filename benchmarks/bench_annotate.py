"""Speed of one report and of many, time to start, memory.  python -m benchmarks.bench_annotate"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.measure import example_reports, memory_mb, percentile, real_reports, table, write
from plainrad.bootstrap import Plainrad, plainrad
from plainrad.domain.report import Report
from plainrad.formats.contract import to_json
from plainrad.render import render_html

NOTHING = {"`python -c pass`, to compare": "pass", "import plainrad.bootstrap": "import plainrad.bootstrap"}
READY = "from plainrad.bootstrap import plainrad; plainrad()"
# The libraries are imported before the clock starts.
LOAD = (
    "from time import perf_counter as wall, process_time as cpu; import plainrad.bootstrap as b, spacy; s = b.settings(); "
    "began = wall(), cpu(); b.build(s); print(wall() - began[0], cpu() - began[1])"
)
ROUNDS = 5


def one_at_a_time(explainer: Plainrad, reports: list[Report]) -> list[list[object]]:
    """Return rows of reports a second and of p50 and p95 for one report, for reading alone, JSON and the page."""
    stages: dict[str, Callable[[Report], object]] = {
        "read": explainer.reader.read,
        "read + explain": explainer.annotate,
        "read + explain + JSON text": lambda report: json.dumps(to_json(explainer.annotate(report))),
        "read + explain + page": lambda report: render_html(explainer.annotate(report)),
    }
    rows: list[list[object]] = []
    for name, work in stages.items():
        for report in reports[:10]:
            work(report)
        taken = []
        for report in reports:
            began = perf_counter()
            work(report)
            taken.append((perf_counter() - began) * 1000)
        rate = len(taken) / (sum(taken) / 1000)
        rows.append([name, rate, percentile(taken, 50), percentile(taken, 95), max(taken)])
    return rows


def start_times() -> list[list[object]]:
    """Return rows of the time from nothing to ready, in fresh processes: the first of them, and the best of five more.

    "From the files" keeps nothing between them; "from what was kept" is after one start that kept it.
    """
    rows = [[name, *_taken(lambda code=code: _run(code))] for name, code in NOTHING.items()]  # type: ignore[misc]
    with TemporaryDirectory() as folder:
        for name, kept in (
            ("from the files", {"PLAINRAD_CACHE": "false"}),
            ("from what was kept", {"PLAINRAD_CACHE_DIR": folder}),
        ):
            _run(READY, **kept)
            rows.append([f"ready to annotate, {name}", *_taken(lambda kept=kept: _run(READY, **kept))])  # type: ignore[misc]
            alone = [[float(one) * 1000 for one in _run(LOAD, **kept).split()] for _ in range(ROUNDS + 1)]
            for place, clock in enumerate(("", ", processor time")):
                first, *again = [times[place] for times in alone]
                rows.append([f"glossary, phrases, rules and matcher alone, {name}{clock}", first, min(again)])
    return rows


def _taken(work: Callable[[], object]) -> tuple[float, float]:
    """Return the milliseconds of the first call and of the best of five more."""
    taken = []
    for _ in range(ROUNDS + 1):
        began = perf_counter()
        work()
        taken.append((perf_counter() - began) * 1000)
    return taken[0], min(taken[1:])


def _run(code: str, **chosen: str) -> str:
    environment = {"PATH": "", "PYTHONPATH": str(Path("service").resolve()), **chosen}
    return subprocess.run(
        [sys.executable, "-c", code], check=True, env=environment, capture_output=True, text=True
    ).stdout


def main() -> None:
    """Measure, and write benchmarks/results/annotate.md."""
    before = memory_mb()
    explainer = plainrad()
    ready = memory_mb()
    examples, real = example_reports(), real_reports()
    head = ["what", "reports a second", "p50 ms", "p95 ms", "slowest ms"]
    parts = [
        f"Glossary {explainer.glossary.version}: {len(explainer.glossary.terms):,} entries, "
        f"{len(explainer.glossary.forms):,} forms.\n",
        f"## {len(examples)} example reports, five times each ({mean_words(examples)} words on average)\n",
        table(head, one_at_a_time(explainer, examples * 5)),
    ]
    if real:
        parts += [
            f"## {len(real)} real reports ({mean_words(real)} words on average)\n",
            table(head, one_at_a_time(explainer, real)),
        ]
    after = memory_mb()
    memory = [["libraries imported", before], ["glossary and rules loaded", ready], ["after all of the above", after]]
    parts += ["## Time to start\n", table(["what", "first ms", "best of five more"], start_times())]
    parts += ["## Memory (RSS)\n", table(["when", "MB"], memory)]
    write("annotate", "Speed of annotating, time to start, memory", *parts)


def mean_words(reports: list[Report]) -> int:
    """Return the mean number of words of the reports."""
    return round(sum(len(report.text.split()) for report in reports) / len(reports))


if __name__ == "__main__":
    main()
