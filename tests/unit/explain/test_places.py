"""A finding in several places is told with all of them, and a place that is named with something else is not one of them."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Exam, Report, ReportStatus

TRAUMA = Exam(title="CT whole body", modality="CT")


def told(plainrad: Plainrad, text: str) -> str:
    report = Report(f"Findings: {text}", ReportStatus.FINAL, exam=TRAUMA)
    return " ".join(one.text for one in plainrad.annotate(report).statements)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Fractures of the left clavicle and right humerus.",
            ["left collarbone (clavicle) and the right upper arm bone"],
        ),
        ("Osteophytes at the hip and the knee.", ["in the hip and the knee."]),
        ("Metastases in the liver and spleen.", ["in the liver) and in the spleen."]),
        ("Fractures of the left clavicle, right humerus and both fabellae.", ["collarbone", "both fabellae.”"]),
        ("Free fluid in the pelvis and right iliac fossa, with an inflamed appendix.", ["and right iliac fossa"]),
        ("No stones in the gallbladder or kidneys.", ["or kidneys"]),
        ("No dislocation of the hip or knee.", ["or knee"]),
        ("Consolidation in the RUL and LUL.", ["right lung (RUL) and the top part of the left lung (LUL)"]),
    ],
)
def test_every_place_is_told(plainrad: Plainrad, text: str, words: list[str]) -> None:
    said = told(plainrad, text)
    assert [one for one in words if one not in said] == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Stones in the gallbladder and the left kidney is hydronephrotic.", "and in the left kidney"),
        ("Fracture of the left clavicle and the right humerus is intact.", "and the right upper arm"),
        ("Cyst in the liver and splenic infarcts.", "liver) and"),
        ("Fracture of the left clavicle. Right humerus normal.", "clavicle) and"),
    ],
)
def test_a_part_of_which_something_else_is_said_is_no_further_place(plainrad: Plainrad, text: str, words: str) -> None:
    assert words not in told(plainrad, text).partition("The report says")[0]


def test_places_that_would_make_a_long_sentence_are_told_one_by_one(plainrad: Plainrad) -> None:
    said = told(plainrad, "Calcified granulomas in the right upper lobe, left lower lobe and spleen.")
    assert (
        "They are in the top part of the right lung (right upper lobe). They are also in the bottom part of the left"
        in said
    )
    assert "They are also in the spleen." in said


def test_one_place_or_another_is_not_told_as_both(plainrad: Plainrad) -> None:
    said = told(plainrad, "Mass in the liver or pancreas.")
    assert "and in the pancreas" not in said
    assert "“Mass in the liver or pancreas.”" in said


def test_places_on_both_sides_make_a_finding_of_both_sides(plainrad: Plainrad) -> None:
    report = Report("Findings: Effusions in the left hip and the right knee.", ReportStatus.FINAL, exam=TRAUMA)
    reading = plainrad.reader.read(report)
    found = next(one for one in reading.mentions if one.kind == "finding")
    assert found.laterality == "both"
    assert [reading.by_id[one].text for one in found.also_in] == ["knee"]


def test_the_part_next_to_a_word_decides_its_sense(plainrad: Plainrad) -> None:
    said = told(plainrad, "Nodules in the lungs and liver cysts.")
    assert "small lumps" in said
    assert "liver cysts" in said
