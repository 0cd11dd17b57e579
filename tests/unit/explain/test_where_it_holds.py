"""A "no" holds where the report says it: its label, its subject and its caveat stay with it."""

import pytest

from plainrad.bootstrap import Plainrad
from tests.unit.explain.test_said_with_it import shown


@pytest.mark.parametrize(
    "text",
    [
        "L1/2 to L3/4: No disc herniation, canal stenosis or foraminal narrowing.",
        "The common duct measures 5 mm and holds no stone, though there are stones in the gallbladder.",
        "There is no gas in it to suggest that it is infected, but a scan cannot exclude it.",
        "There are no secondary signs of torsion, although CT is not the modality of choice.",
        "The ossicle below the medial malleolus is an accessory centre rather than a fracture.",
        "Occipital scalp haematoma without underlying skull fracture.",
        "No aortic dissection within the limits of a pulmonary arterial phase study.",
    ],
)
def test_a_no_that_holds_of_one_thing_is_quoted_with_that_thing(plainrad: Plainrad, text: str) -> None:
    told = shown(
        plainrad, f"{text}\nL5/S1: Large central disc extrusion.\nStones in the gallbladder. Fracture of the fibula."
    )
    assert any(text.rstrip(".") in one for one in told)
    assert not any(one.startswith("looked_for_not_found: No ") for one in told)


def test_a_no_that_opens_its_clause_is_told_in_plain_words(plainrad: Plainrad) -> None:
    told = shown(plainrad, "The heart is enlarged but there is no pleural effusion.")
    assert "looked_for_not_found: No fluid around the lung (pleural effusion) was found." in told


def test_the_label_of_a_row_gives_a_no_its_side(plainrad: Plainrad) -> None:
    text = "Right: 9.8 cm. No hydronephrosis.\nLeft: 11.4 cm. Mild hydroureteronephrosis."
    told = shown(plainrad, text, "US renal tract", "US")
    assert any(one.startswith("looked_for_not_found: Right: No swelling of the kidneys") for one in told)
    assert any(one.startswith("found: There is a wider than usual left kidney space") for one in told)


def test_a_sentence_that_names_a_side_needs_no_label(plainrad: Plainrad) -> None:
    told = shown(plainrad, "Left: 11.4 cm. No stone in the left kidney.", "US renal tract", "US")
    assert not any(one.startswith("looked_for_not_found: Left:") for one in told)


def test_the_row_of_an_organ_behind_a_dash_is_named(plainrad: Plainrad) -> None:
    told = shown(plainrad, "Liver - fatty. No focal lesion.\nGB - 6 mm polyp.", "US abdomen", "US")
    assert "looked_for_not_found: Liver: Nothing abnormal was found in any one place (focal)." in told


def test_under_the_heading_of_a_part_a_no_is_told_with_that_part(plainrad: Plainrad) -> None:
    text = "Head\nAcute subdural haematoma.\n\nCervical spine\nNo acute fracture."
    told = shown(plainrad, text, "CT head and cervical spine")
    assert any(one.startswith("looked_for_not_found: Cervical spine: No ") for one in told)
    told = shown(plainrad, "Acute subdural haematoma. No acute fracture.", "CT head")
    assert not any(": Cervical spine" in one for one in told)


def test_a_short_line_without_a_part_is_told_with_its_heading(plainrad: Plainrad) -> None:
    text = "Bladder\nIncompletely distended.\nProstate\nEnlarged, 62 cc."
    assert "found: Prostate: The report describes this: “Enlarged, 62 cc.”" in shown(plainrad, text, "CT urogram")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Acute left MCA infarct.", "blood vessel to the side"),
        ("The appendix is dilated with surrounding fat stranding.", "fat stranding) in the appendix"),
        ("Bilateral fat-containing inguinal hernias.", "in the fat"),
        ("Plaque at both carotid bifurcations with a 60% stenosis on the right.", "(stenosis). It is in"),
        ("There is a sub dural collection.", "in the tough covering"),
    ],
)
def test_what_only_says_more_of_a_finding_is_not_its_place(plainrad: Plainrad, text: str, place: str) -> None:
    assert not any(place in one for one in shown(plainrad, text))


def test_a_finding_of_a_vessel_is_told_in_its_vessel(plainrad: Plainrad) -> None:
    assert any(
        "It is in the blood vessel" in one for one in shown(plainrad, "Occlusion of the left M1 segment.", "CT head")
    )


def test_a_no_in_a_part_of_the_same_name_is_told_with_its_side_or_quoted(plainrad: Plainrad) -> None:
    lines = (
        "no duct dilatation\nand no calculus on the right. On the left, a 3 mm calculus in the distal\nWharton's duct"
    )
    told = shown(plainrad, f"There is {lines} with mild duct dilatation behind it.", "US neck", "US")
    assert not any(one.startswith("looked_for_not_found: No widening (dilatation)") for one in told)
    assert any("no duct dilatation" in one or "No widening on the right" in one for one in told)


def test_a_level_at_the_end_of_a_line_labels_what_follows(plainrad: Plainrad) -> None:
    text = "L5/S1: large disc extrusion compressing the cauda equina. L4/5:\ndisc desiccation, no neural compromise."
    told = shown(plainrad, text, "MRI lumbar spine", "MR")
    assert any(one.startswith("looked_for_not_found: L4/5: No pressure on a nerve") for one in told)


def test_a_list_of_no_is_not_lost_where_one_of_its_items_is_told(plainrad: Plainrad) -> None:
    told = shown(plainrad, "NO CAVITATION NO ABSCESS NO EMPYEMA")
    assert any("ABSCESS" in one for one in told)


@pytest.mark.parametrize(
    "text",
    [
        "No stone in the kidneys but a small stone cannot be excluded.",
        "No ductal stone seen but the distal duct is obscured by bowel gas.",
        "No pneumothorax, although assessment is limited on this supine film.",
    ],
)
def test_a_no_with_a_caveat_is_quoted_with_it(plainrad: Plainrad, text: str) -> None:
    told = shown(plainrad, text, "US abdomen", "US")
    assert not any(one.startswith("looked_for_not_found: No ") for one in told)
    assert any(text.rstrip(".") in one for one in told)


def test_a_but_without_a_caveat_leaves_a_no_as_it_is(plainrad: Plainrad) -> None:
    told = shown(plainrad, "No pneumothorax but there is a small left pleural effusion.", "XR chest", "XR")
    assert any(one.startswith("looked_for_not_found: No ") and "pneumothorax" in one for one in told)
