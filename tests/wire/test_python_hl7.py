"""What python-hl7 does where it is not used. If a release of it does better, the test says so, and ours can go."""

import asyncio
import logging

import hl7
import hl7.util
import pytest
from hl7.mllp import InvalidBlockError
from hl7.mllp.streams import HL7StreamReader
from hl7.util import split_file, unescape

from plainrad.wire.frames import Framer
from tests.support.hl7 import MARKER, message, numbered


async def blocks(*pieces: bytes, limit: int = 65_536, end: bool = True) -> list[bytes | type]:
    """Return what its reader makes of a stream; the type of the error where it makes nothing."""
    reader = HL7StreamReader(limit=limit, loop=asyncio.get_running_loop())
    for piece in pieces:
        reader.feed_data(piece)
    if end:
        reader.feed_eof()
    found: list[bytes | type] = []
    for _ in range(5):
        try:
            async with asyncio.timeout(0.2):
                found.append(await reader.readblock())
        except Exception as error:
            found.append(type(error))
            if isinstance(error, EOFError | TimeoutError):
                break
    return found


def test_its_parser_makes_one_segment_of_line_feeds() -> None:
    assert len(hl7.parse(message().decode().replace("\r", "\n"))) == 1


def test_bytes_before_a_frame_spoil_the_message_in_it() -> None:
    assert asyncio.run(blocks(b"\r\nx\x0bMSH|1\x1c\r"))[0] is InvalidBlockError


def test_an_end_without_a_return_stalls_it() -> None:
    stream = b"\x0bMSH|1\x1c\x0bMSH|2\x1c"
    assert asyncio.run(blocks(stream, end=False)) == [TimeoutError]
    assert [one.data for one in Framer(limit=100).feed(stream)] == [b"MSH|1", b"MSH|2"]


def test_of_a_message_that_is_too_large_nothing_is_left_to_answer_to() -> None:
    found = asyncio.run(blocks(b"\x0b" + numbered(1), b"x" * 5_000, limit=1_000))
    assert found[0] is ValueError
    assert not any(isinstance(one, bytes) and b"ID-00001" in one for one in found)


def test_its_unescape_swallows_words_and_logs_them(caplog: pytest.LogCaptureFixture) -> None:
    own = logging.getLogger(hl7.util.__file__)  # it names its log by its file; the root's handlers may be ours by now
    own.addHandler(caplog.handler)
    own.propagate = False
    try:
        with caplog.at_level(logging.WARNING, logger=own.name):
            read = unescape(hl7.parse(message().decode()), rf"L4\5 {MARKER} and L5\S1")
    finally:
        own.removeHandler(caplog.handler)
        own.propagate = True
    assert MARKER not in read
    assert MARKER in caplog.text


def test_its_acknowledgement_has_no_reason_and_needs_a_whole_header() -> None:
    whole = hl7.parse(message().decode())
    assert len(whole.create_ack("AR").segment("MSA")) == 3
    with pytest.raises(KeyError):
        whole.create_ack("AR").segment("ERR")
    with pytest.raises(TypeError):
        hl7.parse("MSH|^~\\&|A|B|||||ORU\rPID|1\r").create_ack("AR")


def test_splitting_a_file_strips_the_words() -> None:
    assert split_file("MSH|^~\\&|\rOBX|1|TX|a||  words  \r")[0].endswith("||  words\r")
