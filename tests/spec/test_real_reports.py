"""Every real report that is at hand is annotated without an error. None of them is part of the project."""

import json
from pathlib import Path

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Report, ReportStatus
from plainrad.formats.contract import to_json
from tests.support.patient import long_sentences

DATA = Path(__file__).parents[3] / "shared" / "data"
FILES = sorted(DATA.glob("reports_*.jsonl"))


@pytest.mark.skipif(not FILES, reason="../shared/data is not here: real reports are never copied into the project")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_real_report_is_annotated_with_exact_offsets(plainrad: Plainrad, path: Path) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        text = json.loads(line)["text"]
        if not text.strip():
            continue
        patient = plainrad.annotate(Report(text, ReportStatus.FINAL))
        assert long_sentences(patient) == []
        answer = to_json(patient)
        assert answer["original"]["text"] == text
        for mention in answer["mentions"]:
            assert text[mention["start"] : mention["end"]] == mention["text"]
        assert not [flag for flag in answer["flags"] if flag["code"] == "statement_dropped"]
