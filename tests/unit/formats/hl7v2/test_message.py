"""Segments and fields as they were sent; header, line ends and character sets."""

import hl7
import pytest

from plainrad.errors import MessageError
from plainrad.formats.hl7v2.message import MOST_SEGMENTS, parse_message, peek_header
from tests.support.hl7 import message, msh, obr, obx, pid


def code_of(data: bytes, **options: str) -> str:
    with pytest.raises(MessageError) as caught:
        parse_message(data, **options)
    return caught.value.code


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_any_line_end_ends_a_segment_if_it_ends_the_first(end: str) -> None:
    found = parse_message(message(msh(), pid(), obr(), obx("words"), end=end))
    assert [one.name for one in found.segments] == ["MSH", "PID", "OBR", "OBX"]
    assert found.segments[-1].raw(5) == "words"


def test_white_space_at_the_ends_of_a_text_is_part_of_it() -> None:
    assert parse_message(b"MSH|^~\\&|A\rOBX|1|TX|a||  words  \r").segments[1].raw(5) == "  words  "
    assert parse_message(b"MSH|^~\\&|A\nOBX|1|TX|a||  words  \n").segments[1].raw(5) == "  words  "


def test_a_line_feed_inside_a_text_is_a_line_of_it() -> None:
    found = parse_message(message(msh(), pid(), obr(), obx("one\ntwo")))
    assert found.segments[-1].raw(5) == "one\ntwo"


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(obx("one\rtwo"), id="a line of a text that is no segment"),
        pytest.param(obx() + "\rNAD", id="no abnormality detected is no empty segment"),
        pytest.param(obx("one\nOBX|2|TX|a||two"), id="two kinds of line ends"),
        pytest.param("OBXX|1|TX|a||words", id="a name of four letters"),
        pytest.param("obx|1|TX|a||words", id="a name in small letters"),
        pytest.param(" OBX|1|TX|a||words", id="a space before the name"),
    ],
)
def test_a_line_that_is_no_segment_is_refused_and_not_dropped(broken: str) -> None:
    assert code_of(message(msh(), pid(), obr(), broken)) == "segment_invalid"


def test_unknown_segments_are_read_and_change_nothing() -> None:
    found = parse_message(message(msh(), "ZPF|1|x", pid(), "SFT|any", obr(), "ZZ9|", obx()))
    assert [one.name for one in found.segments][1] == "ZPF"


@pytest.mark.parametrize(
    "data",
    [
        b"HELLO", b"MSH", b"MSH|", b"PID|1\rMSH|^~\\&|A|", b"MSH|^~\\|A|", b"MSH|^^\\&|A|", b"MSHA^~\\&A", b"MSH|^~\\&&&|A|",
        b"MSH ^~\\& A ", b"MSH||A", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00", b"MSH\xe9^~\\&\xe9",
    ],
)  # fmt: skip
def test_a_header_that_cannot_be_read_is_refused(data: bytes) -> None:
    assert code_of(data) == "message_header"


def test_a_bare_header_is_a_header() -> None:
    assert parse_message(b"MSH|^~\\&").control_id == ""


@pytest.mark.parametrize("data", [b"", b"\r\n", b"\x0b\x1c\r", b"   "])
def test_nothing_is_no_message(data: bytes) -> None:
    assert code_of(data) == "message_empty"


def test_two_messages_in_one_frame_are_refused() -> None:
    assert code_of(message() + message()) == "message_several"


def test_delimiters_are_those_that_the_header_names() -> None:
    found = parse_message(b"MSH#@!?%#RADIOLOGY#RXX@1.2@ISO#\rPID#1##99@@@NHS%NH!H1@@@RXX#\r")
    assert found.header.get(4, 2) == "1.2"
    assert found.segments[1].repetitions(3) == ["99@@@NHS%NH", "H1@@@RXX"]
    assert found.segments[1].get(3, 4, 2) == "NH"


def test_the_fifth_encoding_character_of_2_7_is_taken() -> None:
    assert parse_message(b"MSH|^~\\&#|RIS|\r").header.get(3) == "RIS"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("", "utf-8"), ("ASCII", "ascii"), ("8859/1", "cp1252"), ("8859/15", "iso8859-15"), ("ISO-8859-1", "cp1252"),
        ("UNICODE UTF-8", "utf-8"), ("UNICODE", "utf-8"), ("utf-8", "utf-8"), ("Windows-1252", "cp1252"), ("8859/1~ISO IR87", "cp1252"),
    ],
)  # fmt: skip
def test_msh_18_says_which_characters(declared: str, encoding: str) -> None:
    text = message(msh(f18=declared), pid(), obr(), obx("plain")).decode()
    assert parse_message(text.encode(encoding)).encoding == encoding


@pytest.mark.parametrize("declared", ["8859/1", "ISO-8859-1", "ISO8859/1"])
def test_what_windows_calls_latin_1_has_no_control_characters_for_quotation_marks(declared: str) -> None:
    sent = message(msh(f18=declared), pid(), obr(), obx("The patient's X - no fracture")).replace(b"'", b"\x92")
    assert "patient’s" in parse_message(sent.replace(b" - ", b" \x96 ")).segments[3].get(5)
    with pytest.raises(MessageError, match="character set"):
        parse_message(sent.replace(b"X", b"\x81"))


def test_more_segments_than_a_report_can_have_are_refused() -> None:
    sent = message() + b"NTE|1||x\r" * (MOST_SEGMENTS + 1)
    with pytest.raises(MessageError) as raised:
        parse_message(sent)
    assert raised.value.code == "message_too_large"


@pytest.mark.parametrize("encoding", ["iso8859-1", "cp1252", "utf-8", "iso8859-15"])
def test_letters_with_accents_arrive(encoding: str) -> None:
    names = {"iso8859-1": "8859/1", "iso8859-15": "8859/15", "cp1252": "CP1252", "utf-8": "UNICODE UTF-8"}
    data = message(
        msh(f18=names[encoding]),
        pid(),
        obr(),
        obx("Baastrup’s Ménière 5 µm" if encoding in ("utf-8", "cp1252") else "Ménière 5 µm"),
    )
    sent = data.decode().encode(encoding)
    assert "Ménière 5 µm" in parse_message(sent).segments[-1].raw(5)


def test_what_is_not_of_the_character_set_is_refused_and_not_guessed() -> None:
    latin = message(msh(), pid(), obr(), obx("Ménière")).decode().encode("iso8859-1")
    assert code_of(latin) == "encoding_invalid"
    assert parse_message(latin, default_encoding="iso8859-1").segments[-1].raw(5) == "Ménière"
    ascii_only = message(msh(f18="ASCII"), pid(), obr(), obx("Ménière"))
    assert code_of(ascii_only) == "encoding_invalid"
    assert code_of(message(msh(f18="EBCDIC"), pid(), obr(), obx())) == "encoding_unknown"
    assert code_of(message(msh(), pid(), obr(), obx("a\0b"))) == "encoding_invalid"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_marked_and_wide_characters_are_read(encoding: str) -> None:
    text = message(msh(f18="UNICODE UTF-16" if "16" in encoding else ""), pid(), obr(), obx("Ménière")).decode()
    assert parse_message(text.encode(encoding)).segments[-1].raw(5) == "Ménière"


def test_a_header_is_found_even_in_what_is_refused() -> None:
    broken = b"\x0bMSH|^~\\&|RIS|RXX|||||ORU^R01|ID-7|P|2.4|||||||EBCDIC\rhalf a li"
    header = peek_header(broken)
    assert header is not None
    assert header.get(10) == "ID-7"
    assert peek_header(b"no message") is None


def test_python_hl7_sees_the_same_fields() -> None:
    """A second reading of the structure. (It strips the last field and cannot read line feeds, which is why it is only the second.)"""
    data = message(msh(), pid(), obr(), obx("one~two^three&four"))
    theirs = hl7.parse(data.decode())
    ours = parse_message(data)
    for mine, other in zip(ours.segments, theirs, strict=True):
        assert mine.fields == tuple(str(one) for one in other)
