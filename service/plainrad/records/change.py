"""What people decide about a kept report: each decision is checked, written down with its reason, and takes effect at once."""

from collections.abc import Callable
from typing import Any, get_args

from plainrad.domain.people import NhsNumber
from plainrad.domain.records import Actor, Note, ReportView
from plainrad.domain.release import HoldKind, Wish
from plainrad.errors import RecordInvalidError, ReportNotFoundError, StaleError
from plainrad.explain.hidden import items
from plainrad.records import queues
from plainrad.records.counted import count_one
from plainrad.records.follow import changed
from plainrad.records.read import view
from plainrad.records.room import Room, words
from plainrad.store import annotations, decided, patients, reports
from plainrad.store.engine import Session
from plainrad.store.tables import ReportRow, VersionRow

Work = Callable[[Session, ReportRow, VersionRow], dict[str, Any] | None]


def change(
    room: Room,
    report_id: str,
    *,
    actor: Actor,
    right: str,
    action: str,
    work: Work,
    reason: str | None = None,
    revision: int | None = None,
) -> ReportView:
    """Do `work` on a report and its current version, and return its view. `work` gives the details for the audit."""
    room.allow(actor, right)
    with room.database.unit() as session:
        row = reports.by_id(session, report_id, organisation=actor.organisation)
        if revision is not None and revision != row.revision:
            raise StaleError
        version = reports.version(session, row)
        details = {"version": version.number, **(work(session, row, version) or {})}
        decision = changed(room, session, row, version)
        room.audit(
            session, actor, action, object_id=row.public_id, details={**details, "state": decision.state}, reason=reason
        )
        return view(room, session, row, version)


def withdraw(room: Room, report_id: str, *, actor: Actor, reason: str, revision: int | None) -> ReportView:
    """Retract the current version. It stays kept; only other words can follow it."""

    def work(_: Session, __: ReportRow, version: VersionRow) -> None:
        version.withdrawn_at = version.withdrawn_at or room.now()

    reason = words("reason", reason)
    return change(
        room, report_id, actor=actor, right="withdraw", action="withdrawn", work=work, reason=reason, revision=revision
    )


def hold(room: Room, report_id: str, *, actor: Actor, kind: HoldKind, reason: str, revision: int | None) -> ReportView:
    """Place a hold. One that is in force already stays as it is."""
    _one_of("kind", kind, get_args(HoldKind))
    reason = words("reason", reason)

    def work(session: Session, row: ReportRow, _: VersionRow) -> dict[str, Any]:
        if not decided.in_force(session, row, kind):
            decided.add_hold(session, row, kind=kind, reason=reason, by=actor.id, at=room.now())
        return {"kind": kind}

    return change(
        room, report_id, actor=actor, right="hold", action="held", work=work, reason=reason, revision=revision
    )


def lift(room: Room, report_id: str, *, actor: Actor, kind: HoldKind, reason: str, revision: int | None) -> ReportView:
    """Lift the holds of a kind; raises RecordInvalidError when none is in force."""
    _one_of("kind", kind, get_args(HoldKind))
    reason = words("reason", reason)

    def work(session: Session, row: ReportRow, _: VersionRow) -> dict[str, Any]:
        found = decided.in_force(session, row, kind)
        if not found:
            raise RecordInvalidError("kind: no such hold is in force.")
        for one in found:
            one.lifted_at, one.lifted_by, one.lift_reason = room.now(), actor.id, reason
        return {"kind": kind}

    return change(
        room, report_id, actor=actor, right="lift", action="lifted", work=work, reason=reason, revision=revision
    )


def approve(room: Room, report_id: str, *, actor: Actor, reason: str | None, revision: int | None) -> ReportView:
    """Note that a professional has looked at the current version."""
    reason = words("reason", reason) if reason is not None else None

    def work(session: Session, _: ReportRow, version: VersionRow) -> None:
        decided.add_approval(session, version, reason=reason, by=actor.id, at=room.now())

    return change(
        room, report_id, actor=actor, right="approve", action="approved", work=work, reason=reason, revision=revision
    )


def release_early(room: Room, report_id: str, *, actor: Actor, reason: str, revision: int | None) -> ReportView:
    """Let the current version out before its time. Holds and exclusions stay in force."""
    reason = words("reason", reason)

    def work(session: Session, _: ReportRow, version: VersionRow) -> None:
        decided.add_early(session, version, reason=reason, by=actor.id, at=room.now())

    return change(
        room, report_id, actor=actor, right="release_early", action="released_early", work=work, reason=reason,
        revision=revision,
    )  # fmt: skip


def hide(room: Room, report_id: str, *, actor: Actor, item: str, reason: str, revision: int | None) -> ReportView:
    """Hide a statement, an explanation or own words of the current version from the patient."""
    reason = words("reason", reason)

    def work(session: Session, _: ReportRow, version: VersionRow) -> dict[str, Any]:
        explained = annotations.explained_of(session, version, reports.report_of(version, None))
        if explained is None or item not in items(explained):
            raise RecordInvalidError(
                "item: give the id of a statement, an explained term or own words of this version."
            )
        decided.hide(session, version, item=item, reason=reason, by=actor.id, at=room.now())
        return {"item": item}

    return change(
        room, report_id, actor=actor, right="hide", action="hidden", work=work, reason=reason, revision=revision
    )


def set_preference(
    room: Room, *, actor: Actor, wish: Wish, report_id: str | None, patient: NhsNumber | None, revision: int | None
) -> None:
    """Note what the patient asked for, of one report or of all of them."""
    _one_of("wish", wish, get_args(Wish))
    if (report_id is None) == (patient is None):
        raise RecordInvalidError("preference: name a report or a patient, and not both.")
    if patient is None:

        def work(session: Session, row: ReportRow, _: VersionRow) -> dict[str, Any]:
            decided.add_preference(session, wish=wish, by=actor.id, at=room.now(), report=row.id)
            return {"wish": wish}

        change(
            room,
            report_id or "",
            actor=actor,
            right="preference",
            action="preference_set",
            work=work,
            revision=revision,
        )
        return
    room.allow(actor, "preference")
    with room.database.unit() as session:
        organisation = reports.organisation_id(session, actor.organisation) if actor.organisation else None
        numbers = patients.patient_numbers(session, patient, organisation=organisation, vault=room.vault)
        if not numbers or (actor.organisation is not None and organisation is None):
            raise ReportNotFoundError
        for number in numbers:
            decided.add_preference(session, wish=wish, by=actor.id, at=room.now(), patient=number)
            for row in reports.of_patient(session, number):
                changed(room, session, row, reports.version(session, row))
            details = {"wish": wish}
            public_id = patients.patient_public_id(session, number)
            room.audit(session, actor, "preference_set", object_kind="patient", object_id=public_id, details=details)


def write_note(
    room: Room,
    report_id: str,
    *,
    actor: Actor,
    right: str,
    kind: str,
    text: str,
    for_patient: bool,
    item: str | None = None,
) -> Note:
    """Keep what somebody wrote about a report, without changing the report. `item`: what of the current version it is about."""
    room.allow(actor, right)
    needed = kind in ("comment", "question", "free_text", "reading_wrong")
    said = words("text", text, needed=needed)
    with room.database.unit() as session:
        row = reports.by_id(session, report_id, organisation=actor.organisation)
        if item is not None:
            _known_item(session, reports.version(session, row), item)
        note = decided.add_note(session, row, kind=kind, text=said, by=actor.id, at=room.now(), for_patient=for_patient)
        queues.add_note(session, row, note_id=note.id, kind=kind, text=said, item=item)
        if right == "feedback":
            count_one(room, session, row, "feedback", kind)
        details = {"note": note.id, "kind": kind, "for_patient": for_patient}
        room.audit(session, actor, f"{right}_written", object_id=row.public_id, details=details)
        return note


def _known_item(session: Session, version: VersionRow, item: str) -> None:
    explained = annotations.explained_of(session, version, reports.report_of(version, None))
    if explained is None or item not in items(explained):
        raise RecordInvalidError("item: give the id of a statement, an explained term or own words of this version.")


def _one_of(field_name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise RecordInvalidError(f"{field_name}: one of {', '.join(known)}.")
