"""What a describing word, a size, an addendum above its report and a question of the request are said of."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Exam, Modality, Report, ReportStatus


def told(plainrad: Plainrad, text: str, modality: Modality = "CT") -> list[str]:
    report = Report(text, ReportStatus.FINAL, exam=Exam(title=f"{modality} scan", modality=modality))
    return [one.text for one in plainrad.annotate(report).statements]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Findings: Displaced intracapsular fracture of the left neck of femur.", "moved out of place"),
        ("Findings: Minimally displaced fracture of the distal radius.", "out of place"),
        ("Findings: Undisplaced fracture of the distal radius.", "not moved out of place"),
        ("Conclusion: Obstructing 5 mm right VUJ stone.", "blocking the way"),
        ("Conclusion: Non-obstructing right renal stone.", "not blocking the way"),
    ],
)
def test_whether_it_is_out_of_place_or_in_the_way_is_told(plainrad: Plainrad, text: str, says: str) -> None:
    said = " ".join(told(plainrad, text))
    assert says in said
    assert says.startswith("not ") or f"not {says}" not in said


def test_a_describing_word_ends_at_although(plainrad: Plainrad) -> None:
    said = told(
        plainrad,
        "Findings: A faint focus in the right ilium is probably benign, although a metastasis is difficult to exclude.",
    )
    assert not any("calls it benign" in one and "spread" in one for one in said)


def test_the_size_of_a_duct_is_not_that_of_the_stones(plainrad: Plainrad) -> None:
    said = told(plainrad, "Findings: Gallbladder contains small stones, CBD 7 mm (previously 9 mm).")
    assert not any(
        "stone" in one and any(said in one.partition("“")[0] for said in ("7 mm", "9 mm", "smaller")) for one in said
    )


@pytest.mark.parametrize("words", ["8 mm gallstone", "gallstone measuring 8 mm", "stone in the gallbladder, 8 mm"])
def test_the_size_of_a_stone_is(plainrad: Plainrad, words: str) -> None:
    assert any("It measures 8 mm." in one for one in told(plainrad, f"Findings: There is an {words}.", "US"))


@pytest.mark.parametrize(
    ("text", "bigger"),
    [
        ("Findings: Nodular enlargement of the prostate with hyperplasia.", False),
        ("Findings: Interval enlargement of the mass.", True),
    ],
)
def test_enlargement_alone_is_no_change(plainrad: Plainrad, text: str, bigger: bool) -> None:
    assert any("bigger or more marked than before" in one for one in told(plainrad, text, "MR")) is bigger


def test_what_holds_no_gas_is_told_with_it(plainrad: Plainrad) -> None:
    said = told(
        plainrad, "Findings: Collection beside the stomach. It indents the posterior stomach and contains no gas."
    )
    assert not any(one.startswith("No gas") for one in said)


@pytest.mark.parametrize("above", [True, False])
def test_an_addendum_takes_back_what_it_corrects_wherever_it_stands(plainrad: Plainrad, above: bool) -> None:
    addendum = "ADDENDUM: There is a thin acute subdural haematoma over the left tentorium."
    report = "Report: No acute intracranial haemorrhage.\nConclusion: No acute intracranial abnormality."
    said = told(plainrad, "\n\n".join([addendum, report] if above else [report, addendum]))
    assert any("acute subdural haematoma" in one for one in said)
    assert not any(one.startswith("No new") for one in said)


def test_what_a_request_asks_is_told_though_its_side_stands_elsewhere(plainrad: Plainrad) -> None:
    said = told(plainrad, "Clinical details: Left loin to groin pain. ?renal colic\nFindings: Normal.")
    assert any(one.startswith("The request asks about") for one in said)


def test_that_two_scans_were_asked_for_is_no_next_step(plainrad: Plainrad) -> None:
    said = told(plainrad, "Two examinations requested at the same attendance.\nFindings: Normal kidneys.", "US")
    assert not any("next step" in one for one in said)


def test_the_others_are_normal_and_not_all(plainrad: Plainrad) -> None:
    said = told(plainrad, "Findings: One node with a thick cortex. The other visualised nodes are normal.", "US")
    assert any("The other visualised nodes are normal." in one for one in said)


def test_a_haematoma_that_something_is_favoured_over_is_not_likely(plainrad: Plainrad) -> None:
    said = told(plainrad, "Findings: Collection favoured to be a ruptured Baker's cyst over a haematoma.", "US")
    assert not any("blood" in one and "is likely" in one for one in said)


def test_a_step_that_an_addendum_makes_needless_is_no_next_step(plainrad: Plainrad) -> None:
    text = "Conclusion: Equivocal focus, suggest MRI pelvis.\n\nADDENDUM: The MRI shows no lesion. No further imaging is required."
    said = told(plainrad, text, "NM")
    assert not any(one.startswith("About the next step") and "suggest MRI" in one for one in said)
    assert any("suggest MRI pelvis" in one for one in said)


def test_an_older_report_above_the_findings_is_no_finding(plainrad: Plainrad) -> None:
    text = (
        'PREVIOUS REPORT (US liver, 5 weeks ago): "17 mm hypoechoic lesion segment 8 ?HCC, no ascites. MRI advised."\n\n'
        "FINDINGS: The lesion measures 18 mm. Trace of ascites."
    )
    said = told(plainrad, text, "MR")
    assert not any("17 mm" in one or one.startswith(("No ", "About the next step")) for one in said)


def test_a_sentence_that_finds_something_is_not_quoted_as_a_search_in_vain(plainrad: Plainrad) -> None:
    report = Report(
        "Two new liver metastases no evidence of extrahepatic disease suggest MRI.",
        ReportStatus.FINAL,
        exam=Exam(title="CT abdomen", modality="CT"),
    )
    groups = {one.group for one in plainrad.annotate(report).statements if "Two new liver metastases" in one.text}
    assert "looked_for_not_found" not in groups


def test_below_a_corrected_report_stands_what_is_right(plainrad: Plainrad) -> None:
    text = "CORRECTED REPORT - replaces the earlier version.\n\nFindings: 24 mm nodule in the left lobe.\nConclusion: U3 nodule."
    said = told(plainrad, text, "US")
    assert not any(one.startswith("An earlier version") for one in said)


def test_one_sentence_of_the_report_stands_beside_one_statement_of_a_group(plainrad: Plainrad) -> None:
    text = "Findings: There is moderate osteoarthritis, most marked in the medial compartment where there is joint space narrowing with sclerosis."
    said = [one for one in told(plainrad, text, "XR") if "most marked in the medial compartment" in one]
    assert len(said) == 1


def test_a_no_of_a_quoted_older_report_is_not_told(plainrad: Plainrad) -> None:
    text = (
        'Comparison: CT of 10/01/2024, which reported: "Three right upper lobe nodules. Segment III metastasis 32 mm. No ascites."\n\n'
        "Findings: Small nodule in the right upper lobe. Trace of ascites."
    )
    said = told(plainrad, text)
    assert not any("No ascites" in one for one in said)
    assert any("ascites" in one for one in said)
