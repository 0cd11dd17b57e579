"""A sentence of which a good part is told by nobody is shown in the report's own words as well."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Exam, Modality, Report, ReportStatus


def shown(plainrad: Plainrad, text: str, modality: Modality) -> tuple[list[str], str]:
    report = Report(text, ReportStatus.FINAL, exam=Exam(title=f"{modality} scan", modality=modality))
    patient = plainrad.annotate(report)
    return [" ".join(one.text.split()) for one in patient.own_words], " ".join(one.text for one in patient.statements)


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("A small pharyngeal pouch arises at the level of C5/6 and retains contrast.", "RF"),
        ("Degenerative change at L4 may falsely raise the spine reading.", "BMD"),
        ("The right kidney shows prompt uptake and good drainage, with no scarring.", "NM"),
        ("The false lumen is partially thrombosed.", "CT"),
    ],
)
def test_what_nobody_tells_is_shown(plainrad: Plainrad, text: str, modality: Modality) -> None:
    own, told = shown(plainrad, f"Findings: {text}", modality)
    assert text in own or text in told


@pytest.mark.parametrize(
    ("text", "modality"),
    [
        ("There is a large left pleural effusion.", "XR"),
        ("No evidence of pneumothorax or pleural effusion.", "XR"),
        ("Simple cyst in the upper pole of the right kidney measuring 3 cm.", "US"),
        ("XXXX left pleural effusion XXXX.", "XR"),
    ],
)
def test_what_is_told_whole_is_not_shown_twice(plainrad: Plainrad, text: str, modality: Modality) -> None:
    own, _ = shown(plainrad, f"Findings: {text}", modality)
    assert text not in own


def test_words_of_the_request_are_not_shown_for_it(plainrad: Plainrad) -> None:
    own, told = shown(
        plainrad, "Clinical details: gardener who slipped from a tall ladder, chest pain.\nFindings: No fracture.", "XR"
    )
    assert not any("gardener" in one for one in own)
    assert "chest pain" in told
