"""Misspelt words are mended where one medical word is clearly nearest, and marked; negators never are."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.reading import Reading
from plainrad.domain.report import Exam, Report, ReportStatus


def read(plainrad: Plainrad, text: str) -> Reading:
    return plainrad.reader.read(Report(text, ReportStatus.FINAL, exam=Exam("CT chest", "CT", ("chest",))))


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("There is a pneumothroax.", "pneumothorax"),
        ("Left plueral effusion.", "pleural-effusion"),
        ("Left plural effusion.", "pleural-effusion"),
        ("Right hydronephrossis.", "hydronephrosis"),
    ],
)
def test_a_slip_is_mended_and_marked(plainrad: Plainrad, text: str, term: str) -> None:
    reading = read(plainrad, text)
    (mention,) = [one for one in reading.mentions if one.term_id == term]
    assert "typo.repaired" in {one.rule for one in mention.evidence}
    assert text[mention.start : mention.end] == mention.text
    assert "repaired_typo" in {flag.code for flag in reading.flags}


@pytest.mark.parametrize(
    "text", ["Nol fracture.", "Withuot fracture.", "There is no fracture to discuss with the registrar."]
)
def test_negators_and_ordinary_words_are_left_alone(plainrad: Plainrad, text: str) -> None:
    assert "repaired_typo" not in {flag.code for flag in read(plainrad, text).flags}
