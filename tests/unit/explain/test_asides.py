"""Sentences that tell no finding: what they are about, and never more than they say."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Exam, Report, ReportStatus
from plainrad.formats.incoming import parse_modality


def told(plainrad: Plainrad, text: str, exam: Exam | None = None) -> list[tuple[str, str]]:
    report = Report(text, ReportStatus.FINAL, exam=exam or Exam("CT", "CT", ("chest", "abdomen")))
    return [(one.group, one.text) for one in plainrad.annotate(report).statements]


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Findings: Unenhanced CT head.", "background"),
        ("Findings: Comparison is made with the previous chest radiograph.", "background"),
        ("Findings: CBD measures 4 mm.", "found"),
        ("Findings: Three abnormal pericolic lymph nodes.", "found"),
        ("Findings: The gastric fundus is unremarkable on limited views.", "normal"),
        ("Findings: No extension above the knee into the femoral vein.", "looked_for_not_found"),
        ("Conclusion: Deauville score 2.", "found"),
        ("Conclusion: Fracture clinic / orthopaedic review.", "next_step"),
        ("Conclusion: Core biopsy taken, result to MDT.", "next_step"),
        ("Conclusion: The heart and mediastinum are stable.", "unchanged_or_known"),
        ("Findings: Marrow uptake, likely reactive to chemotherapy.", "possible"),
    ],
)
def test_each_kind_of_sentence_has_its_heading(plainrad: Plainrad, text: str, group: str) -> None:
    assert {one for one, _ in told(plainrad, text)} == {group}, told(plainrad, text)


@pytest.mark.parametrize(
    "text",
    [
        "Normal liver and wibbled spleen.",
        "SMA patent, IMA occluded.",
        "Right kidney normal, left kidney atrophic.",
        "The kidneys are normal apart from a quibble.",
        "The liver is normal but wibbled.",
        "The pancreas may be normal.",
        "The spleen is nearly normal.",
        "PMH: normal heart.",
        "Normal saline was given into the bladder.",
        "The lung is abnormal.",
    ],
)
def test_what_says_more_than_normal_is_not_told_as_normal(plainrad: Plainrad, text: str) -> None:
    assert "normal" not in {group for group, _ in told(plainrad, f"Findings: {text}")}, told(
        plainrad, f"Findings: {text}"
    )


@pytest.mark.parametrize(
    "text",
    [
        "No change in the left lung.",
        "No doubt the lung is wibbled.",
        "No liver quibble, but the spleen is wibbled.",
        "No liver quibble; spleen wibbled.",
        "No longer wibbled spleen.",
    ],
)
def test_a_sentence_that_begins_with_no_and_goes_on_is_not_told_as_not_found(plainrad: Plainrad, text: str) -> None:
    assert "looked_for_not_found" not in {group for group, _ in told(plainrad, f"Findings: {text}")}


def test_a_sentence_that_points_back_is_told_with_the_one_before(plainrad: Plainrad) -> None:
    text = "Findings: Left adrenal nodule, benign. No further imaging of this is required."
    (step,) = [one for group, one in told(plainrad, text) if group == "next_step"]
    assert "adrenal nodule" in step


def test_doubt_behind_a_finding_goes_with_it(plainrad: Plainrad) -> None:
    text = "Conclusion: Solitary right 7th rib focus is likely traumatic; correlate with any injury."
    said = [one for group, one in told(plainrad, text, Exam("Bone scan", "NM", ("bone",))) if group == "found"]
    assert all("likely traumatic" in one for one in said), said


@pytest.mark.parametrize(
    "text",
    [
        "Plan: Findings discussed with the patient.",
        "Plan: The sample was obtained without complication.",
        "Conclusion: Ischaemia or infection must be considered.",
    ],
)
def test_what_was_done_or_weighed_is_no_next_step(plainrad: Plainrad, text: str) -> None:
    assert "next_step" not in {group for group, _ in told(plainrad, text)}


def test_what_was_wrong_in_the_report_is_told_as_a_change_and_not_as_a_finding(plainrad: Plainrad) -> None:
    text = "Conclusion: Left pleural effusion.\nAddendum: The effusion was incorrectly given as right."
    (change,) = [one for group, one in told(plainrad, text) if group == "background"]
    assert change.startswith("The report was changed after it was written.")


@pytest.mark.parametrize(
    ("text", "modality", "says"),
    [
        ("Technique: Sternotomy.", "CT", None),
        ("Technique: Urinalysis.", "US", None),
        ("Technique: Electrocardiogram.", "XR", None),
        ("Technique: Radiotherapy.", "MR", None),
        ("History: MRI brain.\nFindings: Emphysema.", "CT", None),
        ("Technique: Cerebral angiogram.", "MR", None),
        ("Technique: CT of the chest.", "CT", "The test was a CT scan."),
        ("Technique: Unenhanced CT KUB.", "", "CT scan of the kidneys and bladder"),
    ],
)
def test_only_pictures_of_the_kind_that_was_asked_for_are_told_as_the_test(
    plainrad: Plainrad, text: str, modality: str, says: str | None
) -> None:
    exam = Exam(None, parse_modality(modality), ())
    tests = [words for _, words in told(plainrad, text, exam) if "The test was" in words]
    assert (says is None) == (tests == []), tests
    assert says is None or says in tests[0]


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("The left testicle is normal in size and attenuation, it measures 3.2 x 1.7 x 2.3 cm.", "normal"),
        ("Endometrium: 7 mm, regular, normal for this stage of the cycle.", "normal"),
        ("Endometrium: 17 mm, not normal for this stage of the cycle.", None),
        ("The bile duct measures 9 mm, the upper limit of normal.", None),
    ],
)
def test_a_size_that_the_report_calls_normal_stands_under_normal(
    plainrad: Plainrad, text: str, group: str | None
) -> None:
    groups = {one for one, _ in told(plainrad, f"Findings: {text}")}
    assert groups == {group} if group else "normal" not in groups, groups


@pytest.mark.parametrize(
    "text", ["Region BMD T-score Z-score", "Scar of the mid and lateral aspects of the right lung."]
)
def test_what_gives_no_figure_is_no_grade(plainrad: Plainrad, text: str) -> None:
    assert not any("grade or score" in words for _, words in told(plainrad, f"Findings: {text}"))


def test_a_report_that_is_otherwise_unaltered_was_not_changed(plainrad: Plainrad) -> None:
    text = "Findings: Emphysema.\nAddendum: The report is otherwise unaltered."
    assert not any("was changed" in words for _, words in told(plainrad, text))
