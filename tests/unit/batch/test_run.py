"""A batch keeps the order, goes on where it stopped, and never writes over a file that is not its own."""

import json
from pathlib import Path

import pytest

from plainrad.batch.progress import summary
from plainrad.batch.run import Counts, all_cores, run_batch
from plainrad.errors import ReportInvalidError
from tests.support.reports import fields
from tests.unit.batch.fakes import Explainer

TEXTS = ["No fracture.", "\u2028 line", "crash", "", "Small effusion.", "No effusion."]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    rows = [{"id": f"r{number}", **fields(text)} for number, text in enumerate(TEXTS)]
    path.write_text(
        "\n".join([json.dumps(row, ensure_ascii=False) for row in rows] + ["", "{broken"]), encoding="utf-8"
    )
    return path


def run(source: Path, target: Path, explainer: Explainer | None = None, *, restart: bool = False) -> Counts:
    made = explainer or Explainer()
    return run_batch(source, target, explainer=lambda: made, restart=restart)


def ids(path: Path) -> list[object]:
    return [json.loads(line)["id"] for line in path.read_bytes().split(b"\n")[:-1]]


def test_every_line_has_its_answer_in_order(source: Path, tmp_path: Path) -> None:
    counts = run(source, tmp_path / "out")
    assert ids(tmp_path / "out") == ["r0", "r1", "r2", "r3", "r4", "r5", None]
    assert (counts.lines, counts.explained, counts.before) == (7, 4, 0)
    assert dict(counts.errors) == {"internal_error": 1, "report_empty": 1, "json_invalid": 1}
    first = json.loads((tmp_path / "out").read_bytes().split(b"\n")[1])
    assert first["report"]["original"]["text"] == "\u2028 line"


def test_wherever_it_stopped_it_ends_with_the_same_bytes(source: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    run(source, target)
    whole = target.read_bytes()
    for size in range(0, len(whole), 97):
        target.write_bytes(whole[:size])
        explainer = Explainer()
        counts = run(source, target, explainer)
        assert target.read_bytes() == whole
        assert counts.before == whole[:size].count(b"\n")
        assert (counts.lines, counts.explained) == (7, 4)
        assert len(explainer.texts) <= max(0, 5 - counts.before) + 1


def test_a_finished_batch_is_not_done_again(source: Path, tmp_path: Path) -> None:
    run(source, tmp_path / "out")
    explainer = Explainer()
    counts = run(source, tmp_path / "out", explainer)
    assert (explainer.texts, counts.before, counts.lines) == ([], 7, 7)


def test_restart_begins_again(source: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("something else\n")
    assert run(source, tmp_path / "out", restart=True).before == 0
    assert len(ids(tmp_path / "out")) == 7


def test_a_file_of_somebody_else_is_left_alone(source: Path, tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("My notes.\n")
    longer = tmp_path / "longer"
    longer.write_text('{"id": "r0", "report": {}}\n' * 8)
    foreign = tmp_path / "foreign"
    foreign.write_text('{"id": "x", "report": {}}\n')
    for path in (other, longer, foreign, source):
        before = path.read_bytes()
        with pytest.raises(ReportInvalidError):
            run(source, path)
        assert path.read_bytes() == before
    with pytest.raises(ReportInvalidError):
        run(source, source, restart=True)


def test_a_missing_input_leaves_no_output(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        run(tmp_path / "none", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_progress_and_counts_are_told(source: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    counts = run_batch(
        source, tmp_path / "out", explainer=Explainer, progress=lambda done, total: seen.append((done, total))
    )
    assert seen == [(done, 7) for done in range(8)]
    assert summary(counts).splitlines()[0] == "7 reports: 4 explained, 3 refused or failed."
    assert "  1 report_empty" in summary(counts)
    assert all_cores() >= 1
