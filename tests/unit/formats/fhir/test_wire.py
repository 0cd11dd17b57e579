"""FHIR JSON is read and written without losing a digit, and bombs are refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainrad.errors import JsonInvalidError, ReportEncodingError
from plainrad.formats.fhir.wire import MAX_DEPTH, dumps, parse

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=4),
)  # fmt: skip


def test_decimals_keep_their_digits() -> None:
    assert dumps(parse(b'{"a":1.10,"b":-0.00,"c":100,"d":1.5e3}')) == b'{"a":1.10,"b":-0.00,"c":100,"d":1.5E+3}'


@given(VALUES)
def test_what_is_written_is_read_again(value: object) -> None:
    assert parse(dumps(value)) == value == json.loads(dumps(value))


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"nul", b'{"a":1,"a":2}', b"NaN", b"[" * 100_000, b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), b"[{}," * 60_000,
        b"1e999999999", b"9" * 5000, b'{"a":Infinity}',
    ],
)  # fmt: skip
def test_what_is_no_json_or_too_much_of_it_is_refused(data: bytes) -> None:
    with pytest.raises(JsonInvalidError):
        parse(data)


@pytest.mark.parametrize("data", [b'"\xff"', rb'"\ud800"', rb'{"\udc00": 1}'])
def test_half_characters_are_refused(data: bytes) -> None:
    with pytest.raises(ReportEncodingError):
        parse(data)


@given(st.binary(max_size=200))
def test_whatever_is_sent_is_read_or_refused(data: bytes) -> None:
    try:
        parse(data)
    except (JsonInvalidError, ReportEncodingError):
        return
