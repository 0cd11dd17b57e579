"""What belongs together: an observation and what it suggests, a finding and the conclusion that names it again."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.reading import Reading
from plainrad.domain.report import Exam, Report, ReportStatus


def read(plainrad: Plainrad, text: str) -> Reading:
    return plainrad.reader.read(Report(text, ReportStatus.FINAL, exam=Exam("CT chest", "CT")))


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("Opacity at the left base, likely pneumonia.", [("Opacity", "pneumonia")]),
        ("There is a spiculate mass. This is suspicious for malignancy.", [("mass", "malignancy")]),
        ("Opacity at the left base. Pneumonia.", []),
        ("Opacity at the left base, unlikely to represent pneumonia.", []),
        ("No opacity to suggest pneumonia.", []),
    ],
)
def test_what_an_observation_suggests(plainrad: Plainrad, text: str, pairs: list[tuple[str, str]]) -> None:
    reading = read(plainrad, text)
    found = [(one.text, reading.by_id[other].text) for one in reading.mentions for other in one.suggests]
    assert [(one.split()[-1], other) for one, other in found] == pairs


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("Findings: Left pleural effusion.\nConclusion: Left pleural effusion.", True),
        ("Findings: Fracture of the left femoral neck.\nConclusion: Left femoral neck fracture.", True),
        ("Findings: Left pleural effusion.\nConclusion: Right pleural effusion.", False),
        ("Findings: No pneumothorax.\nConclusion: Pneumothorax.", False),
        ("Findings: Nodule in the left lung. Nodule in the right lung.\nConclusion: Lung nodule.", False),
    ],
)
def test_a_finding_of_the_conclusion_is_joined_to_the_first(plainrad: Plainrad, text: str, joined: bool) -> None:
    reading = read(plainrad, text)
    repeats = [one for one in reading.mentions if one.same_as]
    assert bool(repeats) == joined
    assert all(
        one.section == "conclusion" and reading.by_id[one.same_as or ""].section == "findings" for one in repeats
    )
