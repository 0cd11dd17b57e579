"""What a reading by eye found missing, doubled or misplaced, each as a case in invented words."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Exam
from tests.unit.explain.test_statements import told


def texts(plainrad: Plainrad, report: str) -> list[str]:
    return [words for _, words in told(plainrad, report)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("No pharyngeal pouch or web.", "“No pharyngeal pouch or web”"),
        ("No aspiration into the lungs. No fracture in the wrist or hand.", "“No fracture in the wrist or hand”"),
        ("No enlarged mediastinal, hilar or axillary lymph nodes.", "“No enlarged mediastinal, hilar or axillary lymph nodes”"),
    ],
)  # fmt: skip
def test_an_item_of_a_no_that_has_no_plain_words_is_shown_in_the_report_s_own(
    plainrad: Plainrad, text: str, says: str
) -> None:
    assert says in " ".join(texts(plainrad, f"Findings: {text}"))


def test_a_list_that_is_told_whole_is_not_shown_again(plainrad: Plainrad) -> None:
    found = texts(plainrad, "Findings: No disc herniation, canal stenosis or nerve root impingement.")
    assert len(found) == 3
    assert not any("“" in one for one in found)


def test_two_names_with_the_same_plain_words_are_one_statement(plainrad: Plainrad) -> None:
    assert texts(plainrad, "Findings: No peritoneal or omental nodularity.") == [
        "No small lumps on the lining of the tummy (peritoneal or omental nodularity) were found."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "There is moderate gastro-oesophageal reflux to the level of the aortic arch.",
        "Joint effusion of the radiocapitellar articulation.",
        "Calcification in the abdominal aorta and proximal common iliac arteries.",
    ],
)
def test_a_place_that_is_only_reached_or_one_of_several_or_half_a_name_is_not_told_as_the_place(
    plainrad: Plainrad, text: str
) -> None:
    found = " ".join(texts(plainrad, f"Findings: {text}"))
    assert "It is in" not in found
    assert "They are in" not in found
    assert f"In the report’s words: “{text}”" in found


def test_a_no_beside_an_organ_is_not_told_as_a_no_in_it(plainrad: Plainrad) -> None:
    assert texts(plainrad, "Findings: No fluid adjacent to the liver.") == [
        "The report says: “No fluid adjacent to the liver.”"
    ]


def test_a_long_place_has_a_sentence_of_its_own_with_all_its_numbers(plainrad: Plainrad) -> None:
    abdomen = Exam("CT abdomen", "CT", ("abdomen",))
    assert told(plainrad, "Conclusion: Liver metastases in segments 6 and 4a.", abdomen) == [
        (
            "found",
            "There are areas of cancer spread to the liver (liver metastases). "
            "They are in the numbered parts of the liver (segments 6 and 4a).",
        )
    ]


def test_a_place_in_another_organ_was_misread_and_is_not_told(plainrad: Plainrad) -> None:
    (found,) = texts(plainrad, "Conclusion: Liver cyst in the left lower lobe.")
    assert found.endswith("In the report’s words: “Liver cyst in the left lower lobe.”")


def test_a_place_in_doubt_is_only_named(plainrad: Plainrad) -> None:
    found = texts(plainrad, "Findings: Possible atelectasis in the left lower lobe.")
    assert found[0].endswith("The report names the place: the bottom part of the left lung (left lower lobe).")


def test_the_level_of_a_row_is_explained_once(plainrad: Plainrad) -> None:
    found = texts(plainrad, "Findings: Facet arthrosis at L4-5. Disc bulge at L4-5.")
    assert [one.count("between lower spine bones") for one in found] == [1, 0]
    assert all(one.startswith("L4-5: ") for one in found)


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("Three cores were sent to pathology for analysis.", "disease"),
        ("The tumour bed is unremarkable.", "There is a growth"),
        ("I cannot exclude recent stone passage.", "stone that formed"),
        ("Normal wall motion and wall thickening.", "thicker than usual"),
        ("Using a 17 gauge coaxial system, three cores were taken.", "There is a needle"),
        ("The skin over the left renal mass was marked.", "calls it marked"),
    ],
)
def test_a_word_that_names_something_else_is_no_finding(plainrad: Plainrad, text: str, never: str) -> None:
    assert never not in " ".join(texts(plainrad, f"Findings: {text}"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Small non-obstructing right renal calculus.", "calls it non-obstructing. That means not blocking the way."),
        ("Age-indeterminate wedge fracture.", "The report cannot say how old it is."),
        ("Indeterminate left adrenal nodule.", "That means this scan cannot tell what it is."),
        ("Left renal nodule, 1.9 cm, which is indeterminate.", "The report adds: “is indeterminate”"),
        ("No convincing scintigraphic evidence of bone metastases.", "No clear sign of"),
        ("No apparent fracture.", "No clear sign of any broken bone"),
    ],
)
def test_what_makes_a_finding_more_or_less_is_told(plainrad: Plainrad, text: str, says: str) -> None:
    assert says in " ".join(texts(plainrad, f"Findings: {text}"))


def test_what_fits_with_something_is_shown_with_its_subject(plainrad: Plainrad) -> None:
    text = "Nodes of normal size and shape, most compatible with mild hyperplasia."
    assert f"In the report’s words: “{text}”" in " ".join(texts(plainrad, f"Conclusion: {text}"))


def test_a_test_that_would_be_needed_is_a_next_step(plainrad: Plainrad) -> None:
    text = "Other masses cannot be excluded, for which biopsy would be necessary."
    assert ("next_step", f"About the next step, the report says: “{text}”") in told(plainrad, f"Conclusion: {text}")


def test_the_request_is_told_once(plainrad: Plainrad) -> None:
    found = texts(plainrad, "Clinical details: Cough and fever. CRP 184. ?pneumonia\nFindings: No fracture.")
    about = [one for one in found if "request" in one]
    assert about == [
        "The request for the scan mentions a cough and a high temperature (fever). "
        "It asks about an infection in the lung (pneumonia). "
        "In the report’s words: “Cough and fever. CRP 184. ?pneumonia”"
    ]


def test_the_name_of_a_row_is_not_told_beside_its_things(plainrad: Plainrad) -> None:
    found = texts(plainrad, "Findings:\nFibroids: posterior fundal intramural fibroid 34 mm.")
    assert len(found) == 1


@pytest.mark.parametrize(
    ("findings", "conclusion", "number"),
    [
        ("Simple cyst at the upper pole of the left kidney.", "Left renal cyst.", 1),
        ("Liver lesions in segment 6, in keeping with metastases.", "Liver metastases.", 2),
        ("Pulmonary nodules, 9 mm and 7 mm.", "Pulmonary metastases.", 2),
        ("Lateral recess stenosis on the right.", "Disc bulge in the left paracentral region with lateral recess stenosis.", 3),
    ],
)  # fmt: skip
def test_one_thing_under_two_names_is_told_once_and_two_things_twice(
    plainrad: Plainrad, findings: str, conclusion: str, number: int
) -> None:
    assert len(texts(plainrad, f"Findings: {findings}\nConclusion: {conclusion}")) == number


def test_what_was_hidden_is_told_beside_what_looked_normal(plainrad: Plainrad) -> None:
    text = "The head of the pancreas is normal, the tail is obscured by bowel gas."
    assert [group for group, _ in told(plainrad, f"Findings: {text}")] == ["normal", "limitation"]


def test_a_word_that_says_nothing_comes_with_the_report_s_words(plainrad: Plainrad) -> None:
    text = "Subtle abnormalities, not conclusive."
    assert f"“{text}”" in " ".join(texts(plainrad, f"Conclusion: {text}"))
