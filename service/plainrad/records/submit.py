"""A report comes in: a new one, a new version of a known one, or one that was sent before."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from plainrad.domain.patient import PatientReport
from plainrad.domain.records import Actor, Outcome, Receipt, Submission
from plainrad.domain.report import Report
from plainrad.domain.snapshot import to_values
from plainrad.errors import (
    CharactersError,
    DemoOnlyError,
    IdempotencyConflictError,
    KeysMissingError,
    PlainradError,
    RecordInvalidError,
)
from plainrad.formats.contract import to_schema
from plainrad.records.counted import Counted, add_counted, counted
from plainrad.records.follow import changed, take_back
from plainrad.records.room import Room
from plainrad.store import patients, reports
from plainrad.store.annotations import Packed, pack
from plainrad.store.base import keepable
from plainrad.store.engine import Session
from plainrad.store.idempotency import answered, remember
from plainrad.store.sources import keep_source
from plainrad.store.tables import ReportRow, VersionRow

_MOST_KEY = 200


def submit(room: Room, submissions: Sequence[Submission], *, actor: Actor, source: str) -> tuple[Receipt, ...]:
    """Keep reports, all or none, and return their receipts. What was acknowledged is on disk. See `Records.submit`."""
    room.allow(actor, "submit")
    if actor.organisation is None:
        raise RecordInvalidError("actor: a report belongs to an organisation.")
    for one in submissions:
        _may_be_kept(room, one.report)
        _can_be_found_again(one.report)
        if one.key is not None and not 1 <= len(one.key) <= _MOST_KEY:
            raise RecordInvalidError(f"idempotency key: 1 to {_MOST_KEY} characters.")
    bodies = [body_sha256(one.report) for one in submissions]
    work = [
        _explain(room, one.report) if _needs_explaining(room, one, actor=actor, body=body) else None
        for one, body in zip(submissions, bodies, strict=True)
    ]
    try:
        return _write_all(room, submissions, bodies, work, actor=actor, source=source)
    except _UnexplainedError:  # another submission changed a report between the look and the transaction
        explained = [known or _explain(room, one.report) for one, known in zip(submissions, work, strict=True)]
        return _write_all(room, submissions, bodies, explained, actor=actor, source=source)


@dataclass(frozen=True, slots=True)
class _Work:
    """What explaining gave: nothing where it failed."""

    packed: Packed | None
    counted: Counted | None = None


class _UnexplainedError(Exception):
    """The transaction needs what was not worked out before it."""


def _write_all(
    room: Room,
    submissions: Sequence[Submission],
    bodies: Sequence[str],
    work: Sequence[_Work | None],
    *,
    actor: Actor,
    source: str,
) -> tuple[Receipt, ...]:
    """Write all in one transaction: where one cannot be kept, none is."""
    with room.database.unit() as session:
        return tuple(
            _write(room, session, one, actor=actor, source=source, body=body, work=known)
            for one, body, known in zip(submissions, bodies, work, strict=True)
        )


def _write(
    room: Room, session: Session, one: Submission, *, actor: Actor, source: str, body: str, work: _Work | None
) -> Receipt:
    now, key = room.now(), one.key
    organisation = reports.organisation_number(session, actor.organisation or "", now=now)
    if key is not None and (before := answered(session, organisation=organisation, client=actor.id, key=key)):
        if before.body_sha256 != body:
            raise IdempotencyConflictError
        receipt = _again(room, session, before.report_id, before.version)
        room.audit(session, actor, "submitted_again", object_id=receipt.id, details={"version": receipt.version})
        return receipt
    row, version, outcome = _keep(
        room, session, one.report, organisation=organisation, work=work, source=source, now=now
    )
    if one.sent is not None:
        keep_source(session, version, one.sent, vault=room.vault)
    same = outcome == "unchanged"
    decision = room.decision(session, row, version) if same else changed(room, session, row, version)
    if work is not None and outcome in ("created", "new_version"):
        add_counted(room, session, row, version, decision, work.counted, first=outcome == "created")
    if key is not None:
        remember(
            session, organisation=organisation, client=actor.id, key=key, body_sha256=body, report=row.id,
            version=version.number, now=now,
        )  # fmt: skip
    details = {"version": version.number, "sha256": version.sha256, "source": source, "state": decision.state}
    room.audit(session, actor, f"submitted_{outcome}", object_id=row.public_id, details=details)
    return Receipt(row.public_id, version.number, outcome, row.revision, decision, version.received_at)


def body_sha256(report: Report) -> str:
    """Return the hash of everything that was sent."""
    values = json.dumps(to_values(report), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(values.encode()).hexdigest()


def _may_be_kept(room: Room, report: Report) -> None:
    patient = report.patient
    if patient is None:
        return
    if not room.vault.ready:
        raise KeysMissingError
    if room.vault.demo and (patient.nhs_number is None or not patient.nhs_number.for_tests):
        raise DemoOnlyError


def _can_be_found_again(report: Report) -> None:
    """Raise CharactersError for a name or number that a database cannot keep as it is; the text itself is kept whatever is in it."""
    exam, code = report.exam, report.exam.code
    for name, value in (
        ("report_id", report.report_id), ("accession", report.accession), ("requester", report.requester),
        ("exam.title", exam.title), ("exam.code.value", code.value if code else None), ("exam.code.system", code.system if code else None),
        ("exam.body_regions", "".join(exam.body_regions)),
    ):  # fmt: skip
        if value is not None and not keepable(value):
            raise CharactersError(name)


def _explain(room: Room, report: Report) -> _Work:
    """Return the patient version and its JSON. A report that cannot be explained is kept all the same, and held."""
    try:
        explained = room.explain(replace(report, patient=None))
        contract = to_schema(explained).model_dump_json().encode("utf-8", "surrogatepass")
        packed = pack(explained, contract=contract)
    except PlainradError:
        raise  # the service is not ready, or too busy: the sender sends it again
    except Exception:
        return _Work(None)
    return _Work(packed, _counted(room, report, explained))


def _counted(room: Room, report: Report, explained: PatientReport) -> Counted | None:
    """Return what the version adds to the sums, or None when they cannot be worked out: they never keep a report back."""
    try:
        return counted(room, report, explained)
    except Exception:
        return None


def _needs_explaining(room: Room, one: Submission, *, actor: Actor, body: str) -> bool:
    """Look, before the work, whether this text is known already. What is decided here is decided again in the transaction."""
    report, key = one.report, one.key
    with room.database.reading() as session:
        organisation = reports.organisation_id(session, actor.organisation or "")
        if organisation is None:
            return True
        if key is not None and (before := answered(session, organisation=organisation, client=actor.id, key=key)):
            if before.body_sha256 != body:
                raise IdempotencyConflictError
            return False
        row = reports.known(session, report, organisation=organisation)
        return row is None or reports.version(session, row).sha256 != report.sha256 or report.patient is not None


def _again(room: Room, session: Session, report: int, number: int) -> Receipt:
    row = session.get_one(ReportRow, report)
    version = reports.version(session, row, number)
    decision = room.decision(session, row, version)
    return Receipt(row.public_id, number, "replayed", row.revision, decision, version.received_at)


def _keep(
    room: Room,
    session: Session,
    report: Report,
    *,
    organisation: int,
    work: _Work | None,
    source: str,
    now: datetime,
) -> tuple[ReportRow, VersionRow, Outcome]:
    patient = patients.keep_patient(session, report.patient, organisation=organisation, vault=room.vault, now=now)
    row = reports.known(session, report, organisation=organisation)
    outcome: Outcome = "created"
    out_of_order = False
    if row is None:
        row = reports.add_report(session, report, organisation=organisation, patient=patient, now=now)
    else:
        last = reports.version(session, row)
        numbered = reports.take_number(row, report)
        if last.sha256 == report.sha256 and (patient is None or last.patient_id in (patient, None)):
            same = _restate(row, last, report, patient=patient, room=room)
            return row, last, "completed" if numbered else same
        if (late := _sent_again(session, row, report, patient=patient)) is not None:
            return row, late, "completed" if numbered else "unchanged"
        outcome = "new_version"
        out_of_order = (
            report.verified_at is not None and last.verified_at is not None and report.verified_at < last.verified_at
        )
        if last.announced_at is not None:
            take_back(room, session, row, last)
        patient = patient if patient is not None else row.patient_id
    if work is None:
        raise _UnexplainedError
    version = reports.add_version(
        session, row, report, packed=work.packed, patient=patient, source=source,
        out_of_order=out_of_order, now=now,
    )  # fmt: skip
    row.accession = report.accession or row.accession
    return row, version, outcome


def _sent_again(session: Session, row: ReportRow, report: Report, *, patient: int | None) -> VersionRow | None:
    """Return the older version that this is a late copy of: same text, same verification time. It must not come back to life."""
    for one in reports.versions(session, row):
        same = one.sha256 == report.sha256 and one.verified_at == report.verified_at
        if same and one.verified_at is not None and patient in (None, one.patient_id):
            return one
    return None


def _restate(row: ReportRow, last: VersionRow, report: Report, *, patient: int | None, room: Room) -> Outcome:
    """Take over what was missing from the same text sent again: a verification time, a patient. What was known stays.

    A verification time that could not be right (it lay after the receipt) counts as missing.
    """
    before = (last.verified_at, last.patient_id, row.accession)
    wrong = last.verified_at is None or last.verified_at > last.received_at + room.policy.clock_skew
    if wrong and report.verified_at is not None:
        last.verified_at = report.verified_at
    if last.patient_id is None and patient is not None:
        last.patient_id = row.patient_id = patient
    row.accession = row.accession or report.accession
    return "unchanged" if before == (last.verified_at, last.patient_id, row.accession) else "completed"
