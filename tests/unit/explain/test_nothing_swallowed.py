"""What names a finding is told or shown in the report's own words, wherever it stands."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Exam, Report, ReportStatus


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Technique: Unenhanced axial acquisition with reformats, no extra-axial haemorrhage.", "no extra-axial haemorrhage"),
        ("Findings: Gallstones; wibble of the zorb. No effusion.", "wibble of the zorb"),
    ],
)  # fmt: skip
def test_a_finding_or_a_clause_that_no_statement_tells_is_shown_as_it_is(
    plainrad: Plainrad, text: str, kept: str
) -> None:
    made = plainrad.annotate(Report(text, ReportStatus.FINAL, exam=Exam(title="CT", modality="CT")))
    assert any(kept in one.text for one in made.own_words) or any(kept in one.text for one in made.statements)
