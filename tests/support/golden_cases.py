"""The example reports as golden cases: `python -m tests.support.golden_cases` writes them anew, for a reviewer to read the difference."""

import json
import tomllib
from pathlib import Path
from typing import Any

from plainrad.bootstrap import Plainrad, plainrad
from plainrad.domain.patient import PatientReport
from plainrad.domain.report import Report
from plainrad.formats.contract import to_json
from plainrad.formats.incoming import parse_report

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "docs" / "examples"
CASES = ROOT / "tests" / "golden" / "cases"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.txt"))


def example(name: str) -> Report:
    """Return an example report with the fields of its side file."""
    side = tomllib.loads((EXAMPLES / f"{name}.toml").read_text(encoding="utf-8"))
    exam = {key: side[key] for key in ("title", "modality", "body_regions")}
    text = (EXAMPLES / f"{name}.txt").read_text(encoding="utf-8")
    return parse_report({"text": text, "status": side["status"], "exam": exam, "verified_at": side["verified_at"]})


def case(patient: PatientReport) -> dict[str, Any]:
    """Return what a reviewer has to look at: what was read, with which rule, and what is told; no versions, no clock."""
    answer = to_json(patient)
    return {
        "sections": [f"{one['kind']}: {one['title']}" for one in answer["sections"]],
        "mentions": [_line(one) for one in answer["mentions"]],
        "statements": [f"{one['group']}: {one['text']}" for one in answer["statements"]],
        "explanations": [one["term_id"] for one in answer["explanations"]],
        "anatomy": [f"{one['id']}: {one['laterality'] or '-'}" for one in answer["anatomy"]],
        "flags": [one["code"] for one in answer["flags"]],
    }


def _line(one: dict[str, Any]) -> str:
    parts = [f"{one['text']!r} -> {one['term_id'] or one['phrase']}", f"{one['assertion']}/{one['certainty']}"]
    parts += [str(one[key]) for key in ("laterality", "change") if one[key]]
    parts += [f"{size['text']} {size['when']}" for size in one["measurements"]]
    parts += [] if one["reportable"] else ["not reportable"]
    rules = [item["rule"] for item in one["evidence"] if not item["rule"].startswith("term.")]
    return "; ".join(parts) + (f" [{', '.join(dict.fromkeys(rules))}]" if rules else "")


def write(made: Plainrad) -> None:
    """Write every case anew."""
    CASES.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        content = json.dumps(case(made.annotate(example(name))), indent=1, ensure_ascii=False) + "\n"
        (CASES / f"{name}.json").write_text(content, encoding="utf-8")


if __name__ == "__main__":
    write(plainrad())
