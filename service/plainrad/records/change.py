"""What people decide about a kept report: each decision is checked, written down with its reason, and takes effect at once."""

from typing import Any, get_args

from plainrad.domain.people import NhsNumber
from plainrad.domain.records import Actor, Note, Prospect, ReportView
from plainrad.domain.release import Wish
from plainrad.errors import RecordInvalidError, ReportNotFoundError, StaleError
from plainrad.explain.hidden import items
from plainrad.records import queues
from plainrad.records.chosen import patient_has
from plainrad.records.counted import count_one
from plainrad.records.deeds import Deed
from plainrad.records.follow import changed, tell_change
from plainrad.records.marked import about_reading
from plainrad.records.read import view
from plainrad.records.room import Room, words
from plainrad.store import annotations, audit, decided, patients, reports
from plainrad.store.engine import Session
from plainrad.store.tables import ReportRow, VersionRow


def change(
    room: Room,
    report_id: str,
    deed: Deed,
    *,
    actor: Actor,
    revision: int | None = None,
    once: str | None = None,
) -> ReportView:
    """Do a deed on a report and its current version, and return its view.

    `revision` is the one that was read: StaleError when it is not the present one, and then nothing is done. `once` is a mark of the form
    that was sent: the same form sent twice (a double click) is done once, and is no StaleError.
    """
    room.allow(actor, deed.right)
    with room.database.unit() as session:
        row = reports.by_id(session, report_id, organisation=actor.organisation)
        if revision is not None and revision != row.revision:
            if once and audit.has_done(session, object_id=row.public_id, actor=actor.id, action=deed.action, once=once):
                return view(room, session, row, reports.version(session, row))
            raise StaleError
        version = reports.version(session, row)
        before = patient_has(room, session, row, version).patient_report if deed.rewords else None
        details = {"version": version.number, **(deed.work(session, row, version) or {})}
        decision = changed(room, session, row, version)
        if deed.rewords and patient_has(room, session, row, version).patient_report != before:
            tell_change(room, session, row, version)
        marked = {"once": once} if once else {}
        room.audit(
            session, actor, deed.action, object_id=row.public_id, details={**details, "state": decision.state, **marked},
            reason=deed.reason,
        )  # fmt: skip
        return view(room, session, row, reports.version(session, row))


def foresee(room: Room, report_id: str, deed: Deed, *, actor: Actor, revision: int | None = None) -> Prospect:
    """Return what a deed would change for the patient: it is done, looked at, and not kept. The look is in the audit."""
    room.allow(actor, deed.right)
    room.allow(actor, "read_as_professional")
    with room.database.rehearsal() as session:
        row = reports.by_id(session, report_id, organisation=actor.organisation)
        if revision is not None and revision != row.revision:
            raise StaleError
        version = reports.version(session, row)
        before = patient_has(room, session, row, version)
        deed.work(session, row, version)
        session.flush()
        found = Prospect(row.public_id, row.revision, before, patient_has(room, session, row, version))
        number = version.number
    with room.database.unit() as session:
        details = {"audience": "professional", "version": number, "before": deed.action}
        room.audit(session, actor, "read_patient_version", object_id=found.id, details=details)
    return found


def set_preference(
    room: Room, *, actor: Actor, wish: Wish, report_id: str | None, patient: NhsNumber | None, revision: int | None
) -> None:
    """Note what the patient asked for, of one report or of all of them."""
    if wish not in get_args(Wish):
        raise RecordInvalidError(f"wish: one of {', '.join(get_args(Wish))}.")
    if (report_id is None) == (patient is None):
        raise RecordInvalidError("preference: name a report or a patient, and not both.")
    if patient is None:

        def work(session: Session, row: ReportRow, _: VersionRow) -> dict[str, Any]:
            decided.add_preference(session, wish=wish, by=actor.id, at=room.now(), report=row.id)
            return {"wish": wish}

        change(room, report_id or "", Deed("preference", "preference_set", work), actor=actor, revision=revision)
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
    item: str | None = None,
) -> Note:
    """Keep what somebody wrote about a report, without changing the report or what its patient reads.

    `item`: what of the current version it is about.
    """
    room.allow(actor, right)
    needed = kind in ("comment", "question", "free_text", "reading_wrong")
    said = words("text", text, needed=needed)
    with room.database.unit() as session:
        row = reports.by_id(session, report_id, organisation=actor.organisation)
        if item is not None:
            _known_item(session, reports.version(session, row), item)
        note = decided.add_note(session, row, kind=kind, text=said, by=actor.id, at=room.now())
        queues.add_note(session, row, note_id=note.id, kind=kind, text=said, item=item)
        if right == "feedback":
            count_one(room, session, row, "feedback", kind)
        details = {"note": note.id, "kind": kind, "for_patient": False}
        room.audit(session, actor, f"{right}_written", object_id=row.public_id, details=details)
        return note


def _known_item(session: Session, version: VersionRow, item: str) -> None:
    explained = annotations.explained_of(session, version, reports.report_of(version, None))
    if explained is None or item not in items(explained):
        raise RecordInvalidError("item: give the id of a statement, an explained term or own words of this version.")


def mark_wrong(room: Room, report_id: str, *, actor: Actor, item: str, kind: str, text: str) -> Note:
    """Keep that a reading is wrong: the sentence, how it was read, and what it should be (`text`)."""
    room.allow(actor, "comment")
    said = words("text", text)
    with room.database.unit() as session:
        row = reports.by_id(session, report_id, organisation=actor.organisation)
        about = about_reading(session, reports.version(session, row), item=item, kind=kind, wanted=said)
        note = decided.add_note(
            session, row, kind="reading_wrong", text=f"{item}: {said}", by=actor.id, at=room.now(), about=about
        )
        queues.add_note(session, row, note_id=note.id, kind="reading_wrong", text=note.text, item=item)
        details = {"note": note.id, "kind": "reading_wrong", "for_patient": False, "item": item, "wrong": kind}
        room.audit(session, actor, "comment_written", object_id=row.public_id, details=details)
        return note
