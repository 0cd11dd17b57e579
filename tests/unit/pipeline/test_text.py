"""Normalisation and tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainrad.pipeline.text import match_words, normalise, tokenise


@given(st.text())
def test_normalisation_never_changes_the_length(text: str) -> None:
    assert len(normalise(text)) == len(text)


@given(st.text())
def test_tokens_lie_in_order_and_cover_everything_but_spaces(text: str) -> None:
    plain = normalise(text)
    tokens = tokenise(plain)
    place = 0
    for start, end in zip(tokens.starts, tokens.ends, strict=True):
        assert plain[place:start].strip(" ") == "" or plain[place:start].isspace()
        assert start < end
        place = end
    assert plain[place:].strip() == ""


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("L4/5 disc", ["L4/5", "disc"]),
        ("?PE", ["?", "PE"]),
        ("#NOF", ["#", "NOF"]),
        ("12x9mm", ["12", "x", "9", "mm"]),
        ("T2-weighted", ["T2", "-", "weighted"]),
        ("12/5/24", ["12/5/24"]),
        ("3/12", ["3/12"]),
        ("Murphy’s sign", ["Murphy's", "sign"]),
        ("A&E", ["A&E"]),
        ("1.No evidence", ["1", ".", "No", "evidence"]),
        ("2WW", ["2WW"]),
        ("a\r\nb", ["a", "\n", "b"]),
    ],
)
def test_radiology_tokens(text: str, tokens: list[str]) -> None:
    assert tokenise(normalise(text)).raw == tokens


def test_hyphens_do_not_count_when_forms_are_matched() -> None:
    assert match_words("ground-glass opacity") == match_words("Ground glass opacity") == ("ground", "glass", "opacity")


@given(st.text(min_size=1))
def test_at_finds_the_token_of_a_character(text: str) -> None:
    tokens = tokenise(normalise(text))
    for index, (start, end) in enumerate(zip(tokens.starts, tokens.ends, strict=True)):
        assert tokens.at(start) == index
        assert tokens.at(end - 1) == index
