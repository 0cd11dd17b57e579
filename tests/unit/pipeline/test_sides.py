"""Which side a word names, and sides that pass on to what the report tells elsewhere."""

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.domain.report import Exam, Report, ReportStatus
from plainrad.pipeline.side_words import side_of, side_of_word
from plainrad.pipeline.text import normalise, tokenise


@pytest.mark.parametrize(
    ("word", "side"), [("Rt", "right"), ("LT", "left"), ("left", "left"), ("both", "both"), ("knee", None)]
)
def test_a_word_of_a_title_names_a_side(word: str, side: str | None) -> None:
    assert side_of_word(word) == side


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("R-CHOP", set()),
        ("L-spine", set()),
        ("R-sided effusion", {"right"}),
        ("hydronephrosis B/L", {"both"}),
        ("R THR", {"right"}),
        ("left WLE + RT 2016", {"left"}),
        ("LT + RT KNEES", {"left", "right"}),
        ("RT KNEE", {"right"}),
    ],
)
def test_a_letter_names_a_side_only_where_it_stands_for_one(text: str, sides: set[str]) -> None:
    tokens = tokenise(normalise(text))
    assert {side_of(tokens, index) for index in range(len(tokens))} - {None} == sides


def told(plainrad: Plainrad, text: str, title: str, modality: str) -> list[str]:
    exam = Exam(title=title, modality=modality)  # type: ignore[arg-type]
    answer = plainrad.annotate(Report(text, ReportStatus.FINAL, exam=exam))
    return [one.text for one in answer.statements]


def test_a_statement_tells_the_side_of_the_imaged_joint(plainrad: Plainrad) -> None:
    said = told(plainrad, "MRI Knee Lt\nLarge Baker's cyst.", "MRI knee left", "MR")
    assert any("behind the left knee" in one for one in said)


def test_a_statement_does_not_tell_a_side_that_only_the_caller_gives(plainrad: Plainrad) -> None:
    said = told(plainrad, "Large Baker's cyst.", "MRI knee left", "MR")
    assert any("behind the knee" in one for one in said)


def test_the_words_of_a_row_label_are_shown_though_its_findings_rest_on_it(plainrad: Plainrad) -> None:
    text = "Right kidney 10.1 cm. No stone, no hydronephrosis.\nLeft kidney 10.6 cm. 4 mm stone."
    said = told(plainrad, text, "US renal", "US")
    assert any("10.1 cm" in one for one in said)
    assert any("right kidney" in one and "hydronephrosis" in one for one in said)


def sides(plainrad: Plainrad, text: str, title: str, modality: str) -> dict[str, str | None]:
    exam = Exam(title=title, modality=modality)  # type: ignore[arg-type]
    reading = plainrad.reader.read(Report(text, ReportStatus.FINAL, exam=exam))
    return {one.text.lower(): one.laterality for one in reading.mentions if one.kind in ("finding", "device")}


@pytest.mark.parametrize(
    ("text", "title", "said"),
    [
        ("Mild right hydronephrosis, hydroureter.", "CT KUB", {"hydronephrosis": "right", "hydroureter": "right"}),
        ("Mild right hydronephrosis, bladder calculus.", "CT KUB", {"hydronephrosis": "right", "bladder calculus": None}),
        ("Right renal cyst, no renal calculus.", "CT KUB", {"renal cyst": "right", "renal calculus": None}),
        ("No right renal cyst or renal calculus.", "CT KUB", {"renal cyst": "right", "renal calculus": "right"}),
        ("Left and right renal cysts, hydroureter.", "CT KUB", {"renal cysts": "both", "hydroureter": None}),
        ("The left lesion shows ring enhancement.", "MRI brain", {"lesion": "left", "ring enhancement": "left"}),
        ("Left vocal cord fixed, in keeping with recurrent laryngeal nerve palsy.", "CT neck", {"recurrent laryngeal nerve palsy": "left"}),
        ("Left pleural effusion, in keeping with heart failure.", "CT chest", {"pleural effusion": "left", "heart failure": None}),
        ("The left ovary contains a cyst. No solid component.", "US pelvis", {"cyst": "left", "solid component": "left"}),
        ("Cysts in both ovaries. No solid component.", "US pelvis", {"solid component": None}),
        ("Lesion 1 - left mid gland, 14 mm focus. Extracapsular extension.", "MRI prostate", {"focus": "left", "extracapsular extension": "left"}),
        ("Request: right leg shortened. ?#NOF\nReport: Normal.", "XR pelvis", {"#nof": "right"}),
        ("Request: previous right hip replacement. ?#NOF\nReport: Normal.", "XR pelvis", {"#nof": None}),
        ("Request: right rib pain. ?pneumothorax\nReport: Normal.", "XR chest", {"pneumothorax": None}),
        ("Simple cyst upper pole left kidney.", "CT abdomen", {"simple cyst": "left"}),
    ],
)  # fmt: skip
def test_the_one_side_of_a_sentence_is_that_of_what_can_be_nowhere_else(
    plainrad: Plainrad, text: str, title: str, said: dict[str, str | None]
) -> None:
    found = sides(plainrad, text, title, title.split(maxsplit=1)[0].replace("MRI", "MR"))
    assert {one: found.get(one, "not read") for one in said} == said
