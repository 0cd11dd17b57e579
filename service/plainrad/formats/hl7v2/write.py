"""ORU^R01 out: the original in its own OBX, then the disclaimer and the patient version in OBX of their own.

`enrich` adds to a message that came in and changes no character of its reports; `build` makes a message of a report that came another
way. No Z-segment is ever written: what stands in an added OBX is said by OBX-3.
"""

import base64
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from plainrad.domain.report import Report, ReportStatus
from plainrad.formats.hl7v2.escapes import STANDARD, Delimiters, escape
from plainrad.formats.hl7v2.message import Message, Segment
from plainrad.formats.hl7v2.site import Out
from plainrad.formats.hl7v2.times import stamp

Kind = Literal["disclaimer", "disclaimer_only", "text", "html", "pdf"]

# OBX-3 of what is added. `disclaimer_only` marks a report that could not be explained, for machines and without a word to the patient.
_CODES: dict[Kind, tuple[str, str]] = {
    "disclaimer": ("PLAINRAD-DISCLAIMER", "Disclaimer"),
    "disclaimer_only": ("PLAINRAD-DISCLAIMER-ONLY", "Disclaimer"),
    "text": ("PLAINRAD-PATIENT-TEXT", "Patient version"),
    "html": ("PLAINRAD-PATIENT-HTML", "Patient version"),
    "pdf": ("PLAINRAD-PATIENT-PDF", "Patient version"),
}
_DOCUMENTS: dict[str, tuple[str, str]] = {"html": ("text", "html"), "pdf": ("application", "pdf")}
_MSH18 = "UNICODE UTF-8"
# Modalities that stand in OBR-24 and mean the same in HL7; PT there is physical therapy, and IR is nothing.
_SAFE_MODALITIES = {one: one for one in ("XR", "CT", "MR", "US", "MG", "NM", "RF", "BMD")}
_CORRECTED = {ReportStatus.AMENDED, ReportStatus.CORRECTED, ReportStatus.APPENDED}


@dataclass(frozen=True, slots=True)
class Added:
    """Something that is put beside the original: words, or the bytes of a document."""

    kind: Kind
    text: str = field(default="", repr=False)
    data: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a message that goes out is given: its id, when it was made, and for how many days the portal keeps it back."""

    control_id: str
    now: datetime
    zone: ZoneInfo
    delay_days: int = 0


def delay_days(release: datetime, performed: datetime, *, zone: ZoneInfo) -> int:
    """Return OBX-13.1: days from OBR-7 after which the portal may show the report, never before `release`.

    That is the difference of the dates, and a day more where so many times 24 hours after OBR-7 would still come before the release:
    the portal counts from the moment of the examination, and the release has an hour too.
    """
    dates = (release.astimezone(zone).date() - performed.astimezone(zone).date()).days
    elapsed = release.astimezone(UTC) - performed.astimezone(
        UTC
    )  # of two local times Python would subtract the clock faces
    return max(0, dates, math.ceil(elapsed / timedelta(days=1)))


def enrich(message: Message, added: Sequence[Added], *, out: Out, envelope: Envelope) -> bytes:
    """Return the message with `added` after the last OBX or NTE of its report, as UTF-8 and without a frame.

    Of its own segments these fields change: MSH-3 to 7, 10 and 18, OBX-13 of the first OBX, and ORC-3 where the portal wants it like OBR-3.
    """
    segments = list(message.segments)
    obr = next(number for number, one in enumerate(segments) if one.name == "OBR")
    segments[0] = _header(segments[0], out, envelope)
    if out.same_order_number and segments[obr].raw(3):
        segments[:obr] = [_set(one, 3, segments[obr].raw(3)) if one.name == "ORC" else one for one in segments[:obr]]
    report = [n for n, one in enumerate(segments) if n > obr and one.name in ("OBX", "NTE")]
    end = report[-1] + 1 if report else obr + 1
    numbers = [
        int(one.raw(1)) for one in segments if one.name == "OBX" and one.raw(1).isascii() and one.raw(1).isdigit()
    ]
    first = max([*numbers, sum(one.name == "OBX" for one in segments)], default=0) + 1
    segments[end:end] = [_obx(first + n, one, message.delimiters) for n, one in enumerate(added)]
    opening = next((n for n, one in enumerate(segments) if one.name == "OBX"), None)
    if opening is not None:
        own = segments[opening].get(13)
        days = max(envelope.delay_days, int(own) if own.isascii() and own.isdigit() and len(own) < 5 else 0)
        segments[opening] = _set(segments[opening], 13, str(days))  # a longer delay of the sender's stays
    return _bytes(segments)


def withdraw(message: Message, *, out: Out, envelope: Envelope) -> bytes:
    """Return the message with OBR-25 `R`: Patients Know Best takes back every version that it has of the report."""
    segments = [_set(one, 25, "R") if one.name == "OBR" else one for one in message.segments]
    return enrich(replace(message, segments=tuple(segments)), (), out=out, envelope=envelope)


def build(report: Report, added: Sequence[Added], *, out: Out, envelope: Envelope) -> bytes:
    """Return a message for a report that did not come by HL7. The words of the report stand in one OBX, as escapes where needed."""
    zone = envelope.zone
    number = escape(report.report_id or report.accession or "")
    code = report.exam.code
    title = (
        escape(code.value) if code else "",
        escape(report.exam.title or "Imaging report"),
        escape(code.system or "") if code else "L",
    )
    obr = {
        1: "1", 3: number, 4: "^".join(title),
        7: stamp(report.exam.performed_at, zone=zone) if report.exam.performed_at else "",
        16: f"^{escape(report.requester)}" if report.requester else "",
        22: stamp(report.verified_at, zone=zone) if report.verified_at else "",
        18: escape(report.accession) if report.accession and escape(report.accession) != number else "",
        24: _SAFE_MODALITIES.get(report.exam.modality or "", "RAD"), 25: "C" if report.status in _CORRECTED else "F",
        32: "~".join(f"&{escape(one)}" for one in report.reported_by[:1]),
        33: "~".join(f"&{escape(one)}" for one in report.reported_by[1:]),
    }  # fmt: skip
    msh = {
        1: "|",
        2: STANDARD.encoding_characters,
        4: escape(report.organisation or ""),
        9: "ORU^R01",
        11: "P",
        12: out.version,
    }
    own = {1: "1", 2: "FT", 3: "REPORT^Report^L", 5: escape(report.text), 11: obr[25]}
    lines = (
        _made("MSH", msh), _made("PID", _pid(report)), _made("PV1", {1: "1", 2: "O"}),
        _made("ORC", {1: "RE", 3: number}), _made("OBR", obr), _made("OBX", own),
    )  # fmt: skip
    return enrich(Message(lines, STANDARD, "utf-8"), added, out=out, envelope=envelope)


def _pid(report: Report) -> dict[int, str]:
    patient = report.patient
    if patient is None:
        return {1: "1"}
    numbers = [f"{patient.nhs_number.value}^^^NHS^NH"] if patient.nhs_number else []
    numbers += [
        f"{escape(one.value)}^^^{escape(one.system or '')}^{escape(one.kind or '')}" for one in patient.identifiers
    ]
    return {
        1: "1",
        3: "~".join(numbers),
        5: "^".join(
            escape(one) for one in (patient.family or "", *patient.given[:1], " ".join(patient.given[1:]))
        ).rstrip("^"),
        7: patient.birth_date.strftime("%Y%m%d") if patient.birth_date else "",
        8: {"female": "F", "male": "M", "other": "O", "unknown": "U"}.get(patient.sex or "", ""),
        32: "" if patient.traced else "02",  # number present but not traced (NHS number status)
    }


def _made(name: str, fields: dict[int, str]) -> Segment:
    last = max((number for number, value in fields.items() if value), default=0)
    return Segment(name, (name, *(fields.get(number, "") for number in range(1, last + 1))), STANDARD)


def _header(header: Segment, out: Out, envelope: Envelope) -> Segment:
    values = {
        3: out.application, 5: out.receiving_application, 6: out.receiving_facility,
        7: stamp(envelope.now, zone=envelope.zone), 10: envelope.control_id, 18: _MSH18,
    }  # fmt: skip
    if out.facility is not None:
        values[4] = out.facility
    for number, value in values.items():
        header = _set(header, number, value if number == 18 else escape(value, header.delimiters))
    return header


def _set(segment: Segment, number: int, value: str) -> Segment:
    fields = [*segment.fields, *[""] * (number + 1 - len(segment.fields))]
    fields[number] = value
    return replace(segment, fields=tuple(fields))


def _obx(number: int, added: Added, delimiters: Delimiters) -> Segment:
    mark = delimiters.component
    code, name = _CODES[added.kind]
    if added.kind in _DOCUMENTS:
        form = "ED"
        value = mark.join(("", *_DOCUMENTS[added.kind], "Base64", base64.b64encode(added.data).decode("ascii")))
    else:
        form = "FT"
        value = escape(added.text, delimiters)
    fields = ("OBX", str(number), form, mark.join((code, name, "L")), "", value, "", "", "", "", "", "F")
    return Segment("OBX", fields, delimiters)


def _bytes(segments: Sequence[Segment]) -> bytes:
    return "".join(f"{one.text}\r" for one in segments).encode("utf-8")
