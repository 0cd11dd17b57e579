"""MLLP frames out of a stream that is cut anywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainrad.wire.frames import Frame, Framer, frame

LIMIT = 100


def feed(*pieces: bytes, limit: int = LIMIT) -> list[tuple[str, bytes]]:
    framer = Framer(limit=limit)
    return [(one.kind, one.data) for piece in pieces for one in framer.feed(piece)]


def test_a_frame_is_a_message() -> None:
    assert feed(frame(b"MSH|1")) == [("message", b"MSH|1")]


def test_several_frames_in_one_piece_and_one_frame_in_many() -> None:
    both = frame(b"one") + frame(b"two")
    assert feed(both) == [("message", b"one"), ("message", b"two")]
    assert feed(*(both[n : n + 1] for n in range(len(both)))) == [("message", b"one"), ("message", b"two")]


@pytest.mark.parametrize("end", [b"\x1c\r", b"\x1c", b"\x1c\r\n", b"\x1c\r\x1c\r", b"\x1c\r\r\n"])
def test_ends_that_senders_write_are_taken(end: bytes) -> None:
    assert feed(b"\x0bone" + end + b"\x0btwo" + end) == [("message", b"one"), ("message", b"two")]


def test_a_message_that_breaks_off_and_begins_again_is_the_second() -> None:
    assert feed(b"\x0bMSH|half", b"\x0bMSH|whole\x1c\r") == [("message", b"MSH|whole")]


@pytest.mark.parametrize("data", [b"MSH|^~\\&|A\rPID|1\r", b"junk\x0bMSH|1\x1c\r", b"x" * 5000, b"GET / HTTP/1.1\r\n"])
def test_bytes_outside_a_frame_are_said_to_be_so(data: bytes) -> None:
    ((kind, beginning),) = feed(data)
    assert kind == "unframed"
    assert data.startswith(beginning[:10])


def test_what_is_too_large_keeps_its_beginning_only() -> None:
    ((kind, beginning),) = feed(b"\x0bMSH|1", b"x" * 101, limit=LIMIT)
    assert (kind, beginning[:5]) == ("too_large", b"MSH|1")
    ((kind, _),) = feed(b"\x0b" + b"x" * 101 + b"\x1c\r", limit=LIMIT)
    assert kind == "too_large"
    assert feed(b"\x0b" + b"x" * 100 + b"\x1c\r", limit=LIMIT) == [("message", b"x" * 100)]


def test_an_end_in_the_middle_of_a_message_is_noticed() -> None:
    framer = Framer(limit=LIMIT)
    assert framer.feed(b"\x0bMSH|half") == []
    assert framer.waiting
    assert framer.end() == Frame("unframed", b"MSH|half")
    assert Framer(limit=LIMIT).end() is None


@given(
    st.lists(
        st.binary(min_size=1, max_size=40).map(lambda one: one.replace(b"\x0b", b"").replace(b"\x1c", b"")).filter(bool)
    ),
    st.data(),
)
def test_however_it_is_cut_the_messages_are_the_same(messages: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(map(frame, messages))
    pieces = []
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        pieces.append(stream[:size])
        stream = stream[size:]
    assert feed(*pieces) == [("message", one) for one in messages]


@given(st.lists(st.binary(max_size=300)))
def test_no_bytes_make_it_fail_or_hold_more_than_it_may(pieces: list[bytes]) -> None:
    framer = Framer(limit=LIMIT)
    for piece in pieces:
        for one in framer.feed(piece):
            assert len(one.data) <= max(LIMIT, 4096)
        assert len(framer._buffer) <= LIMIT + 4096 + 300


def test_a_vertical_tab_in_a_text_is_a_line_break_that_somebody_pasted() -> None:
    assert feed(b"\x0bMSH|1\rOBX|Mild.\x0bMSHx no\x0b\x1c\r") == [("message", b"MSH|1\rOBX|Mild.\x0bMSHx no\x0b")]


def test_what_is_held_can_be_let_go() -> None:
    framer = Framer(limit=LIMIT)
    framer.feed(b"\x0bMSH|half")
    assert (framer.held, framer.drop(), framer.held, framer.waiting) == (8, b"MSH|half", 0, False)
