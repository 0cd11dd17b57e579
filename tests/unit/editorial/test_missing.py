"""`terms --missing` ranks what no explanation covers, and lets no more than single words of a report out."""

import json
from pathlib import Path

import pytest

from plainrad.bootstrap import Plainrad
from plainrad.content import content_folder
from plainrad.editorial.missing import rank_missing, read_texts
from plainrad.glossary.words import EverydayWords
from tests.unit.cli.command import run

REPORTS = [
    "FINDINGS: There is a blorfish quindle beside the pneumothorax. Dr Smithers saw the blorfish.",
    "Blorfish again, not 12mm or T2w. XXXX was not here. A self-blorfish of the air-filled lung.",
    "The patient's quindle’s fine.",
]
Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def everyday() -> EverydayWords:
    return EverydayWords.load(content_folder("glossary"))


def ranked(plainrad: Plainrad, everyday: EverydayWords, *texts: str | None) -> dict[str, tuple[int, int]]:
    found = rank_missing(plainrad.annotate, texts, everyday)
    assert all(one.example is None for one in found.words)
    return {one.word: (one.count, one.reports) for one in found.words}


def test_words_are_counted_and_ranked(plainrad: Plainrad, everyday: EverydayWords) -> None:
    words = ranked(plainrad, everyday, *REPORTS)
    assert next(iter(words)) == "blorfish"
    assert words["blorfish"] == (3, 2)
    assert words["self-blorfish"] == (1, 1)
    assert {"quindle", "quindle's"} <= set(words)


@pytest.mark.parametrize(
    "word", ["pneumothorax", "there", "beside", "smithers", "lung", "air-filled", "xxxx", "mm", "t2w", "tw"]
)
def test_what_needs_no_entry_is_not_ranked(plainrad: Plainrad, everyday: EverydayWords, word: str) -> None:
    """Explained words, everyday words, function words, names in a sentence, numbers, what was taken out."""
    assert word not in ranked(plainrad, everyday, *REPORTS)


def test_a_name_is_told_from_the_first_word_of_a_sentence(plainrad: Plainrad, everyday: EverydayWords) -> None:
    words = ranked(plainrad, everyday, "Vorpal one. Seen by Zorbal. \nGimbal: two. MIMSY three.\n   Tovish four.")
    assert set(words) == {"vorpal", "gimbal", "mimsy", "tovish"}


def test_what_cannot_be_read_is_counted(plainrad: Plainrad, everyday: EverydayWords) -> None:
    found = rank_missing(plainrad.annotate, [None, "", " \n", "x" * 200_001, "A quindle."], everyday)
    assert (found.reports, found.left_out) == (1, 4)


def test_an_example_comes_only_where_it_is_asked_for(plainrad: Plainrad, everyday: EverydayWords) -> None:
    found = rank_missing(plainrad.annotate, REPORTS, everyday, context=True)
    assert found.words[0].example is not None
    assert "blorfish quindle beside" in found.words[0].example


def test_files_of_lines_and_of_text_are_read(tmp_path: Path) -> None:
    lines = tmp_path / "reports.JSONL"
    lines.write_bytes(b'{"id": 1, "text": "one"}\n\nnot json\n{"id": 2}\n[]\n{"text": "t\\u2028o"}\n{"text": 3}\n')
    text, bad = tmp_path / "report.txt", tmp_path / "bad.txt"
    text.write_bytes(b"three\r\n")
    bad.write_bytes(b"\xff")
    assert list(read_texts([lines, text, bad])) == ["one", None, None, None, "t\u2028o", None, "three\r\n", None]


@pytest.mark.usefixtures("plainrad")
def test_the_command_shows_words_and_no_context(capfd: Capture, tmp_path: Path) -> None:
    file = tmp_path / "reports.jsonl"
    file.write_text("".join(json.dumps({"text": one}) + "\n" for one in REPORTS))
    outcome = run(capfd, "terms", "--missing", file, "--top", "1")
    out = outcome.out.decode()
    assert (outcome.code, outcome.err) == (0, "")
    assert "blorfish" in out
    assert "in 3 reports." in out
    assert "quindle" not in out
    assert "For example" not in out
    assert "blorfish quindle beside" in run(capfd, "terms", "--missing", "--context", file).out.decode()


@pytest.mark.usefixtures("plainrad")
def test_a_file_that_cannot_be_read_is_not_named(capfd: Capture) -> None:
    outcome = run(capfd, "terms", "--missing", "quindle")
    assert (outcome.code, outcome.out) == (2, b"")
    assert outcome.err.startswith("plainrad: file_unreadable: ")
    assert "quindle" not in outcome.err


def test_words_that_english_has_often_are_left_out(plainrad: Plainrad, everyday: EverydayWords) -> None:
    found = rank_missing(plainrad.annotate, REPORTS, everyday, ordinary={"blorfish", "quindle", "saw"}.__contains__)
    assert [one.word for one in found.words] == ["self-blorfish"]
