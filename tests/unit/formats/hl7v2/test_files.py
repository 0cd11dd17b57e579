"""Messages out of files of every shape."""

import pytest

from plainrad.formats.hl7v2.files import split_messages
from tests.support.hl7 import message, numbered


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_messages_one_after_the_other(end: bytes) -> None:
    first, second = (numbered(n).replace(b"\r", end) for n in (1, 2))
    assert split_messages(first + second) == [first, second]


def test_framed_messages() -> None:
    assert split_messages(b"\x0b" + numbered(1) + b"\x1c\r\x0b" + numbered(2) + b"\x1c\r\n") == [
        numbered(1),
        numbered(2),
    ]


def test_a_batch_loses_its_envelope_only() -> None:
    batch = b"FHS|^~\\&|A\rBHS|^~\\&|A\r" + numbered(1) + numbered(2) + b"BTS|2\rFTS|1\r"
    assert split_messages(batch) == [numbered(1), numbered(2)]


def test_what_stands_before_the_first_message_is_not_lost_silently() -> None:
    assert split_messages(b"garbage\r" + message()) == [b"garbage\r", message()]
    assert split_messages(b"\xef\xbb\xbf" + message()) == [message()]


@pytest.mark.parametrize("data", [b"", b"\n\n"])
def test_an_empty_file_holds_none(data: bytes) -> None:
    assert split_messages(data) == []
