"""The fixed sentences: complete in each language, and plain."""

import re
from dataclasses import fields
from datetime import date
from importlib.resources.abc import Traversable

import pytest

from plainrad.content import content_folder
from plainrad.errors import ContentInvalidError
from plainrad.render.strings import CATALOGUE, Strings, load_strings, parse_strings


@pytest.fixture
def catalogue() -> str:
    file: Traversable = content_folder("templates").joinpath(CATALOGUE)
    return file.read_text(encoding="utf-8")


def test_a_language_is_added_without_touching_code(catalogue: str) -> None:
    welsh = catalogue.replace("[en-GB", "[cy").replace("Where to read more", "Ble i ddarllen mwy")
    assert parse_strings(catalogue + welsh, language="cy").links == "Ble i ddarllen mwy"


def test_a_missing_key_is_named(catalogue: str) -> None:
    with pytest.raises(ContentInvalidError, match=r"\[en-GB\] lacks the key 'eyebrow'"):
        parse_strings(catalogue.replace("eyebrow =", "eyebrows ="))


def test_a_key_that_nothing_shows_is_named(catalogue: str) -> None:
    with pytest.raises(ContentInvalidError, match=r"\[en-GB\] has the key 'eyebrows'"):
        parse_strings(catalogue.replace("eyebrow =", "eyebrows ="))


def test_a_missing_group_heading_is_named(catalogue: str) -> None:
    with pytest.raises(ContentInvalidError, match=r"\[en-GB\.groups\] lacks the key 'normal'"):
        parse_strings(catalogue.replace("normal =", "usual ="))


def test_a_missing_table_is_named(catalogue: str) -> None:
    with pytest.raises(ContentInvalidError, match=r"\[en-GB\.sides\] lacks the key 'both'"):
        parse_strings(catalogue.replace("[en-GB.sides]", "[other]"))


def test_a_missing_language_is_named(catalogue: str) -> None:
    with pytest.raises(ContentInvalidError, match=r"there is no table \[fr\]"):
        parse_strings(catalogue, language="fr")


def test_a_language_that_nobody_speaks_is_refused(catalogue: str) -> None:
    with pytest.raises(ContentInvalidError, match=r"\[qx\] is no language"):
        parse_strings(catalogue.replace("[en-GB", "[qx"), language="qx")


@pytest.mark.parametrize(
    ("language", "direction", "day"),
    [("en-GB", "ltr", "1 March 2026"), ("cy", "ltr", "1 Mawrth 2026"), ("ur", "rtl", "1 مارچ، 2026")],
)
def test_a_language_writes_days_and_lines_in_its_own_way(
    catalogue: str, language: str, direction: str, day: str
) -> None:
    say = parse_strings(catalogue.replace("[en-GB", f"[{language}"), language=language)
    assert (say.direction, say.day(date(2026, 3, 1))) == (direction, day)


def test_a_number_where_a_text_belongs_is_refused(catalogue: str) -> None:
    with pytest.raises(ContentInvalidError, match=r"product: give a text in quotes"):
        parse_strings(catalogue.replace('product = "Plainrad"', "product = 1"))


def test_a_broken_file_is_refused() -> None:
    with pytest.raises(ContentInvalidError, match="not valid TOML"):
        parse_strings("[en-GB")


def _sentences() -> list[str]:
    say = load_strings()
    texts = [value for field in fields(Strings) if isinstance(value := getattr(say, field.name), str)]
    urgent = say.urgent_before + say.urgent_link + say.urgent_after
    return [part for text in [*texts, *say.groups.values(), urgent] for part in re.split(r"(?<=[.!?])\s+", text)]


def test_a_sentence_has_at_most_twenty_words() -> None:
    assert [sentence for sentence in _sentences() if len(sentence.split()) > 20] == []


def test_the_page_gives_no_advice_of_its_own_and_avoids_hard_words() -> None:
    avoided = re.compile(r"\b(?:should|must|clinicians?|renal|acute|chronic|don't|isn't|e\.g\.|etc)\b", re.IGNORECASE)
    assert [sentence for sentence in _sentences() if avoided.search(sentence)] == []


def test_the_line_about_nhs_111_is_the_agreed_one() -> None:
    say = load_strings()
    assert say.urgent_before + say.urgent_link + say.urgent_after == (
        "If you feel unwell or worried, go to NHS 111 online or call 111."
    )
    assert say.urgent_address == " (https://111.nhs.uk/)"  # on paper and in plain text, where no link leads there
