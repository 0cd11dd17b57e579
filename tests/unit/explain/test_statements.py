"""What a patient is told, sentence by sentence."""

from dataclasses import replace

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Exam, Report, ReportStatus

CHEST = Exam("XR chest", "XR", ("chest",))


def told(plainrad: Plainrad, text: str, exam: Exam = CHEST) -> list[tuple[str, str]]:
    return [(one.group, one.text) for one in plainrad.annotate(Report(text, ReportStatus.FINAL, exam=exam)).statements]


def groups(plainrad: Plainrad, text: str) -> set[str]:
    return {group for group, _ in told(plainrad, text)}


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Small left pleural effusion.", "found"),
        ("Possible left pleural effusion.", "possible"),
        ("Stable left pleural effusion.", "unchanged_or_known"),
        ("The pneumothorax has resolved.", "unchanged_or_known"),
        ("No bronchiectasis.", "looked_for_not_found"),
        ("The pancreas is normal.", "normal"),
        ("Repeat chest X-ray in 6 weeks is recommended.", "next_step"),
        ("The pancreas is obscured by gas.", "limitation"),
        ("Clinical details: known COPD.\nFindings: As below.", "background"),
    ],
)
def test_each_kind_of_statement_has_its_group(plainrad: Plainrad, text: str, group: str) -> None:
    found = groups(plainrad, text)
    assert found == {group}


def test_side_size_and_amount_are_told_as_the_report_gives_them(plainrad: Plainrad) -> None:
    ((_, text),) = told(plainrad, "Small left pleural effusion measuring 12 mm.")
    assert text == "There is a small amount of fluid around the left lung (pleural effusion). It measures 12 mm."


def test_a_distance_is_not_told_as_a_size(plainrad: Plainrad) -> None:
    assert not any(
        "measures" in text for _, text in told(plainrad, "Pneumothorax. The tube lies 3 cm above the carina.")
    )


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("No significant stenosis.", "there is no narrowing (stenosis)."),
        ("No acute fracture.", "there is no broken bone (fracture)."),
        ("No pulmonary embolus to segmental level.", "there is no blood clot in the lung (pulmonary embolus)."),
        ("No displaced fracture.", "there is no broken bone (fracture)."),
    ],
)
def test_a_no_that_is_narrowed_is_never_told_as_a_plain_no(plainrad: Plainrad, text: str, never: str) -> None:
    assert not any(one.endswith(never) for _, one in told(plainrad, text)), told(plainrad, text)


def test_a_label_is_told_with_its_phrase(plainrad: Plainrad) -> None:
    ((_, text),) = told(plainrad, "L1/2: No significant abnormality.", Exam("MRI spine", "MR", ("spine",)))
    assert text.startswith("L1/2: ")


def test_a_phrase_with_an_exception_is_not_read_as_a_whole(plainrad: Plainrad) -> None:
    assert not any(group == "normal" for group, _ in told(plainrad, "Heart size is normal apart from a bulge."))


def test_words_that_only_describe_are_no_statement(plainrad: Plainrad) -> None:
    text = "Disc protrusion displacing the nerve root."
    found = told(plainrad, text, Exam("MRI spine", "MR", ("spine",)))
    assert [group for group, _ in found] == ["found"]


def test_repeats_of_the_conclusion_are_one_statement(plainrad: Plainrad) -> None:
    text = "Findings: Left pleural effusion.\nConclusion: Left pleural effusion."
    statements = plainrad.annotate(Report(text, ReportStatus.FINAL, exam=CHEST)).statements
    assert len(statements) == 1
    assert len(statements[0].source) == 2
    assert statements[0].conclusion


def test_risk_figures_are_not_findings(plainrad: Plainrad) -> None:
    text = "FRAX 10 year probability: major osteoporotic fracture 11%, hip fracture 2.5%."
    assert not any(one.startswith("There ") for _, one in told(plainrad, text))


def test_links_are_never_offered_for_what_was_ruled_out(plainrad: Plainrad) -> None:
    absent = plainrad.annotate(Report("No pneumonia.", ReportStatus.FINAL, exam=CHEST))
    present = plainrad.annotate(Report("Left pneumonia.", ReportStatus.FINAL, exam=CHEST))
    assert "pneumonia" not in {one.term_id for one in absent.explanations if one.links}
    assert "pneumonia" in {one.term_id for one in present.explanations if one.links}


def test_the_disclaimer_is_word_for_word(plainrad: Plainrad) -> None:
    patient = plainrad.annotate(Report("Clear lungs.", ReportStatus.FINAL))
    assert patient.disclaimer == (
        "This report has been sent to the referring clinician (doctor or other healthcare professional) who referred you for this "
        "investigation. If you have any questions, please discuss with your referring clinician."
    )


def test_a_report_in_which_nothing_is_known_still_has_original_and_disclaimer(plainrad: Plainrad) -> None:
    patient = plainrad.annotate(Report("Lorem ipsum dolor.", ReportStatus.FINAL))
    assert patient.report.text == "Lorem ipsum dolor."
    assert patient.disclaimer
    assert "nothing_recognised" in {flag.code for flag in patient.flags}


def test_a_site_that_wants_approved_words_only_shows_no_draft(plainrad: Plainrad) -> None:
    strict = replace(plainrad, approved_only=True)
    patient = strict.annotate(
        Report(
            "Small left pleural effusion. Heart size is normal. Repeat X-ray in 6 weeks is advised.",
            ReportStatus.FINAL,
            exam=CHEST,
        )
    )
    assert patient.explanations == ()
    assert {one.group for one in patient.statements} <= {"next_step"}
