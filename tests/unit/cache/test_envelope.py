"""Only the whole content, for just these inputs, is taken out of a file."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainrad.cache.envelope import FORMAT, opened, sealed

KEY = "a" * 64
BODY = b'{"some": "content"}\nin two lines'
WHOLE = sealed(BODY, key=KEY)


def test_what_was_sealed_is_opened() -> None:
    assert opened(WHOLE, key=KEY) == BODY
    assert opened(sealed(b"", key=KEY), key=KEY) == b""


@pytest.mark.parametrize("length", range(len(WHOLE)))
def test_a_file_that_ends_early_is_not_opened(length: int) -> None:
    assert opened(WHOLE[:length], key=KEY) is None


def test_a_file_that_goes_on_is_not_opened() -> None:
    assert opened(WHOLE + b" ", key=KEY) is None
    assert opened(WHOLE + WHOLE, key=KEY) is None


@given(place=st.integers(0, len(WHOLE) - 1), change=st.integers(1, 255))
def test_a_file_with_one_other_byte_is_not_opened(place: int, change: int) -> None:
    assert opened(WHOLE[:place] + bytes([WHOLE[place] ^ change]) + WHOLE[place + 1 :], key=KEY) is None


@given(data=st.binary(max_size=600))
def test_no_other_bytes_are_opened(data: bytes) -> None:
    assert opened(data, key=KEY) is None


def test_what_was_made_of_other_inputs_is_not_opened() -> None:
    assert opened(WHOLE, key="b" * 64) is None


def test_another_format_is_not_opened() -> None:
    head = {"plainrad": FORMAT + 1, "key": KEY, "length": len(BODY), "sha256": hashlib.sha256(BODY).hexdigest()}
    assert opened(json.dumps(head).encode() + b"\n" + BODY, key=KEY) is None
