"""Whose it is where a sentence names the family."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Exam, Report, ReportStatus


@pytest.mark.parametrize(
    ("text", "theirs"),
    [
        ("Back pain, steroids, mother had osteoporosis.", {"osteoporosis"}),
        ("Chest pain, FH DVT (sister).", {"DVT"}),
        ("Mother had stroke, diabetes and asthma.", {"stroke", "diabetes", "asthma"}),
        ("Mother (asthma, died after a stroke), headache.", {"asthma", "stroke"}),
        ("Stroke in her father, headache.", {"Stroke"}),
        ("FH: stroke, asthma, known diabetes.", {"stroke", "asthma"}),
        ("The cyst has daughter cysts.", set()),
    ],
)
def test_only_the_part_of_the_sentence_that_names_the_family_is_theirs(
    plainrad: Plainrad, text: str, theirs: set[str]
) -> None:
    reading = plainrad.reader.read(Report(f"Clinical details: {text}", ReportStatus.FINAL, exam=Exam()))
    assert {one.text for one in reading.mentions if one.assertion == "other_person"} == theirs


def test_a_family_history_with_a_header_of_its_own_ends_with_its_first_sentence(plainrad: Plainrad) -> None:
    text = "FHx: breast cancer, stroke. Palpable lump.\nFindings: No stroke."
    reading = plainrad.reader.read(Report(text, ReportStatus.FINAL, exam=Exam()))
    said = [(one.text.lower(), one.assertion) for one in reading.mentions if one.kind == "finding"]
    assert said == [
        ("breast cancer", "other_person"),
        ("stroke", "other_person"),
        ("palpable lump", "historical"),
        ("stroke", "absent"),
    ]
