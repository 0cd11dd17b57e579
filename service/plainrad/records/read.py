"""Reading what is kept: every reading is written into the audit before it is given (`seen.seen`)."""

from dataclasses import replace
from functools import partial
from typing import Any

from plainrad.domain.patient import PatientReport
from plainrad.domain.people import Patient
from plainrad.domain.records import (
    Actor,
    HoldView,
    Note,
    NotReleased,
    Original,
    ReportView,
    Sent,
    VersionView,
    Visible,
)
from plainrad.domain.release import Audience, ReleaseDecision
from plainrad.records.chosen import as_patient, chosen_of
from plainrad.records.counted import count_given
from plainrad.records.room import Room
from plainrad.records.seen import Seen, seen
from plainrad.release.decide import told
from plainrad.store import annotations, decided, patients, reports
from plainrad.store.engine import Session
from plainrad.store.sources import source_of
from plainrad.store.tables import PatientRow, ReportRow, VersionRow


def get(room: Room, report_id: str, *, actor: Actor, audience: Audience) -> ReportView:
    """Return what is known of a report beside its words."""
    room.allow(actor, "read")

    def look(session: Session) -> Seen[ReportView]:
        row, version = reports.current(session, report_id, organisation=actor.organisation, text=False)
        found = view(room, session, row, version, audience=audience)
        return Seen(found, (row,), "read", {"audience": audience, "state": found.decision.state})

    return seen(room, actor, look)


def view(
    room: Room, session: Session, row: ReportRow, version: VersionRow, *, audience: Audience = "professional"
) -> ReportView:
    """Return the view of a report. What an audience may not be told is not in it."""
    facts, decision = room.weighed(session, row, version, audience="proxy" if audience == "proxy" else "patient")
    for_staff = audience == "professional"
    patient = session.get(PatientRow, row.patient_id) if for_staff and row.patient_id is not None else None
    made = listed(
        row,
        version,
        decision if for_staff else told(decision),
        code=reports.organisation_code(session, row.organisation_id),
    )
    return replace(
        made,
        preference=facts.preference.wish if facts.preference is not None else None,
        patient=patients.patient_of(patient, room.vault) if patient is not None and room.vault.ready else None,
        holds=tuple(_hold(one) for one in decided.holds(session, row)) if for_staff else (),
        looked_at=version.looked_at if for_staff else None,
        sensitive=tuple(version.sensitive or ()) if for_staff else (),
        hidden_before=chosen_of(session, decided.hidden_before(session, version)) if for_staff else (),
        chosen=chosen_of(session, [(version, one) for one in decided.choices(session, version)]) if for_staff else (),
    )


def listed(row: ReportRow, version: VersionRow, decision: ReleaseDecision, *, code: str) -> ReportView:
    """Return what a list shows of a report."""
    return ReportView(
        id=row.public_id,
        report_id=row.report_id,
        accession=row.accession,
        organisation=code,
        version=version.number,
        versions=row.current,
        revision=row.revision,
        status=version.status,
        exam_title=version.exam_title,
        modality=version.modality,
        body_regions=tuple(version.body_regions),
        verified_at=version.verified_at,
        received_at=version.received_at,
        decision=decision,
    )


def _hold(row: Any) -> HoldView:
    return HoldView(str(row.id), row.kind, row.placed_by, row.placed_at, row.reason, row.lifted_by, row.lifted_at)


def versions(room: Room, report_id: str, *, actor: Actor) -> tuple[VersionView, ...]:
    """Return all versions of a report, the first one first."""
    room.allow(actor, "read")

    def look(session: Session) -> Seen[tuple[VersionView, ...]]:
        row = reports.by_id(session, report_id, organisation=actor.organisation)
        found = tuple(
            VersionView(
                one.number, one.sha256, one.status, one.verified_at, one.received_at, one.source,
                one.number == row.current, one.withdrawn_at is not None, annotations.explained_by(session, one),
            )
            for one in reports.versions(session, row, text=False)
        )  # fmt: skip
        return Seen(found, (row,), "read_versions", {"versions": len(found)})

    return seen(room, actor, look)


def patient_version(
    room: Room, report_id: str, *, actor: Actor, audience: Audience, with_sent: bool
) -> Visible | NotReleased:
    """Return the patient version, or why it cannot be read now. See `Records.patient_version`."""
    room.allow(actor, "read_as_professional" if audience == "professional" else "read")

    def look(session: Session) -> Seen[Visible | NotReleased]:
        row, version = reports.current(session, report_id, organisation=actor.organisation)
        decision = room.decision(session, row, version, audience=audience)
        explained = None
        if decision.visible:
            explained = annotations.explained_of(session, version, reports.report_of(version, None))
        given = explained is not None
        found: Visible | NotReleased
        also = None
        if explained is not None:
            found = _visible(room, session, row, version, decision, explained, audience=audience, with_sent=with_sent)
            if audience != "professional":
                also = partial(_count_given, room, row, found.as_patient)
        else:
            found = _refused(row, version, _unexplained(decision), audience=audience)
        details = {"audience": audience, "version": version.number, "state": decision.state, "code": decision.code}
        return Seen(found, (row,), "read_patient_version", {**details, "given": given}, also=also)

    return seen(room, actor, look)


def _count_given(room: Room, row: ReportRow, given: PatientReport, session: Session) -> None:
    count_given(room, session, row, given)


def _visible(
    room: Room,
    session: Session,
    row: ReportRow,
    version: VersionRow,
    decision: ReleaseDecision,
    explained: PatientReport,
    *,
    audience: Audience,
    with_sent: bool,
) -> Visible:
    public = audience != "professional"
    told_patient = replace(as_patient(room, session, row, version, explained), release=decision, flags=())
    shown = told_patient if public else replace(explained, release=decision)
    chosen = () if public else chosen_of(session, [(version, one) for one in decided.choices(session, version)])
    sent = _sent(room, session, version) if with_sent else None
    return Visible(row.public_id, version.number, row.revision, decision, shown, told_patient, chosen, sent)


def _unexplained(decision: ReleaseDecision) -> ReleaseDecision:
    """Return the decision for a version that even professionals cannot read in plain words."""
    return (
        ReleaseDecision("held", None, "The report has not been explained.", "not_explained")
        if decision.visible
        else decision
    )


def _refused(row: ReportRow, version: VersionRow, decision: ReleaseDecision, *, audience: Audience) -> NotReleased:
    known = decision if audience == "professional" else told(decision)
    return NotReleased(
        row.public_id,
        version.number,
        known.state,
        known.code,
        known.reason,
        known.available_from,
        told=audience == "professional" or decision.tell != "nothing",
    )


def original(
    room: Room, report_id: str, *, actor: Actor, audience: Audience, number: int | None, with_sent: bool
) -> Original | NotReleased:
    """Return the text as it was sent, or why it cannot be read now. See `Records.original`."""
    room.allow(actor, "read_as_professional" if audience == "professional" else "read")

    def look(session: Session) -> Seen[Original | NotReleased]:
        row = reports.by_id(session, report_id, organisation=actor.organisation)
        version = reports.version(session, row, number)
        decision = room.decision(session, row, version, audience=audience)
        given = decision.visible or audience == "professional"
        found: Original | NotReleased
        if given:
            patient = _patient(room, session, version) if audience == "professional" else None
            sent = _sent(room, session, version) if with_sent else None
            report = reports.report_of(version, patient)
            found = Original(row.public_id, version.number, version.sha256, report, decision, sent)
        else:
            found = _refused(row, version, decision, audience=audience)
        details = {"audience": audience, "version": version.number, "state": decision.state, "given": given}
        return Seen(found, (row,), "read_original", {**details, **({"sent": True} if with_sent else {})})

    return seen(room, actor, look)


def _sent(room: Room, session: Session, version: VersionRow) -> Sent | None:
    return source_of(session, version, vault=room.vault) if room.vault.ready else None


def _patient(room: Room, session: Session, version: VersionRow) -> Patient | None:
    kept = session.get(PatientRow, version.patient_id) if version.patient_id is not None else None
    return patients.patient_of(kept, room.vault) if kept is not None and room.vault.ready else None


def notes(room: Room, report_id: str, *, actor: Actor) -> tuple[Note, ...]:
    """Return everything that people wrote about a report, oldest first."""
    room.allow(actor, "read")

    def look(session: Session) -> Seen[tuple[Note, ...]]:
        row = reports.by_id(session, report_id, organisation=actor.organisation)
        found = tuple(decided.notes(session, row))
        return Seen(found, (row,), "read_notes", {"notes": len(found)})

    return seen(room, actor, look)
