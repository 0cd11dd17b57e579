"""What an escape means, and that whatever is none stays as it was sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plainrad.formats.hl7v2.escapes import Delimiters, escape, unescape


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ("no escapes", "no escapes"),
        (r"T1 \T\ T2", "T1 & T2"),
        (r"\F\\S\\R\\E\\T\\", "|^~\\&\\"),
        (r"one\.br\two\.br\\.br\four", "one\ntwo\n\nfour"),
        (r"\H\Important\N\ finding", "Important finding"),
        (r"one\.sp\two\.sp2\three", "one\ntwo\n\nthree"),
        (r"\.in+4\\.ti-2\\.fi\\.nf\word", "word"),
        (r"a\.sk3\b", "a   b"),
        (r"\.ce\middle", "\nmiddle"),
        (r"37\XC2B0\C", "37°C"),
        (r"end\X0D0A\next", "end\r\nnext"),
        # no escapes: these are the words of somebody who did not know of them
        (r"L4\5 and L5\S1 disc", r"L4\5 and L5\S1 disc"),
        (r"C:\images\new", r"C:\images\new"),
        (r"left\right", r"left\right"),
        (r"\Zlocal\ \C2842\ \M2442\ ", r"\Zlocal\ \C2842\ \M2442\ "),
        (r"\XC3\ half a character", r"\XC3\ half a character"),
        (r"\X00\ \X1B\ control", r"\X00\ \X1B\ control"),
        (r"\XZZ\ \X1\ ", r"\XZZ\ \X1\ "),
        (r"\.sp9999\ far", r"\.sp9999\ far"),
        ("ends in \\", "ends in \\"),
    ],
)
def test_an_escape_is_read_and_everything_else_stays(sent: str, meant: str) -> None:
    assert unescape(sent) == meant


def test_characters_by_number_are_those_of_the_message() -> None:
    assert unescape(r"37\XB0\C", encoding="iso8859-1") == "37°C"
    assert unescape(r"\X80\5", encoding="cp1252") == "€5"


def test_own_delimiters_have_own_escapes() -> None:
    own = Delimiters("#", "@", "!", "?", "%")
    assert unescape("a?F?b?S?c?R?d?T?e?E?f?.br?g \\.br\\", own) == "a#b@c!d%e?f\ng \\.br\\"


@given(st.text())
def test_what_is_escaped_comes_back(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    assert unescape(escape(text)) == lines


@given(st.text())
def test_an_escaped_text_holds_no_delimiter_and_no_line_end(text: str) -> None:
    assert not set(escape(text)) & set("|^~&\r\n")


@given(st.text(alphabet="\\FSTREHN.brspkin0149XACZ \n|"))
def test_no_text_makes_reading_fail(text: str) -> None:
    unescape(text)
