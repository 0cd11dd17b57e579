"""All public messages: taken or refused as their status says, and their words are those of an independent reading.

The messages stand beside the checkout or not at all; they are never copied here.
"""

from collections import Counter

import hl7
import pytest
from hl7apy.parser import parse_message as hl7apy_parse

from plainrad.errors import ReportError
from plainrad.formats.hl7v2.message import parse_message
from plainrad.formats.hl7v2.read import ReportReceived, read_oru
from plainrad.formats.hl7v2.refusals import refusal_of
from plainrad.formats.hl7v2.site import Hl7Site
from tests.support.hl7 import PUBLIC_SITE, public_messages

MESSAGES = public_messages()
pytestmark = pytest.mark.skipif(not MESSAGES, reason="the public messages do not stand beside the checkout")


def answer(message: str, site: Hl7Site = PUBLIC_SITE) -> str:
    try:
        (item,) = read_oru(message.encode(), site).items
    except ReportError as error:
        return refusal_of(error)[0]
    assert isinstance(item, ReportReceived)
    return item.report.status.value


def stated(message: str) -> tuple[str, frozenset[str]]:
    """OBR-25 and the OBX-11 of the text segments, by plain splitting."""
    whole, parts = "", set()
    for fields in (segment.split("|") for segment in message.split("\r")):
        if fields[0] == "OBR":
            whole = fields[25] if len(fields) > 25 else ""
        if fields[0] == "OBX" and fields[2] in ("TX", "ST", "FT"):
            parts.add(fields[11] if len(fields) > 11 else "")
    return whole, frozenset(parts)


def expected(message: str) -> str:
    whole, parts = stated(message)
    if whole:
        return {"Final": "final"}.get(whole, "report_not_verified")
    return {frozenset({"F"}): "final", frozenset({""}): "report_status_missing"}.get(parts, "report_not_verified")


def words(message: str) -> str:
    """The text by plain splitting: every OBX with words, a line for each and for each repetition."""
    found = []
    for fields in (segment.split("|") for segment in message.split("\r")):
        if fields[0] == "OBX" and fields[2] in ("TX", "ST", "FT"):
            found += fields[5].replace("\\T\\", "&").replace("\\S\\", "^").split("~")
    return "\n".join(found)


def without_headings(item: ReportReceived) -> str:
    text = item.report.text
    for start, end in reversed(item.headings):
        text = text[:start] + text[end:]
    return text


def test_each_is_answered_as_its_status_says() -> None:
    assert [answer(one) for one in MESSAGES] == [expected(one) for one in MESSAGES]
    assert Counter(map(answer, MESSAGES)) == {"final": 205, "report_not_verified": 208, "report_status_missing": 2}


def test_the_counts_by_what_the_sender_says() -> None:
    counts = Counter((stated(one)[0], answer(one)) for one in MESSAGES)
    assert counts == {
        ("Final", "final"): 68, ("", "final"): 137, ("Prelim", "report_not_verified"): 72, ("Wet Read", "report_not_verified"): 71,
        ("", "report_not_verified"): 65, ("", "report_status_missing"): 2,
    }  # fmt: skip


def test_without_naming_the_sender_a_site_takes_what_is_surely_radiology() -> None:
    counts = Counter(answer(one, Hl7Site()) for one in MESSAGES)
    assert counts["not_radiology"] == 110  # departments such as H, M, SMCH or MDXREVNT say nothing to others
    assert counts["final"] == 136


def test_the_words_are_those_of_an_independent_reading() -> None:
    compared = 0
    for one in MESSAGES:
        if answer(one) == "final":
            (item,) = read_oru(one.encode(), PUBLIC_SITE).items
            assert isinstance(item, ReportReceived)
            assert without_headings(item) == words(one)
            compared += 1
    assert compared == 205


def test_python_hl7_reads_the_same_fields() -> None:
    for one in MESSAGES:
        ours, theirs = parse_message(one.encode()), hl7.parse(one)
        for mine, other in zip(ours.segments, theirs, strict=True):
            assert [field.strip() for field in mine.fields] == [str(field).strip() for field in other]


def test_hl7apy_reads_the_same_words() -> None:
    """It knows only versions up to 2.8.2 and takes a thirtieth of a second for each: every tenth."""
    for one in [message for message in MESSAGES if answer(message) == "final"][::10]:
        read = hl7apy_parse(one, find_groups=False)
        theirs = []
        for segment in read.children:
            if segment.name == "OBX" and segment.obx_2.value in ("TX", "ST", "FT"):
                theirs += ["" if field.value is None else field.to_er7() for field in segment.obx_5] or [""]
        (item,) = read_oru(one.encode(), PUBLIC_SITE).items
        assert isinstance(item, ReportReceived)
        meant = "\n".join(theirs).replace("\\T\\", "&").replace("\\S\\", "^")
        assert without_headings(item) == meant
