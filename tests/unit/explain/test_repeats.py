"""One finding is told once, and two findings never become one."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Exam, Report, ReportStatus

CHEST = Exam("CT chest", "CT", ("chest",))
ABDOMEN = Exam("CT abdomen", "CT", ("abdomen",))


def found(plainrad: Plainrad, text: str, exam: Exam = CHEST) -> list[str]:
    patient = plainrad.annotate(Report(text, ReportStatus.FINAL, exam=exam))
    return [one.text for one in patient.statements if one.group in ("found", "unchanged_or_known", "possible")]


@pytest.mark.parametrize(
    ("findings", "conclusion", "kept"),
    [
        ("Left pleural effusion measuring 12 mm.", "Small left pleural effusion.", ("small", "left", "12 mm")),
        ("5 mm calculus in the gallbladder.", "Gallstone.", ("gallbladder", "5 mm")),
        ("12 mm left renal cyst.", "Left renal cyst.", ("left", "12 mm")),
        ("Right pleural effusion, unchanged.", "Right pleural effusion.", ("right", "not changed")),
        ("Features in keeping with pulmonary fibrosis.", "Pulmonary fibrosis.", ("fibrosis",)),
    ],
)
def test_what_findings_and_conclusion_both_say_is_told_once_with_all_that_they_say(
    plainrad: Plainrad, findings: str, conclusion: str, kept: tuple[str, ...]
) -> None:
    text = f"Findings: {findings}\nConclusion: {conclusion}"
    (told,) = found(plainrad, text, ABDOMEN if "calculus" in text or "renal" in text else CHEST)
    assert all(word in told for word in kept), told


@pytest.mark.parametrize(
    ("findings", "conclusion"),
    [
        ("Left pleural effusion.", "Right pleural effusion."),
        ("4 mm pulmonary nodule.", "9 mm pulmonary nodule."),
        ("Small left pleural effusion.", "Large left pleural effusion."),
        ("Unchanged pulmonary nodule.", "New pulmonary nodule."),
        ("Pulmonary nodule in the right upper lobe.", "Pulmonary nodule in the left lower lobe."),
        ("Possible pneumonia.", "Pneumonia."),
        ("4 mm pulmonary nodule. 9 mm pulmonary nodule.", "Pulmonary nodule."),
        ("Pleural effusion.", "In keeping with pleural effusion."),
    ],
)
def test_two_findings_are_never_made_one(plainrad: Plainrad, findings: str, conclusion: str) -> None:
    told = found(plainrad, f"Findings: {findings}\nConclusion: {conclusion}")
    assert len(told) == findings.count(".") + conclusion.count("."), told


def test_a_name_and_its_short_form_are_one_statement(plainrad: Plainrad) -> None:
    told = found(plainrad, "There is chronic obstructive pulmonary disease (COPD).")
    assert len(told) == 1


def test_a_repeat_keeps_every_source(plainrad: Plainrad) -> None:
    text = "Findings: Left pleural effusion measuring 12 mm.\nConclusion: Small left pleural effusion."
    (one,) = plainrad.annotate(Report(text, ReportStatus.FINAL, exam=CHEST)).statements
    quoted = [text[place.start : place.end] for place in one.source]
    assert sorted(quoted) == ["Left pleural effusion measuring 12 mm.", "Small left pleural effusion."]
    assert one.conclusion


@pytest.mark.parametrize(
    ("exam", "findings", "conclusion"),
    [
        ("US abdomen", "The gallbladder contains several calculi.", "Gallstones."),
        ("US abdomen", "There is a calculus in the gallbladder.", "Cholelithiasis."),
        ("US neck", "Enlarged lymph nodes in the neck.", "Cervical lymphadenopathy."),
        ("CT KUB", "4 mm calculus in the left kidney.", "Left nephrolithiasis."),
        ("CT chest", "Bronchial carcinoma.", "Lung cancer."),
        ("CT abdomen", "Metastatic disease in the liver.", "Liver metastases."),
        ("CT abdomen", "There is a tumour in the bowel.", "Bowel neoplasm."),
        ("MR lumbar spine", "Lumbar degenerative changes.", "Lumbar spondylosis."),
    ],
)
def test_two_words_for_one_thing_are_told_once(plainrad: Plainrad, exam: str, findings: str, conclusion: str) -> None:
    text = f"Findings: {findings}\nConclusion: {conclusion}"
    told = plainrad.annotate(Report(text, ReportStatus.FINAL, exam=Exam(exam))).statements
    assert len([one for one in told if one.group == "found"]) == 1, [one.text for one in told]


@pytest.mark.parametrize(
    ("exam", "findings", "conclusion"),
    [
        ("CT KUB", "Stone in the left kidney.", "Right nephrolithiasis."),
        ("CT abdomen", "Metastatic disease in the spleen.", "Liver metastases."),
        ("MR whole spine", "Cervical degenerative changes.", "Lumbar spondylosis."),
        ("US neck", "Enlarged lymph nodes in the groin.", "Cervical lymphadenopathy."),
    ],
)
def test_two_things_in_two_places_stay_two(plainrad: Plainrad, exam: str, findings: str, conclusion: str) -> None:
    text = f"Findings: {findings}\nConclusion: {conclusion}"
    told = plainrad.annotate(Report(text, ReportStatus.FINAL, exam=Exam(exam))).statements
    assert len([one for one in told if one.group == "found"]) == 2, [one.text for one in told]
