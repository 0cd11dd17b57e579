"""No bytes make reading fail in a way that was not meant, and what is accepted was verified and says only what was sent.

A few hundred examples in the ordinary suite; PLAINRAD_FUZZ_EXAMPLES=1000000 for as long as one likes.
"""

import os
from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from plainrad.errors import ReportError
from plainrad.formats.hl7v2.ack import build_ack
from plainrad.formats.hl7v2.files import split_messages
from plainrad.formats.hl7v2.message import parse_message, peek_header
from plainrad.formats.hl7v2.read import Oru, ReportReceived, read_oru
from plainrad.formats.hl7v2.refusals import refusal_of
from plainrad.formats.hl7v2.site import Hl7Site, Radiology
from plainrad.formats.hl7v2.write import Added, Envelope, enrich
from tests.support.hl7 import message, msh, obr, obx, orc, pid

EXAMPLES = int(os.environ.get("PLAINRAD_FUZZ_EXAMPLES", "300"))
fuzzed = settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
NOW = datetime(2026, 7, 1, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
SITE = Hl7Site(radiology=Radiology(everything=True), several_reports="split")

GOOD = message(
    msh(f18="UNICODE UTF-8"),
    pid(),
    orc(f3="A1"),
    obr(),
    obx(),
    "NTE|1||note~more",
    obx("^application^pdf^Base64^JVBERi0x", f1="2", f2="ED"),
)
PIECES = ["|", "^", "~", "\\", "&", "\r", "\n", "\r\n", "\0", "\x0b", "\x1c", "\\.br\\", "\\X", "\\F\\", '""', "é", "\ufeff", "\ud800", "MSH|", "OBX|1|TX|a||no|",
          "OBR|", "PID|", "NH", "NHS", "9992158107", "20261025013000", "00010101", "99999999999999", "F", "P", "C", "R", "W", "D", "FT", "ED", "Base64", "UNICODE UTF-16",
          "8859/1", "ASCII", "ISO IR87", "&IMP", "&ADT", "\u2028", "\x85", "\x1e"]  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A good message after some accidents: pieces put in, cut out, doubled, bytes turned."""
    data = GOOD
    for _ in range(draw(st.integers(1, 6))):
        at, end = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
        what = draw(st.integers(0, 4))
        if what == 0:
            data = data[:at] + draw(st.sampled_from(PIECES)).encode("utf-8", "surrogatepass") + data[at:]
        elif what == 1:
            data = data[:at] + data[min(end, at + 30) :]
        elif what == 2:
            data = data[:at] + data[at:end] + data[at:]
        elif what == 3:
            data = data[:at] + draw(st.binary(max_size=4)) + data[at + 1 :]
        else:
            data = data[:end]
    return data


@st.composite
def composed(draw: st.DrawFn) -> bytes:
    """Segments of known names in any order with fields of anything."""
    piece = st.one_of(st.sampled_from(PIECES), st.text(max_size=8))
    lines = [msh()]
    for _ in range(draw(st.integers(0, 6))):
        name = draw(st.sampled_from(["PID", "ORC", "OBR", "OBX", "NTE", "PV1", "ZZZ", "MSH"]))
        fields = draw(st.lists(st.lists(piece, max_size=2).map("".join), max_size=34))
        good = {"PID": pid(), "OBR": obr(), "OBX": obx()}.get(name)
        lines.append(good if good and draw(st.booleans()) else "|".join([name, *fields]))
    return "\r".join(lines).encode("utf-8", "surrogatepass")


def _read(data: bytes) -> Oru | ReportError:
    try:
        return read_oru(data, SITE)
    except ReportError as error:
        return error


def judge(data: bytes) -> None:
    header = peek_header(data)
    oru = _read(data)
    if isinstance(oru, ReportError):
        code, refusal, place = refusal_of(oru)
        assert code != "internal_error", f"a refusal without a code: {type(oru).__name__}"
        build_ack(header, refusal.answer, now=NOW, zone=LONDON, code=code, place=place).decode("ascii")
        return
    build_ack(header, "AA", now=NOW, zone=LONDON).decode("ascii")
    for item in oru.items:
        assert item.report_id
        if isinstance(item, ReportReceived):
            assert any(one.isalnum() for one in item.report.text)
            assert all(item.report.text[a:b].rstrip("\n").endswith(":") for a, b in item.headings)
    sent = enrich(oru.message, [Added("text", text="plain")], out=SITE.out, envelope=Envelope("ID", NOW, LONDON, 3))
    again = parse_message(sent)
    assert (
        sum(one.name == "OBX" for one in again.segments) == sum(one.name == "OBX" for one in oru.message.segments) + 1
    )


@fuzzed
@given(mutated())
@example(GOOD)
def test_a_message_after_accidents(data: bytes) -> None:
    judge(data)


@fuzzed
@given(composed())
def test_segments_of_anything(data: bytes) -> None:
    judge(data)


@fuzzed
@given(st.binary(max_size=400))
def test_any_bytes(data: bytes) -> None:
    judge(data)
    judge(b"MSH|^~\\&|" + data)
    with suppress(ReportError):
        for one in split_messages(data):
            judge(one)
