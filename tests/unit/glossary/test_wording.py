"""The catalogue of sentences: complete, with the right places, and with claims that the faithfulness check can see."""

import shutil
import tomllib
from pathlib import Path

import pytest

from plainrad.content import content_folder
from plainrad.errors import ContentInvalidError
from plainrad.glossary.phrases import load_phrases
from plainrad.glossary.wording import CLAIMED, PLACES, WordingFile, problems

WORDING = content_folder("glossary").joinpath("phrases", "wording.toml").read_text(encoding="utf-8")


def problems_of(text: str) -> list[str]:
    return list(problems(WordingFile.model_validate(tomllib.loads(text))))


def test_the_catalogue_is_complete() -> None:
    assert problems_of(WORDING) == []
    assert tomllib.loads(WORDING)["wording"].keys() == PLACES.keys()


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('resolved = "The', 'unknown = "The', "wording.resolved: the sentence is missing"),
        ('resolved = "The', 'unknown = "The', "wording.unknown: nothing says this sentence"),
        ('absent = "No {thing} {was} found."', 'absent = "No {thign} {was} found."', "wording.absent: the sentence lacks {thing}"),
        ('absent = "No {thing} {was} found."', 'absent = "No {thign} {was} found."', "wording.absent: nothing fills {thign}"),
        ('score = "The report gives this grade or score: “{quote}”"', 'score = "Its score: {quote}"', "wording.score: the report's own words need their marks"),
        ('size = "It measures {size}."', 'size = "It measures {size}. }"', "wording.size: a brace has lost its partner"),
        ("fits with {a}", "looks like {a}", "wording.present_likely: it holds none of the words of claims.fits"),
        ("The report calls this new.", "It is new.", "wording.present_new: it holds none of the words of claims.new"),
        ("{has} not changed.", "{is} as before.", "wording.unchanged: it holds none of the words of claims.unchanged"),
        ("bigger or more marked", "larger", "wording.larger: it holds none of the words of claims.larger"),
        ('side_left = " on the left"', 'side_left = " on this side"', "wording.side_left: it holds none of the words of claims.left"),
        ('sides = { left = "left"', 'sides = { left = "other"', "grammar.sides.left: it is none of the words of claims.left"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_remedy(old: str, new: str, problem: str) -> None:
    assert old in WORDING
    text = WORDING.replace(old, new, 1)
    assert any(one.startswith(problem) for one in problems_of(text)), problems_of(text)


def test_both_numbers_have_to_claim_it() -> None:
    text = WORDING.replace('"have not changed"', '"never changed"', 1)
    assert [one for one in problems_of(text) if one.startswith("wording.unchanged")]


def test_every_claim_is_listed_in_the_file() -> None:
    assert set(CLAIMED.values()) <= tomllib.loads(WORDING)["claims"].keys()


def test_a_file_with_a_fault_is_refused(tmp_path: Path) -> None:
    source = Path(str(content_folder("glossary").joinpath("phrases")))
    shutil.copytree(source, tmp_path / "phrases")
    tmp_path.joinpath("phrases", "wording.toml").write_text(
        WORDING.replace("The report calls this new.", "It is new."), encoding="utf-8"
    )
    with pytest.raises(ContentInvalidError, match=r"phrases/wording\.toml: wording\.present_new"):
        load_phrases(tmp_path)


def test_an_expression_that_is_none_is_refused(tmp_path: Path) -> None:
    shutil.copytree(Path(str(content_folder("glossary").joinpath("phrases"))), tmp_path / "phrases")
    tmp_path.joinpath("phrases", "wording.toml").write_text(
        WORDING.replace("(?:[aeiou]|x-ray|mri|hour)'", "(?:[aeiou]'"), encoding="utf-8"
    )
    with pytest.raises(ContentInvalidError, match=r"grammar\.second_before: the expression is not valid"):
        load_phrases(tmp_path)
