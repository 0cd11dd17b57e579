"""A series is its pattern, filled in with each of its rows."""

from pathlib import Path

from plainrad.content import content_folder
from plainrad.glossary.read import read_content

RIBS = """[[series]]
each = [{ n = "1", nth = "first" }, { n = "2", nth = "second" }]

[series.entry]
id = "rib-<n>"
term = "<nth> rib"
kind = "anatomy"
forms = ["rib <n>"]
plain = "<nth> {side }rib"
noun = "count"
definition = "The <nth> rib, counting from the top."

[[series.entry.sense]]
form = "rib <n>"
when = { region = ["chest"] }
"""


def series(tmp_path: Path, text: str) -> tuple[list[str], list[str]]:
    folder = tmp_path / "terms" / "chest"
    folder.mkdir(parents=True)
    folder.joinpath("x.toml").write_text(text, encoding="utf-8")
    raw = read_content(tmp_path)
    return [term.model_dump_json() for _, term in raw.terms], [str(problem) for problem in raw.problems]


def test_a_series_gives_an_entry_for_each_row(tmp_path: Path) -> None:
    terms, problems = series(tmp_path, RIBS)
    assert problems == []
    assert len(terms) == 2
    assert '"second rib"' in terms[1]
    assert '"second {side }rib"' in terms[1]
    assert '"form":"rib 2"' in terms[1]


def test_a_slot_without_a_word_in_the_row_is_a_problem_of_that_entry(tmp_path: Path) -> None:
    terms, problems = series(tmp_path, RIBS.replace('{ n = "2", nth', '{ number = "2", nth'))
    assert len(terms) == 1
    assert problems[0].startswith("terms/chest/x.toml: rib-<n>: `id`")


def test_the_numbered_parts_of_the_body_are_there() -> None:
    raw = read_content(content_folder("glossary"))
    parts = {part.id for part in raw.parts}
    ids = {term.id for _, term in raw.terms}
    for wanted in (
        "cervical-vertebra-7", "thoracic-vertebra-12", "lumbar-vertebra-5", "lumbar-level-4-5", "rib-12", "metacarpal-5",
        "metatarsal-1", "liver-segment-8", "right-upper-lobe-apical-segment", "heart-inferior-wall",
    ):  # fmt: skip
        assert wanted in parts
        assert wanted in ids
