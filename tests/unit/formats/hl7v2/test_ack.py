"""Acknowledgements that any receiver can read, with nothing of the patient in them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import hl7
import pytest
from hl7apy.parser import parse_message as hl7apy_parse  # type: ignore[import-untyped]
from hl7apy.validation import Validator  # type: ignore[import-untyped]

from plainrad.formats.hl7v2.ack import build_ack
from plainrad.formats.hl7v2.message import parse_message, peek_header
from plainrad.formats.hl7v2.refusals import CONDITIONS, REFUSALS
from tests.support.hl7 import MARKER, message, msh, obr, obx, pid

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")


def ack(data: bytes, code: str | None = None, place: str | None = None) -> bytes:
    answer = REFUSALS[code].answer if code else "AA"
    return build_ack(peek_header(data), answer, now=NOW, zone=LONDON, code=code, place=place, control_id="A1")


def test_an_acceptance_answers_to_the_control_id() -> None:
    sent = ack(message())
    assert sent == b"MSH|^~\\&|HL7API|PKB|RADIOLOGY|RXX|20260701130000||ACK^R01|A1|P|2.4\rMSA|AA|ID-0001\r"


def test_a_refusal_says_why_in_msa_3_and_err() -> None:
    sent = ack(message(), "report_not_verified").decode()
    assert (
        "\rMSA|AR|ID-0001|report_not_verified: The report is not verified: only final and corrected reports are taken.\r"
        in sent
    )
    assert sent.endswith("\rERR|OBR^1^25^103&Table value not found&HL70357\r")


def test_from_2_5_on_err_has_fields_of_its_own() -> None:
    sent = ack(message(msh(f12="2.5.1"), pid(), obr(), obx()), "time_invalid", "OBR-22").decode()
    assert sent.endswith("\rERR||OBR^1^22|102^Data type error^HL70357|E|time_invalid|||A time is not one.\r")


@pytest.mark.parametrize("code", REFUSALS)
@pytest.mark.parametrize("version", ["2.3", "2.4", "2.5.1"])
def test_every_refusal_can_be_read_by_others(code: str, version: str) -> None:
    sent = ack(message(msh(f12=version), pid(), obr(), obx()), code).decode("ascii")
    theirs = hl7.parse(sent)
    assert str(theirs.segment("MSA")(1)) == REFUSALS[code].answer
    assert str(theirs.segment("MSA")(2)) == "ID-0001"
    assert str(theirs.segment("ERR")).count("HL70357") == 1
    assert REFUSALS[code].condition in CONDITIONS
    read = hl7apy_parse(sent, find_groups=False)
    assert read.msa.msa_1.value == REFUSALS[code].answer
    if version == "2.5.1":
        assert read.err.err_3.err_3_1.value == str(REFUSALS[code].condition)


def test_hl7apy_finds_nothing_wrong_with_an_acceptance() -> None:
    sent = ack(message(msh(f12="2.5.1"), pid(), obr(), obx())).decode("ascii")
    assert Validator.validate(hl7apy_parse(sent.replace("ACK^R01", "ACK^R01^ACK"), find_groups=False))


@pytest.mark.parametrize("data", [b"", b"no message", b"\xff\xfe\x00"])
def test_even_what_has_no_header_is_answered(data: bytes) -> None:
    sent = build_ack(peek_header(data), "AR", now=NOW, zone=LONDON, code="message_header", control_id="A1")
    assert parse_message(sent).segments[1].raw(1) == "AR"


def test_nothing_of_a_message_but_its_control_id_and_its_names_is_repeated() -> None:
    data = message(msh(f8=MARKER), pid(), obr(f22=MARKER), obx(MARKER))
    assert MARKER not in ack(data, "time_invalid", "OBR-22").decode()


def test_a_control_id_cannot_break_out_of_the_answer() -> None:
    data = "MSH#@!?%#RIS#RXX#A#B###ORU@R01#ID|1^2\u00e9\x1c#P#2.4\r".encode()
    sent = ack(data, "message_type").decode("ascii")
    assert "\rMSA|AR|ID\\F\\1\\S\\2" in sent
    assert sent.count("\r") == 3
