"""Acknowledgements: ACK with MSA and, where something is wrong, ERR. Codes and fixed sentences only; of the sender's own it repeats the control id.

python-hl7's `create_ack` writes neither MSA-3 nor ERR, and fails where the header is not whole.
"""

import re
import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

from plainrad.formats.hl7v2.escapes import escape
from plainrad.formats.hl7v2.message import Segment
from plainrad.formats.hl7v2.refusals import CONDITIONS, REFUSALS, Answer
from plainrad.formats.hl7v2.times import stamp

_PLACE = re.compile(r"([A-Z0-9]{3})(?:-(\d+))?")
_PRINTABLE = re.compile(r"[^\x20-\x7e]")
_LONGEST_ID = 199
_NEW_ERR = ("2.5", "2.6", "2.7", "2.8")  # ERR has fields of their own for place and code from 2.5 on


def build_ack(
    header: Segment | None,
    answer: Answer,
    *,
    now: datetime,
    zone: ZoneInfo,
    code: str | None = None,
    place: str | None = None,
    control_id: str | None = None,
) -> bytes:
    """Return the acknowledgement of the message with this header (None where it could not be read), as ASCII."""
    version = _plain(header.get(12)) if header else ""
    trigger = _plain(header.get(9, 2)) if header else ""
    msh = [
        "MSH|^~\\&",
        *(_plain(header.raw(place)) if header and header.delimiters.field == "|" else "" for place in (5, 6, 3, 4)),
        stamp(now, zone=zone),
        "",
        f"ACK^{trigger}" if trigger else "ACK",
        control_id or uuid.uuid4().hex[:20],
        _plain(header.get(11)) if header else "P",
        version or "2.4",
    ]
    known = REFUSALS[code] if code else None
    said = f"{code}: {known.detail}" if known else ""
    msa = ["MSA", answer, escape(_plain(header.get(10))[:_LONGEST_ID]) if header else "", escape(said)]
    lines = ["|".join(msh), "|".join(msa).rstrip("|") if not said else "|".join(msa)]
    if known and code:
        lines.append(_err(version, known.condition, place or known.place, code, escape(known.detail)))
    return ("\r".join(lines) + "\r").encode("ascii")


def _err(version: str, condition: int, place: str | None, code: str, detail: str) -> str:
    found = _PLACE.fullmatch(place or "")
    segment, field = (found.group(1), found.group(2) or "") if found else ("", "")
    meaning = CONDITIONS[condition]
    if version.startswith(_NEW_ERR):
        where = f"{segment}^1^{field}".rstrip("^") if segment else ""
        return f"ERR||{where}|{condition}^{meaning}^HL70357|E|{code}|||{detail}"
    return (
        f"ERR|{segment}^1^{field}^{condition}&{meaning}&HL70357" if segment else f"ERR|^^^{condition}&{meaning}&HL70357"
    )


def _plain(value: str) -> str:
    """Return a value of the header that can stand in ASCII and ends no segment."""
    return _PRINTABLE.sub("", value)
