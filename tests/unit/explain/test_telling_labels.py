"""What is ruled out of named parts, or of the organ before, is never told as ruled out everywhere."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Exam, Report, ReportStatus


def told(plainrad: Plainrad, text: str) -> list[str]:
    exam = Exam("CT abdomen", "CT", ("abdomen",))
    return [one.text for one in plainrad.annotate(Report(text, ReportStatus.FINAL, exam=exam)).statements]


def test_a_no_behind_a_label_of_several_parts_keeps_its_label(plainrad: Plainrad) -> None:
    text = "Avid nodule in the right lung. Liver, adrenals and bones: no abnormal uptake."
    assert "The report says: “Liver, adrenals and bones: no abnormal uptake.”" in told(plainrad, text)


def test_no_focal_lesion_behind_an_organ_is_not_told_of_the_whole_body(plainrad: Plainrad) -> None:
    assert not any("any one place" in one for one in told(plainrad, "The liver is normal. No focal lesion."))


@pytest.mark.parametrize("text", ["No focal lesion.", "The liver is normal.\nSpleen: no focal lesion."])
def test_no_focal_lesion_of_the_scan_or_behind_its_label_is_told_in_plain_words(plainrad: Plainrad, text: str) -> None:
    assert any("any one place" in one for one in told(plainrad, text))


@pytest.mark.parametrize(
    "text",
    [
        "Findings:\nVessel | PSV (cm/s) | Stenosis\nRight ICA | 80 | <50%",
        "Findings:\nArtery   PSV   Stenosis\nRight ICA   80   <50%",
        "Weight loss 2 stone.",
        "Has lost half a stone.",
    ],
)
def test_the_head_of_a_column_and_the_stone_that_people_are_weighed_in_are_no_findings(
    plainrad: Plainrad, text: str
) -> None:
    assert not any("There is" in one for one in told(plainrad, text))


def test_repeat_views_are_a_next_step_and_no_measurement(plainrad: Plainrad) -> None:
    (one,) = told(plainrad, "If clinical concern persists, repeat views 10-14 days or MRI.")
    assert one.startswith("About the next step")


def test_the_deltoid_of_an_ankle_is_a_ligament(plainrad: Plainrad) -> None:
    def said(title: str, region: str) -> str:
        report = Report("Deltoid is normal.", ReportStatus.FINAL, exam=Exam(title, "MR", (region,)))
        return " ".join(one.text for one in plainrad.annotate(report).statements)

    assert "ankle" in said("MRI ankle", "ankle")
    assert "shoulder" in said("MRI shoulder", "shoulder")
