"""Message -> reports and withdrawals. What cannot be taken is refused with a code, before anything is done with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from plainrad.domain.people import Patient
from plainrad.domain.report import Code, Exam, Report
from plainrad.errors import ReportEmptyError
from plainrad.formats.hl7v2.message import Message, Segment, parse_message
from plainrad.formats.hl7v2.people import read_patient, read_people
from plainrad.formats.hl7v2.refusals import refused
from plainrad.formats.hl7v2.site import Hl7Site
from plainrad.formats.hl7v2.status import judge
from plainrad.formats.hl7v2.text import (
    Attachment,
    has_words,
    is_document,
    is_words,
    read_attachments,
    read_words,
    says_something,
    words_of_pdfs,
)
from plainrad.formats.hl7v2.times import parse_time
from plainrad.formats.incoming import parse_modality

_MOST_REPORTS = 20  # of one message, where several are taken: each is kept with the whole of it
_LONGEST = 500  # characters of a short field; the same limit as the REST service


@dataclass(frozen=True, slots=True)
class ReportReceived:
    """A verified report, and what came with it."""

    report: Report
    report_id: str
    attachments: tuple[Attachment, ...] = field(default=(), repr=False)
    headings: tuple[tuple[int, int], ...] = ()
    left_out: tuple[str, ...] = ()
    message: bytes = field(default=b"", repr=False)  # that brought it, byte for byte, where a message did


@dataclass(frozen=True, slots=True)
class WithdrawalReceived:
    """A report that its sender takes back, and by which field."""

    report_id: str
    reason: str
    patient: Patient


Received = ReportReceived | WithdrawalReceived


@dataclass(frozen=True, slots=True)
class Oru:
    """An ORU^R01 that was understood."""

    message: Message
    items: tuple[Received, ...]


def read_oru(data: bytes, site: Hl7Site) -> Oru:
    """Return what `data` says; raises ReportError (MessageError where it is the message that is wrong)."""
    message = parse_message(data, default_encoding=site.default_encoding)
    return Oru(message, read_message(message, site))


def read_message(message: Message, site: Hl7Site) -> tuple[Received, ...]:
    """Return the reports and withdrawals of a message; raises ReportError."""
    _check_header(message, site)
    patient = read_patient(message.all("PID"), site, encoding=message.encoding)
    groups = list(_groups(message.segments))
    if not groups:
        raise refused("segment_missing", "OBR")
    if not all(_is_radiology(message, group.obr, site) for group in groups):
        raise refused("not_radiology")
    if len(groups) > (1 if site.several_reports == "refuse" else _MOST_REPORTS):
        raise refused("several_reports")
    return tuple(_read(message, group, patient, site) for group in groups)


def _check_header(message: Message, site: Hl7Site) -> None:
    header = message.header
    kind = (header.get(9, 1).upper(), header.get(9, 2).upper())
    if kind != ("ORU", "R01"):
        raise refused("message_type")
    if message.version not in site.versions:
        raise refused("version")
    if not message.control_id:
        raise refused("control_id_missing")
    if header.get(11).upper() not in site.processing_ids:
        raise refused("processing_id")


@dataclass(frozen=True, slots=True)
class _Group:
    """An OBR with the ORC before it and what stands below it."""

    orc: Segment | None
    obr: Segment
    below: tuple[Segment, ...]


def _groups(segments: Sequence[Segment]) -> Iterable[_Group]:
    """Yield a group for each OBR. Segments that are not known stand anywhere and change nothing."""
    orc: Segment | None = None
    starts = [number for number, one in enumerate(segments) if one.name == "OBR"]
    for place, start in enumerate(starts):
        end = starts[place + 1] if place + 1 < len(starts) else len(segments)
        before = segments[starts[place - 1] + 1 if place else 0 : start]
        orc = next((one for one in reversed(before) if one.name == "ORC"), None)
        below: list[Segment] = []
        for one in segments[start + 1 : end]:
            if one.name in ("PID", "ORC"):
                break
            if one.name in ("OBX", "NTE"):
                below.append(one)
        if orc is None and len(starts) == 1:
            orc = next((one for one in segments if one.name == "ORC"), None)
        yield _Group(orc, segments[start], tuple(below))


def _is_radiology(message: Message, obr: Segment, site: Hl7Site) -> bool:
    rules = site.radiology
    code = obr.get(4, 1).upper()
    return (
        rules.everything
        or message.sender[0].upper() in rules.applications
        or obr.get(24).upper() in rules.departments
        or any(obr.get(4, place).upper() in rules.code_systems for place in (3, 6))
        or any(code.startswith(one[:-1]) if one.endswith("*") else code == one for one in rules.codes if code)
    )


def _read(message: Message, group: _Group, patient: Patient, site: Hl7Site) -> Received:
    worded = [one for one in group.below if is_words(one)]
    _check_whole(message, worded)
    report_id = _first(message, group, site.fields.report_id)
    if not report_id:
        raise refused("report_id_missing")
    # A document speaks for itself where there are no words; beside words it counts where it says anything at all.
    documents = [one.get(11) for one in group.below if is_document(one) and (one.get(11) or not worded)]
    verdict = judge(group.obr.get(25), [*(one.get(11) for one in worded), *documents], site.status)
    if verdict.status is None:
        return WithdrawalReceived(report_id, verdict.withdrawn or "", patient)
    words = read_words(group.below, encoding=message.encoding, headings=site.headings, comments=site.comments == "keep")
    attachments = read_attachments(group.below, limit=site.most_attachment_bytes)
    silent = not any(says_something(one, encoding=message.encoding) for one in worded)
    if silent and any(one.is_pdf for one in attachments):
        words = words_of_pdfs(words, attachments)
    if not has_words(words.text):
        raise ReportEmptyError
    obr = group.obr
    code = obr.get(4, 1)
    title = _text(message, obr, 4, 2) or _text(message, obr, 4, 5)
    people = [*read_people(obr, 32, encoding=message.encoding), *read_people(obr, 33, encoding=message.encoding)]
    requesters = read_people(obr, 16, encoding=message.encoding)
    if not requesters and group.orc is not None:
        requesters = read_people(group.orc, 12, encoding=message.encoding)
    report = Report(
        text=words.text,
        status=verdict.status,
        exam=Exam(
            title=title[:_LONGEST] or None,
            modality=parse_modality(_first(message, group, site.fields.modality)),
            code=Code(code, obr.get(4, 3) or None) if code else None,
            performed_at=_time(message, group, site, site.fields.performed_at, end_of_day=False),
        ),
        verified_at=_time(message, group, site, site.fields.verified_at, end_of_day=True),
        requester="; ".join(requesters)[:_LONGEST] or None,
        patient=patient,
        report_id=report_id,
        accession=_first(message, group, site.fields.accession) or None,
        reported_by=tuple(dict.fromkeys(people))[:10],
        organisation=_first(message, group, site.fields.organisation) or None,
    )
    return ReportReceived(report, report_id, attachments, words.headings, words.left_out)


def _check_whole(message: Message, worded: Sequence[Segment]) -> None:
    """Refuse a message whose last segment is an OBX that ends before its status, though others have one: it was cut off."""
    last = message.segments[-1]
    if last.name == "OBX" and is_words(last) and not last.get(11) and any(one.get(11) for one in worded):
        raise refused("message_incomplete")


def _first(message: Message, group: _Group, paths: Sequence[str]) -> str:
    return next((value for path in paths if (value := _at(message, group, path)[:_LONGEST])), "")


def _at(message: Message, group: _Group, path: str) -> str:
    """Return what stands at a path such as OBR-22 or OBX-23.10; of OBX the first that holds something."""
    place, _, component = path.partition(".")
    name, _, number = place.partition("-")
    if name == "OBR":
        where: Iterable[Segment] = (group.obr,)
    elif name == "ORC":
        where = (group.orc,) if group.orc is not None else ()
    elif name == "OBX":
        where = (one for one in group.below if one.name == "OBX")
    else:
        where = message.all(name)[:1]
    component_number = int(component or 1)
    return next((value for one in where if (value := _text(message, one, int(number), component_number))), "")


def _text(message: Message, segment: Segment, number: int, component: int) -> str:
    return segment.get(number, component, encoding=message.encoding)


def _time(message: Message, group: _Group, site: Hl7Site, paths: Sequence[str], *, end_of_day: bool) -> datetime | None:
    """Return the moment in the first field that holds one."""
    for path in paths:
        value = _at(message, group, path)
        if value:
            return parse_time(value, zone=site.local, place=path.partition(".")[0], end_of_day=end_of_day)
    return None
