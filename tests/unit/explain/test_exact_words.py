"""Words that turn what they stand before, sides that differ, and what is waited for: none of it is told as its opposite, or as more than it is."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Exam, Modality, Report, ReportStatus


def told(plainrad: Plainrad, text: str, modality: Modality = "CT") -> list[str]:
    report = Report(text, ReportStatus.FINAL, exam=Exam(title=f"{modality} scan", modality=modality))
    return [one.text for one in plainrad.annotate(report).statements]


@pytest.mark.parametrize(
    ("text", "says", "never"),
    [
        ("Findings: The left hilar node is non-avid.", "not taking in more tracer", "as taking in more"),
        ("Findings: The bile duct is non-dilated.", "not wider than usual", "as wider than"),
        ("Findings: The spleen is non-enlarged.", "not bigger than usual", "as bigger than"),
        ("Findings: The left hilar node is avid.", "as taking in more tracer", "not taking"),
    ],
)
def test_non_before_a_word_is_never_lost(plainrad: Plainrad, text: str, says: str, never: str) -> None:
    said = " ".join(told(plainrad, text, "PT"))
    assert says in said
    assert never not in said


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("Plan: Antegrade stent when sepsis has settled.", False),
        ("Conclusion: Colonoscopy once the diverticulitis has resolved.", False),
        ("Findings: When compared with the last scan the left pleural effusion has resolved.", True),
        ("Findings: The left pleural effusion has resolved.", True),
    ],
)
def test_what_is_waited_for_is_not_gone_yet(plainrad: Plainrad, text: str, gone: bool) -> None:
    assert any("no longer there" in one for one in told(plainrad, text)) is gone


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Findings: Segment VI lesion, 17 mm, not a simple cyst. Simple cyst in segment II.", "not a simple cyst"),
        ("Findings: Soft tissue mass. This is not an abscess.", "This is not an abscess."),
    ],
)
def test_what_a_thing_is_not_is_no_search_for_it(plainrad: Plainrad, text: str, quoted: str) -> None:
    said = told(plainrad, text)
    assert any(quoted in one for one in said)
    assert not any(one.startswith("No pocket") for one in said)


def test_no_cyst_is_still_told(plainrad: Plainrad) -> None:
    assert any(one.startswith("No pocket") for one in told(plainrad, "Findings: No liver abscess."))


@pytest.mark.parametrize(
    "text",
    [
        "Findings: The prostate is enlarged.\nConclusion: Incomplete emptying, likely secondary to prostatic enlargement.",
        "Findings: 5 mm stone in the right ureter. Hydronephrosis, probably due to a stone.",
    ],
)
def test_a_cause_that_is_in_doubt_is_not_itself_in_doubt(plainrad: Plainrad, text: str) -> None:
    said = told(plainrad, text)
    assert not any("is likely, but not certain" in one for one in said)
    assert any("likely secondary to" in one or "probably due to" in one for one in said)


def test_a_cause_that_nothing_else_names_is_in_doubt(plainrad: Plainrad) -> None:
    said = told(plainrad, "Findings: Consolidation, likely due to infection.", "XR")
    assert any("infection" in one and "likely, but not certain" in one for one in said)


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("Findings: Severe left and moderate right foraminal narrowing at C5/6.", None),
        ("Findings: Moderate left and right foraminal narrowing at C5/6.", "moderate"),
    ],
)
def test_two_degrees_of_two_sides_are_told_in_the_reports_words(
    plainrad: Plainrad, text: str, called: str | None
) -> None:
    said = " ".join(told(plainrad, text, "MR"))
    assert ("calls it moderate" in said) is (called == "moderate")
    assert called == "moderate" or "Severe left and moderate right" in said


def test_neither_side_has_what_is_absent(plainrad: Plainrad) -> None:
    said = told(plainrad, "Findings: Both kidneys are normal in size with no hydronephrosis.", "US")
    assert any("on either side" in one for one in said)
    assert not any("both sides" in one for one in said)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Findings: Acute multiple fractures.", "There are a number of new or sudden broken bones (fractures)."),
        ("Findings: Old healed fractures of the left ribs.", "There are breaks that have healed (healed fractures)"),
    ],
)
def test_describing_words_stand_where_english_puts_them(plainrad: Plainrad, text: str, words: str) -> None:
    assert any(one.startswith(words) for one in told(plainrad, text, "XR"))


@pytest.mark.parametrize(
    "text",
    [
        "Clinical history: ?cuff tear\n- Supraspinatus: full thickness tear.",
        "Findings: Seg IVa - 8 mm focus.",
        "Findings: L4 - 8 mm sclerotic lesion.",
    ],
)
def test_a_dash_that_opens_an_item_is_no_part_of_a_name(plainrad: Plainrad, text: str) -> None:
    assert not any("(tear -" in one or "- 8)" in one for one in told(plainrad, text, "MR"))


def test_a_quarter_of_the_breast_is_named(plainrad: Plainrad) -> None:
    said = told(plainrad, "Findings: Mass in the upper outer quadrant of the left breast.", "MG")
    assert any("upper outer quarter of the left breast" in one for one in said)


def test_a_no_that_is_told_in_full_is_not_quoted_once_more(plainrad: Plainrad) -> None:
    text = "Findings: RV:LV ratio is 0.8 with no right heart strain.\nConclusion: No right heart strain."
    said = [one for one in told(plainrad, text) if "strain" in one]
    assert len(said) == 1
    assert "“" not in said[0]


def test_a_row_of_a_level_names_it_in_each_of_its_sentences(plainrad: Plainrad) -> None:
    text = "C5/6 - severe canal stenosis and cord compression. High T2 signal in the cord.\nC6/7 - mild disc bulge. No cord compression."
    said = told(plainrad, text, "MR")
    assert any(one.startswith("C5/6: There is a bright area") for one in said)
    assert any(one.startswith("C6/7: No pressure") for one in said)
    assert not any(one.startswith("No pressure") for one in said)


@pytest.mark.parametrize(
    "text",
    [
        "Findings: PI-RADS v2.1 (1 = very low, 5 = very high likelihood of significant cancer).",
        "Findings: Deauville 1 (no uptake) to 5 (markedly above liver).",
    ],
)
def test_what_the_numbers_of_a_scale_mean_is_no_grade_of_this_person(plainrad: Plainrad, text: str) -> None:
    assert not any("grade or score" in one for one in told(plainrad, text, "MR"))


def test_a_grade_is_told(plainrad: Plainrad) -> None:
    assert any("grade or score" in one for one in told(plainrad, "Findings: PI-RADS 5.", "MR"))


def test_a_note_is_no_next_step(plainrad: Plainrad) -> None:
    said = told(plainrad, "Addendum: Please note there is a side error in the above report.", "XR")
    assert not any(one.startswith("About the next step") for one in said)


def test_what_is_said_of_the_others_is_not_said_of_all(plainrad: Plainrad) -> None:
    said = told(plainrad, "Conclusion: U4 left thyroid nodule. The other nodules are benign.", "US")
    assert any("The other nodules are benign." in one for one in said)
    assert not any("calls them benign" in one for one in said)


def test_less_likely_than_another_is_not_unlikely(plainrad: Plainrad) -> None:
    said = told(plainrad, "Conclusion: Asbestosis is favoured over IPF.")
    assert not any("unlikely" in one for one in said)
    assert told(plainrad, "Conclusion: Asbestosis is unlikely.")[0].startswith("The report considers")


@pytest.mark.parametrize(
    ("text", "group"),
    [
        ("Findings: Enhancing focus without washout. Segment VII lesion with washout.", "found"),
        ("Findings: No washout. Gallstones.", "looked_for_not_found"),
    ],
)
def test_a_no_that_describes_a_finding_stands_with_the_findings(plainrad: Plainrad, text: str, group: str) -> None:
    report = Report(text, ReportStatus.FINAL, exam=Exam(title="MRI liver", modality="MR"))
    said = [
        one.group for one in plainrad.annotate(report).statements if "washout" in one.text or "dye leaving" in one.text
    ]
    assert said[0] == group


@pytest.mark.parametrize(
    ("text", "plainly"),
    [
        ("Findings: SFA proximal: no significant stenosis. Severe right mid SFA stenosis. No right stenosis.", False),
        ("Findings: Right pneumothorax. No left pneumothorax.", True),
    ],
)
def test_a_no_of_a_side_does_not_deny_what_stands_on_that_side(plainrad: Plainrad, text: str, plainly: bool) -> None:
    assert any(one.startswith("No ") and one.endswith("was found.") for one in told(plainrad, text)) is plainly


def test_what_was_known_is_not_found_anew(plainrad: Plainrad) -> None:
    said = told(plainrad, "Findings: Hyperinflated lungs in keeping with known COPD.", "XR")
    assert any("known COPD" in one for one in said)
