"""An entry put into a file changes nothing else of it."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainrad.content import content_folder, walk
from plainrad.errors import ContentInvalidError
from plainrad.glossary.overlay import Placed, entry_digest, overlaid, overlay_digest
from plainrad.glossary.read import read_content
from plainrad.glossary.schema import SenseSchema, TermSchema, WhenSchema
from plainrad.glossary.write import entry_toml, with_entry

FILES = [
    (path, text)
    for path, file in walk(content_folder("glossary").joinpath("terms"), ".toml", "")
    if "[[term]]" in (text := file.read_text(encoding="utf-8"))
]


def entries(text: str) -> list[TermSchema]:
    return [TermSchema.model_validate(row) for row in tomllib.loads(text).get("term", [])]


@pytest.mark.parametrize(("path", "text"), FILES, ids=[path for path, _ in FILES])
def test_every_shipped_file_takes_a_change_to_its_last_entry_and_to_nothing_else(path: str, text: str) -> None:
    before = entries(text)
    changed = before[-1].model_copy(update={"plain": "something else"})
    after = with_entry(text, changed)
    assert entries(after) == [*before[:-1], changed]
    assert tomllib.loads(after).get("series") == tomllib.loads(text).get("series")
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        line for line in after.splitlines() if line.startswith("#")
    ]
    assert with_entry(with_entry(text, changed), before[-1]).count("[[term]]") == text.count("[[term]]")


def test_a_new_entry_goes_to_the_end_and_an_empty_file_is_begun() -> None:
    made = TermSchema(id="a-b", term="a b", kind="finding", plain="x", noun="count", definition="Y.")
    assert with_entry("", made) == entry_toml(made)
    text = FILES[0][1]
    assert with_entry(text, made).startswith(text.rstrip())


words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(
    lambda one: one.strip() == one
)


@given(words, st.lists(words, max_size=3), words)
def test_any_words_go_in_and_come_out(plain: str, forms: list[str], near: str) -> None:
    made = TermSchema(
        id="a-b", term="a b", kind="finding", plain=plain, noun="count", definition="Y.", forms=forms,
        sense=[SenseSchema(form="a b", when=WhenSchema(near=[near], region=["chest"]))],
    )  # fmt: skip
    assert entries(entry_toml(made)) == [made]


def test_a_file_that_is_laid_out_otherwise_is_left_alone() -> None:
    made = TermSchema(id="a-b", term="a b", kind="finding", plain="x", noun="count", definition="Y.")
    inline = 'term = [{ id = "c", term = "c", kind = "finding", plain = "x", noun = "count", definition = "Y." }]\n'
    with pytest.raises((ContentInvalidError, tomllib.TOMLDecodeError)):
        with_entry(inline, made)


def test_an_overlay_replaces_adds_and_leaves_the_shipped_content_alone() -> None:
    raw = read_content(content_folder("glossary"))
    path, first = raw.terms[0]
    other = first.model_copy(update={"plain": "other words"})
    new = first.model_copy(update={"id": "quite-new"})
    made = overlaid(raw, {first.id: Placed(path, other), "quite-new": Placed(path, new)})
    assert made.terms[0] == (path, other)
    assert made.terms[-1] == (path, new)
    assert len(made.terms) == len(raw.terms) + 1
    assert raw.terms[0] == (path, first)
    assert entry_digest(first) != entry_digest(other) != entry_digest(None) == ""
    assert overlay_digest({first.id: Placed(path, first)}) != overlay_digest({first.id: Placed(path, other)})
