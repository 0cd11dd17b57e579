"""Parts of the body and tests that are called normal, or negative."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.reading import Mention
from plainrad.domain.report import Exam, Report, ReportStatus


def mention(plainrad: Plainrad, text: str, words: str) -> Mention:
    reading = plainrad.reader.read(Report(text, ReportStatus.FINAL, exam=Exam()))
    return next(one for one in reading.mentions if one.text == words)


@pytest.mark.parametrize(
    ("text", "part"),
    [("Negative cervical spine.", "cervical spine"), ("Negative chest.", "chest"), ("Negative left knee.", "knee")],
)
def test_a_part_that_is_called_negative_is_there_and_looks_normal(plainrad: Plainrad, text: str, part: str) -> None:
    found = mention(plainrad, text, part)
    assert (found.assertion, found.normal) == ("present", "normal")


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Negative acute cardiopulmonary abnormality.", "cardiopulmonary"),
        ("Negative lungs and pleural effusion.", "lungs"),
        ("Negative chest?", "chest"),
    ],
)
def test_negative_before_more_than_the_part_does_not_make_the_part_normal(
    plainrad: Plainrad, text: str, part: str
) -> None:
    found = mention(plainrad, text, part)
    assert found.normal is None


@pytest.mark.parametrize(
    ("text", "test"), [("Negative CT head.", "CT head"), ("Chest x-ray: negative.", "Chest x-ray")]
)
def test_a_negative_test_was_done(plainrad: Plainrad, text: str, test: str) -> None:
    assert mention(plainrad, text, test).assertion == "neutral"


def test_a_part_whose_value_is_no_is_not_said_to_be_absent(plainrad: Plainrad) -> None:
    assert mention(plainrad, "Left kidney: not present", "kidney").assertion == "neutral"
