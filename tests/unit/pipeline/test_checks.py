"""What is looked at once the cues have spoken."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Exam, Report, ReportStatus


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Calcific aortic disease.", False),
        ("Interval radiological disease activity.", False),
        ("No evidence of disease in the liver.", True),
    ],
)
def test_a_bare_disease_is_told_only_when_there_is_none(plainrad: Plainrad, text: str, *, told: bool) -> None:
    reading = plainrad.reader.read(Report(text, ReportStatus.FINAL, exam=Exam()))
    assert [one.reportable for one in reading.mentions if one.text == "disease"] == [told]
