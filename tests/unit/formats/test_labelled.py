"""Coded answers become words that read one way only."""

import pytest

from plainrad.errors import WordsUnclearError
from plainrad.formats.labelled import check_label, coded_answer


@pytest.mark.parametrize(("sent", "said"), [("Present", "present"), ("YES", "present"), ("Absent", "absent"), ("Not  seen", "absent"), ("Left lung", "Left lung")])  # fmt: skip
def test_clear_answers_are_told(sent: str, said: str) -> None:
    assert coded_answer(sent) == said


@pytest.mark.parametrize(
    "sent", ["", " ", "Unknown", "Indeterminate", "Not assessed", "Cannot exclude", "N/A", "equivocal"]
)
def test_answers_about_the_answer_are_refused(sent: str) -> None:
    with pytest.raises(WordsUnclearError):
        coded_answer(sent)


@pytest.mark.parametrize(
    "label", ["Absent findings", "Pertinent negatives", "Finding excluded", "No evidence of", "Differential diagnosis"]
)
def test_labels_that_turn_their_answers_round_are_refused(label: str) -> None:
    with pytest.raises(WordsUnclearError):
        check_label(label)


def test_other_labels_are_kept_on_one_line() -> None:
    assert check_label("Right\nkidney:") == "Right kidney"
