"""Runs the scorers of ../shared/eval, where they are, and keeps what they print.  python -m benchmarks.bench_accuracy"""

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import ROOT, write

EVAL = ROOT.parent / "shared" / "eval"
SCORERS = {
    "negation": "Negation on the NegEx/ConText sentences",
    "chest": "Findings of chest X-ray reports against hand coding",
    "coverage": "Hard words that are explained",
}


def score(name: str, folder: Path) -> str:
    """Return what one scorer prints after its reports went through `plainrad batch`."""
    scorer, sent, got = EVAL / f"{name}.py", folder / f"{name}.in.jsonl", folder / f"{name}.out.jsonl"
    with sent.open("w", encoding="utf-8") as stream:
        subprocess.run([sys.executable, scorer, "prepare"], check=True, stdout=stream)
    subprocess.run([Path(sys.executable).with_name("plainrad"), "batch", sent, got], check=True)
    done = subprocess.run([sys.executable, scorer, "score", got], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def main() -> None:
    """Score, and write benchmarks/results/accuracy.md."""
    if not all((EVAL / f"{name}.py").is_file() for name in SCORERS):
        print("Skipped: the labelled data and its scorers (../shared/eval) are not beside this checkout.")
        return
    parts = []
    with tempfile.TemporaryDirectory() as folder:
        for name, title in SCORERS.items():
            parts.append(f"## {title}\n\n```\n{score(name, Path(folder))}\n```\n")
    write("accuracy", "Accuracy on labelled data", *parts)


if __name__ == "__main__":
    main()
