"""Batches (HL7 chapter 2, 2.10.3): FHS BHS messages BTS FTS. They are taken whole or not at all, and answered by a batch of answers.

A batch says how many messages it has. One that says another number, or does not end, was cut.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from plainrad.formats.hl7v2.escapes import Delimiters
from plainrad.formats.hl7v2.message import Segment
from plainrad.formats.hl7v2.refusals import refused
from plainrad.formats.hl7v2.times import stamp

MOST_MESSAGES = 1_000
_OPENING = (b"FHS", b"BHS")
_LINE = re.compile(rb"(?:^|(?<=[\r\n]))(FHS|BHS|BTS|FTS|MSH)(?=[^A-Za-z0-9\s]|[\r\n]|$)")
_END = re.compile(rb"[\r\n]")
_FRAME = b"\x0b\x1c\r\n"
_UNSAFE = re.compile(r"[^\x20-\x7e]")


def is_batch(data: bytes) -> bool:
    """Return True for bytes that begin with the header of a file or a batch."""
    start = data.lstrip(_FRAME)[:4]
    return start[:3] in _OPENING and not start[3:].isalnum()


def split_batch(data: bytes) -> list[bytes]:
    """Return the messages of a batch or a file of batches; raises MessageError `batch_incomplete`, `batch_too_large`."""
    data = data.strip(_FRAME)
    marks = list(_LINE.finditer(data))
    ends = [*(one.start() for one in marks[1:]), len(data)]
    pieces = [(one[1], data[one.start() : end]) for one, end in zip(marks, ends, strict=True)]
    if sum(name == b"MSH" for name, _ in pieces) > MOST_MESSAGES:
        raise refused("batch_too_large")
    # F, B, M, b, f: header and trailer of file and batch, and messages. Nothing else may stand in another place.
    order = "".join({b"FHS": "F", b"BHS": "B", b"MSH": "M", b"BTS": "b", b"FTS": "f"}[name] for name, _ in pieces)
    if not re.fullmatch(r"(F(BM*b)*f)+|(BM*b)+|(FM*f)+", order) or marks[0].start() != 0:
        raise refused("batch_incomplete")
    counts = [len(one) for one in re.findall(r"B(M*)b", order)]
    said = [_count(text) for name, text in pieces if name == b"BTS"]
    whole = [_count(text) for name, text in pieces if name == b"FTS"]
    if any(one is not None and one != here for one, here in zip(said, counts, strict=True)):
        raise refused("batch_incomplete")
    batches = [one.count("B") for one in re.findall(r"F([BMb]*)f", order)]
    if any(one is not None and here and one != here for one, here in zip(whole, batches, strict=True)):
        raise refused("batch_incomplete")
    messages = [text for name, text in pieces if name == b"MSH"]
    if not messages:
        raise refused("message_empty")
    return messages


def _count(trailer: bytes) -> int | None:
    """Return BTS-1 or FTS-1, or None where it is empty."""
    line = _END.split(trailer, maxsplit=1)[0]
    fields = line[3:].split(line[3:4]) if line[3:4] else []
    value = fields[1].strip() if len(fields) > 1 else b""
    if value and not (value.isdigit() and len(value) < 10):
        raise refused("batch_incomplete")
    return int(value) if value else None


def batch_header(data: bytes) -> Segment | None:
    """Return the header of a batch as MSH would say it, so that a refusal is answered to the right batch; None for no batch."""
    line = _END.split(data.lstrip(_FRAME), maxsplit=1)[0].decode("latin-1")
    mark = line[3:4]
    if not mark or line[:3].encode("latin-1") not in _OPENING:
        return None
    fields = [line[:3], mark, *line.split(mark)[1:]]
    fields += [""] * (12 - len(fields))
    own = ("MSH", mark, *fields[2:8], "", "", fields[11], "P", "")
    return Segment("MSH", own, Delimiters(field=mark))


def batch_answer(data: bytes, answers: Sequence[bytes], *, now: datetime, zone: ZoneInfo) -> bytes:
    """Return the answers to a batch as a batch, in the order of its messages."""
    header = batch_header(data)
    names = [_UNSAFE.sub("", header.raw(place)) if header and header.raw(1) == "|" else "" for place in (5, 6, 3, 4)]
    known = _UNSAFE.sub("", header.raw(10)) if header else ""
    opening = "|".join(["BHS|^~\\&", *names, stamp(now, zone=zone), "", "", "", "", known])
    return f"{opening}\r".encode("ascii") + b"".join(answers) + f"BTS|{len(answers)}\r".encode("ascii")
