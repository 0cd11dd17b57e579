"""What a sentence says of a finding beside that it is there: weight, change, side, size, place and condition are not lost."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Exam, Modality, Report, ReportStatus


def shown(plainrad: Plainrad, text: str, exam: str = "CT chest", modality: Modality = "CT") -> list[str]:
    """Return the texts of the statements, then the own words, of a report."""
    patient = plainrad.annotate(Report(text, ReportStatus.FINAL, exam=Exam(exam, modality)))
    return [f"{one.group}: {one.text}" for one in patient.statements] + [f"~ {one.text}" for one in patient.own_words]


@pytest.mark.parametrize(
    "text",
    [
        "The calcified granuloma at the left apex has been there since 2009 and can be ignored.",
        "The adenoma of the left adrenal is of no consequence.",
        "The little bony spur on the front of the humeral shaft is a normal variant.",
        "Reticular shadowing in both lower zones, longstanding.",
        "Bullae are present in both upper lobes, right worse than left.",
        "Midline shift to the left of 3 mm.",
        "The body of the pancreas does not enhance, so there is necrosis.",
        "GB - multiple mobile calculi, largest 11 mm.",
        "Multilevel degenerative change, worst at C5/6.",
    ],
)
def test_what_no_fixed_sentence_holds_is_shown_with_the_sentence(plainrad: Plainrad, text: str) -> None:
    assert any(f"“{text}”" in one or one == f"~ {text}" for one in shown(plainrad, text))


@pytest.mark.parametrize(
    "text",
    [
        "There is a 14 mm nodule in the left lower lobe.",
        "Low lung volumes with right basilar atelectasis.",
        "There is a small left pleural effusion.",
        "The nodule in the lingula has not changed.",
    ],
)
def test_a_sentence_that_is_told_whole_is_not_quoted_as_well(plainrad: Plainrad, text: str) -> None:
    told = shown(plainrad, text)
    assert told
    assert not any("“" in one or one.startswith("~") for one in told if "low lung volumes" not in one)


def test_what_may_be_there_on_a_condition_is_told_with_its_condition(plainrad: Plainrad) -> None:
    text = "If the ESR is raised, temporal arteritis must be thought of."
    assert any(one.startswith("possible:") and f"“{text}”" in one for one in shown(plainrad, text, "CT head"))
    text = "Appearances suggest temporal arteritis."
    assert not any(f"“{text}”" in one for one in shown(plainrad, text, "CT head"))


def test_a_clause_that_nothing_tells_is_shown_with_its_sentence(plainrad: Plainrad) -> None:
    text = "The left maxillary antrum is completely opaque and chronic sinusitis may be the cause of the trouble."
    assert f"~ {text}" in shown(plainrad, text, "CT head")
    text = "The heart is enlarged and there is a left pleural effusion."
    assert not any(one.startswith("~") for one in shown(plainrad, text))


def test_a_size_or_a_side_that_nothing_tells_is_shown_with_its_sentence(plainrad: Plainrad) -> None:
    text = "There are multiple enlarged mediastinal lymph nodes up to 19 mm, lymphoma is felt to be less likely."
    assert any("19 mm" in one for one in shown(plainrad, text))
    text = "No abnormal node on the right; one rounded node at level IV on the left has lost its hilum."
    assert any("left" in one for one in shown(plainrad, text, "US neck", "US"))


def test_a_sentence_is_quoted_once(plainrad: Plainrad) -> None:
    text = "Incidental sclerotic lesion in the distal left femoral shaft without aggressive features, no action needed."
    quoting = [one for one in shown(plainrad, text, "XR knee", "XR") if "without aggressive features" in one]
    assert len([one for one in quoting if not one.startswith("next_step")]) == 1


def test_the_number_of_an_item_is_no_part_of_a_quote(plainrad: Plainrad) -> None:
    text = "Conclusion:\n1. Focus in the left tibia, indeterminate.\n2. No focal uptake elsewhere."
    assert not any("“1." in one or "“2." in one for one in shown(plainrad, text, "NM bone scan", "NM"))


def test_a_finding_that_the_second_film_puts_right_is_not_told_as_there(plainrad: Plainrad) -> None:
    first, second = (
        "Anterior dislocation of the right glenohumeral joint.",
        "The glenohumeral joint has been relocated and the dislocation is no longer seen.",
    )
    told = shown(plainrad, f"{first}\n\nPost reduction:\n{second}", "XR shoulder", "XR")
    assert f"unchanged_or_known: The report says: “{first}”" in told
    assert not any(one.startswith("found: There is a joint out of place") for one in told)


def test_a_finding_stays_where_only_an_earlier_scan_is_spoken_of(plainrad: Plainrad) -> None:
    told = shown(plainrad, "Right pleural effusion. The effusion on the previous scan of the left has resolved.")
    assert any(one.startswith("found: There is fluid around the right lung") for one in told)


def test_a_part_that_only_appears_intact_is_quoted_where_a_break_is_not_excluded(plainrad: Plainrad) -> None:
    seems = "The scaphoid appears intact."
    open_ = shown(
        plainrad, f"{seems} Repeat views are advised to exclude an occult scaphoid fracture.", "XR wrist", "XR"
    )
    assert f"normal: The report says: “{seems}”" in open_
    assert not any(f"“{seems}”" in one for one in shown(plainrad, f"{seems} No fracture.", "XR wrist", "XR"))


def test_a_tendon_out_of_place_is_no_joint(plainrad: Plainrad) -> None:
    told = shown(plainrad, "The long head of biceps is medially subluxed.", "MRI shoulder", "MR")
    assert not any("joint partly out of place" in one for one in told)
    told = shown(plainrad, "The radial head is subluxed.", "XR elbow", "XR")
    assert any("joint partly out of place" in one for one in told)


def test_the_name_of_an_empty_row_is_no_finding(plainrad: Plainrad) -> None:
    told = shown(
        plainrad, "No solid mass.\nCalculi: Right none.\nCatheter: n/a\nComment: Normal study.", "US renal tract", "US"
    )
    assert not any(one.startswith("found") for one in told)
    assert "~ Catheter: n/a" in told
    assert any(one.startswith("found") for one in shown(plainrad, "Calculi: 7 mm in the left kidney.", "US", "US"))


def test_the_size_of_a_row_is_not_that_of_the_finding_in_its_next_column(plainrad: Plainrad) -> None:
    told = shown(plainrad, "Left kidney:\t8.1 cm\t  Cortical thinning.", "US renal tract", "US")
    assert not any("It measures 8.1 cm" in one for one in told)
    told = shown(plainrad, "Left kidney: 8 mm stone.", "US renal tract", "US")
    assert any("It measures 8 mm" in one for one in told)


def test_an_opinion_stays_one(plainrad: Plainrad) -> None:
    told = shown(plainrad, "There are nodules at the right apex; I do not think this is cancer.")
    assert not any(one.startswith("looked_for_not_found: No cancer") for one in told)
    told = shown(plainrad, "There is a new patch in the right lower lobe and I would put this down to infection.")
    assert any(one.startswith("possible:") and "infection" in one for one in told)
    assert not any(one.startswith("found: There is infection") for one in told)


def test_a_name_too_long_with_its_side_is_told_without_it_beside_its_sentence(plainrad: Plainrad) -> None:
    text = "There is a filling defect in the left lower lobe artery consistent with an acute embolus."
    told = shown(plainrad, text, "CT pulmonary angiogram")
    fits = [one for one in told if one.startswith("found: What was seen fits with a clot")]
    assert len(fits) == 1
    assert fits[0].endswith(f"“{text}”")


def test_several_things_on_both_sides_are_not_told_on_one(plainrad: Plainrad) -> None:
    text = "Three lesions are new: left frontal (7 mm), right peduncle (5 mm) and corpus callosum (4 mm)."
    assert not any("on the left" in one.partition("“")[0] for one in shown(plainrad, text, "MRI brain", "MR"))
    assert any("on the left" in one for one in shown(plainrad, "Two new lesions on the left.", "MRI brain", "MR"))


def test_what_happened_before_is_told_with_when(plainrad: Plainrad) -> None:
    text = "Clinical details: Calf swelling, prev DVT R leg 2017.\nFindings: No DVT."
    assert any("prev DVT R leg 2017" in one for one in shown(plainrad, text, "US leg", "US"))
