"""What the benchmarks share: times, memory, the reports that are measured with, and tables in Markdown."""

import gc
import json
import os
import platform
import statistics
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter

import psutil

from plainrad.domain.report import Report
from plainrad.formats.incoming import parse_report

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "docs" / "examples"
DATA = ROOT.parent / "shared" / "data"
RESULTS = ROOT / "benchmarks" / "results"


def example_reports() -> list[Report]:
    """Return the example reports of docs/examples, in the order of their names."""
    found = []
    for path in sorted(EXAMPLES.glob("*.txt")):
        about = tomllib.loads(path.with_suffix(".toml").read_text(encoding="utf-8"))
        exam = {"title": about.get("title"), "body_regions": about.get("body_regions", [])}
        fields = {"text": path.read_text(encoding="utf-8"), "status": about["status"], "exam": exam}
        found.append(parse_report(fields | {"modality": about.get("modality")}))
    return found


def real_reports() -> list[Report]:
    """Return the real reports that stand beside the checkout, or nothing where there are none."""
    found = []
    for path in sorted(DATA.glob("reports_*.jsonl")) if DATA.is_dir() else ():
        for line in path.read_text(encoding="utf-8").splitlines():
            text = json.loads(line).get("text", "")
            if text.strip():
                found.append(parse_report({"text": text, "status": "final"}))
    return found


def seconds(work: Callable[[], object], *, rounds: int = 5) -> list[float]:
    """Return how long `work` took in each of `rounds` runs, after one run that is not counted."""
    work()
    gc.collect()
    taken = []
    for _ in range(rounds):
        began = perf_counter()
        work()
        taken.append(perf_counter() - began)
    return taken


def percentile(values: Sequence[float], share: int) -> float:
    """Return the value below which `share` percent of `values` lie."""
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def memory_mb() -> float:
    """Return what this process holds in memory (RSS), in MB of a million bytes."""
    return float(psutil.Process(os.getpid()).memory_info().rss) / 1e6


def machine() -> str:
    """Return what the figures were measured on: a figure without its machine says little."""
    return (
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"{psutil.cpu_count(logical=True)} logical cores; one core used"
    )


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table; numbers are set to the right."""
    cells = [[f"{cell:,.1f}" if isinstance(cell, float) else str(cell) for cell in row] for row in rows]
    rule = ["---" if not rows or isinstance(rows[0][place], str) else "---:" for place in range(len(head))]
    return "\n".join("| " + " | ".join(line) + " |" for line in [list(head), rule, *cells]) + "\n"


def write(name: str, title: str, *parts: str) -> None:
    """Write benchmarks/results/NAME.md and print it."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    text = "\n".join([f"# {title}\n", f"{machine()}.\n", *parts])
    (RESULTS / f"{name}.md").write_text(text, encoding="utf-8")
    print(text)
