"""Boxes of a form."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Exam, Report, ReportStatus


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Haematoma: [ ] present [x] absent", ["absent"]),
        ("Haematoma: [X] present [ ] absent", ["present"]),
        ("Haematoma: [x] no [ ] yes", ["absent"]),
        ("Haematoma: [ ] no [ ] yes", ["neutral"]),
        ("Haematoma: [x] no [x] yes", ["neutral"]),
        ("Haematoma: no [ ] yes [x]", ["neutral"]),
        ("[ ] Haematoma [x] Abscess", ["neutral", "present"]),
        ("Haematoma [3] is present.", ["present"]),
    ],
)
def test_the_ticked_box_decides_and_in_doubt_nothing_is_said(plainrad: Plainrad, text: str, said: list[str]) -> None:
    reading = plainrad.reader.read(Report(text, ReportStatus.FINAL, exam=Exam()))
    assert [one.assertion for one in reading.mentions if one.kind == "finding"] == said
