"""Many processes give what one gives, and a run that is killed goes on where it was."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from plainrad.batch.pool import annotate_all
from plainrad.batch.run import run_batch
from plainrad.bootstrap import Plainrad
from tests.support.reports import EXAMPLES, MARKER, NASTY, ROOT, fields

pytestmark = pytest.mark.xdist_group("processes")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Forty reports with some that are wrong."""
    texts = [one.text for one in EXAMPLES.values()] + [NASTY, "", MARKER]
    rows = [
        json.dumps({"id": number, **fields(texts[number % len(texts)])}, ensure_ascii=False) for number in range(40)
    ]
    rows[5] = f"{{{MARKER}"
    rows[11] = json.dumps({"id": 11, "text": MARKER, "status": "preliminary"})
    path = tmp_path / "in.jsonl"
    path.write_text("\n".join(rows) + "\n", encoding="utf-8", newline="")
    return path


def test_the_number_of_workers_does_not_change_a_byte(plainrad: Plainrad, source: Path, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    counts = [
        run_batch(source, one, explainer=lambda: plainrad, workers=1),
        run_batch(source, two, explainer=lambda: plainrad, workers=2),
    ]
    assert one.read_bytes() == two.read_bytes()
    assert counts[0] == counts[1]
    assert [json.loads(line)["id"] for line in one.read_bytes().split(b"\n")[:-1]] == [*range(5), None, *range(6, 40)]


@pytest.mark.heavy
def test_a_killed_run_goes_on_and_ends_with_the_same_bytes(plainrad: Plainrad, source: Path, tmp_path: Path) -> None:
    whole, target = tmp_path / "whole", tmp_path / "out"
    long = tmp_path / "long.jsonl"
    long.write_bytes(source.read_bytes() * 8)
    run_batch(long, whole, explainer=lambda: plainrad)
    command = [sys.executable, "-m", "plainrad.cli", "batch", str(long), str(target), "--workers", "2"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=ROOT) as process:
        for _ in range(3_000):
            if target.exists() and target.stat().st_size > 20_000:
                break
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
    written = target.read_bytes()
    assert 0 < written.count(b"\n") < 320
    target.write_bytes(written[:-7])
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    assert target.read_bytes() == whole.read_bytes()
    assert "were there from an earlier run" in done.stderr
    assert MARKER not in done.stderr + done.stdout


def test_nothing_to_do_needs_no_process() -> None:
    assert list(annotate_all([], workers=2)) == []


def test_a_process_that_dies_costs_no_report() -> None:
    lines = [json.dumps({"id": number, **fields("No pneumothorax.")}).encode() for number in range(60)]
    results = annotate_all(lines, workers=2)
    found = list(next(results))
    for server in psutil.Process().children():
        for worker in server.children():
            worker.kill()
    found += [result for some in results for result in some]
    assert [json.loads(result.line)["id"] for result in found] == list(range(60))
    assert {result.error for result in found} <= {None, "internal_error"}
    assert sum(result.error is None for result in found) >= 50
