"""Batches: whole or not at all, and their answer is a batch of answers."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from plainrad.errors import MessageError
from plainrad.formats.hl7v2.batch import MOST_MESSAGES, batch_answer, batch_header, is_batch, split_batch
from plainrad.formats.hl7v2.files import split_messages
from tests.support.hl7 import message, numbered

BHS = b"BHS|^~\\&|RIS|RXX|HL7API|PKB|20260102||||B-77\r"
FHS = b"FHS|^~\\&|RIS|RXX|HL7API|PKB|20260102||||F-12\r"
ONE, TWO = numbered(1), numbered(2)


@pytest.mark.parametrize(
    "data",
    [
        BHS + ONE + TWO + b"BTS|2\r",
        BHS + ONE + TWO + b"BTS|2",
        BHS + ONE + TWO + b"BTS\r",
        BHS + ONE + TWO + b"BTS||comment\r",
        FHS + BHS + ONE + TWO + b"BTS|2\rFTS|1\r",
        FHS + BHS + ONE + b"BTS|1\r" + BHS + TWO + b"BTS|1\rFTS|2\r",
        BHS + ONE + b"BTS|1\r" + BHS + TWO + b"BTS|1\r",
        FHS + ONE + TWO + b"FTS|1\r",
        FHS + BHS + ONE + b"BTS|1\rFTS|1\r" + FHS + BHS + TWO + b"BTS|1\rFTS|1\r",
    ],
)
def test_a_whole_batch_is_its_messages(data: bytes) -> None:
    assert is_batch(data)
    assert split_batch(data) == [ONE, TWO]
    assert split_messages(data) == [ONE, TWO]
    assert split_messages(b"\x0b" + data + b"\x1c\r") == [ONE, TWO]


@pytest.mark.parametrize(
    "data",
    [
        BHS + ONE + TWO,
        BHS + ONE + TWO + b"BTS|3\r",
        BHS + ONE + TWO + b"BTS|x\r",
        BHS + ONE + BHS + TWO + b"BTS|2\r",
        FHS + BHS + ONE + b"BTS|1\r",
        FHS + BHS + ONE + b"BTS|1\rFTS|2\r",
        FHS + BHS + ONE + b"FTS|1\r",
        BHS + ONE + b"BTS|1\r" + TWO,
        BHS,
    ],
)
def test_a_batch_that_was_cut_is_refused_whole(data: bytes) -> None:
    with pytest.raises(MessageError) as raised:
        split_batch(data)
    assert raised.value.code == "batch_incomplete"
    with pytest.raises(MessageError):
        split_messages(data)


def test_a_batch_of_nothing_and_one_of_too_much() -> None:
    for data, code in (
        (BHS + b"BTS|0\r", "message_empty"),
        (BHS + b"MSH|\r" * (MOST_MESSAGES + 1) + b"BTS\r", "batch_too_large"),
    ):
        with pytest.raises(MessageError) as raised:
            split_batch(data)
        assert raised.value.code == code


@pytest.mark.parametrize("data", [message(), b"", b"BHSX|", b"FHS1", b"xBHS|"])
def test_what_is_no_batch(data: bytes) -> None:
    assert not is_batch(data)


def test_the_answers_stand_in_a_batch_that_names_theirs() -> None:
    made = batch_answer(BHS, [b"MSH|a\rMSA|AA|1\r", b"MSH|b\rMSA|AR|2\r"], now=datetime(2026, 1, 2, tzinfo=UTC), zone=ZoneInfo("Europe/London"))  # fmt: skip
    lines = made.decode().split("\r")
    assert lines[0].split("|") == [
        "BHS",
        "^~\\&",
        "HL7API",
        "PKB",
        "RIS",
        "RXX",
        "20260102000000",
        "",
        "",
        "",
        "",
        "B-77",
    ]
    assert lines[1:] == ["MSH|a", "MSA|AA|1", "MSH|b", "MSA|AR|2", "BTS|2", ""]


def test_a_refusal_is_answered_to_the_batch() -> None:
    header = batch_header(FHS)
    assert header is not None
    assert (header.get(3), header.get(10)) == ("RIS", "F-12")
    assert batch_header(message()) is None
    assert batch_header(b"BHS") is None
