"""Reading what is kept: every reading is written into the audit, in the transaction that read."""

from dataclasses import replace
from typing import Any

from plainrad.domain.people import NhsNumber, Patient
from plainrad.domain.records import (
    Actor,
    HoldView,
    Note,
    NotReleased,
    Original,
    Page,
    ReportView,
    VersionView,
    Visible,
)
from plainrad.domain.release import Audience, ReleaseDecision, ReleaseState
from plainrad.errors import RecordInvalidError
from plainrad.records.chosen import as_patient, chosen_of
from plainrad.records.cursor import read_cursor, write_cursor
from plainrad.records.room import Room
from plainrad.release.decide import told
from plainrad.store import annotations, decided, patients, reports
from plainrad.store.engine import Session
from plainrad.store.tables import PatientRow, ReportRow, VersionRow

_MOST_ROWS = 200
_SCANNED = 2_000  # so many reports are looked at for one page of a list by state


def get(room: Room, report_id: str, *, actor: Actor, audience: Audience) -> ReportView:
    """Return what is known of a report beside its words."""
    room.allow(actor, "read")
    with room.database.unit() as session:
        row = reports.by_id(session, report_id, organisation=actor.organisation)
        found = view(room, session, row, audience=audience)
        _read(room, session, actor, row, "read", audience=audience, state=found.decision.state)
        return found


def view(room: Room, session: Session, row: ReportRow, *, audience: Audience = "professional") -> ReportView:
    """Return the view of a report. What an audience may not be told is not in it."""
    version = reports.version(session, row)
    decision = room.decision(session, row, version, audience="proxy" if audience == "proxy" else "patient")
    for_staff = audience == "professional"
    patient = session.get(PatientRow, row.patient_id) if for_staff and row.patient_id is not None else None
    made = _view(
        row,
        version,
        decision if for_staff else told(decision),
        code=reports.organisation_code(session, row.organisation_id),
    )
    return replace(
        made,
        versions=reports.count_versions(session, row),
        preference=decided.wish(session, row),
        patient=patients.patient_of(patient, room.vault) if patient is not None and room.vault.ready else None,
        holds=tuple(_hold(one) for one in decided.holds(session, row)) if for_staff else (),
        looked_at=version.looked_at if for_staff else None,
        sensitive=tuple(version.sensitive or ()) if for_staff else (),
        hidden_before=chosen_of(session, decided.hidden_before(session, version)) if for_staff else (),
        chosen=chosen_of(session, [(version, one) for one in decided.choices(session, version)]) if for_staff else (),
    )


def _view(row: ReportRow, version: VersionRow, decision: ReleaseDecision, *, code: str) -> ReportView:
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


def _read(room: Room, session: Session, actor: Actor, row: ReportRow, action: str, **details: Any) -> None:
    room.audit(session, actor, action, object_id=row.public_id, details=details)


def list_reports(
    room: Room,
    *,
    actor: Actor,
    patient: NhsNumber | None,
    accession: str | None,
    state: ReleaseState | None,
    audience: Audience,
    cursor: str | None,
    limit: int,
) -> Page:
    """Return a page of reports, newest first. See `Records.list`."""
    room.allow(actor, "read")
    if not 1 <= limit <= _MOST_ROWS:
        raise RecordInvalidError(f"limit: 1 to {_MOST_ROWS}.")
    with room.database.unit() as session:
        found = _page(room, session, actor, patient, accession, state, audience, read_cursor(cursor), limit)
        by = [name for name, given in (("patient", patient), ("accession", accession), ("state", state)) if given]
        details = {"by": by, "audience": audience, "reports": [one.id for one in found.reports]}
        room.audit(session, actor, "listed", object_kind="reports", details=details)
        return found


def _page(
    room: Room,
    session: Session,
    actor: Actor,
    patient: NhsNumber | None,
    accession: str | None,
    state: ReleaseState | None,
    audience: Audience,
    before: int | None,
    limit: int,
) -> Page:
    organisation = None if actor.organisation is None else reports.organisation_id(session, actor.organisation)
    if actor.organisation is not None and organisation is None:
        return Page((), None)
    people: list[int] | None = None
    if patient is not None:
        people = patients.patient_numbers(session, patient, organisation=organisation, vault=room.vault)
        if not people:
            return Page((), None)
    codes = reports.organisation_codes(session)
    chosen: list[ReportView] = []
    looked, for_staff = 0, audience == "professional"
    picky = state is not None or not for_staff
    while looked < _SCANNED:
        rows = reports.newest(
            session, organisation=organisation, patients=people, accession=accession, before=before, limit=limit + 1
        )
        more, rows = len(rows) > limit, rows[:limit]
        decisions = room.decisions(session, rows, audience="proxy" if audience == "proxy" else "patient")
        for (row, version), decision in zip(rows, decisions, strict=True):
            before = row.id
            known = decision if for_staff else told(decision)
            hidden = not for_staff and not decision.visible and decision.tell == "nothing"
            if not hidden and (state is None or known.state == state):
                chosen.append(_view(row, version, known, code=codes[row.organisation_id]))
                if len(chosen) == limit:
                    last = row.id == rows[-1][0].id
                    return Page(tuple(chosen), write_cursor(row.id) if more or not last else None)
        looked += len(rows)
        if not more:
            return Page(tuple(chosen), None)
        if not picky:
            break
    return Page(tuple(chosen), write_cursor(before) if before is not None else None)


def versions(room: Room, report_id: str, *, actor: Actor) -> tuple[VersionView, ...]:
    """Return all versions of a report, the first one first."""
    room.allow(actor, "read")
    with room.database.unit() as session:
        row = reports.by_id(session, report_id, organisation=actor.organisation)
        found = tuple(
            VersionView(
                one.number, one.sha256, one.status, one.verified_at, one.received_at, one.source,
                one.number == row.current, one.withdrawn_at is not None, annotations.explained_by(session, one),
            )
            for one in reports.versions(session, row)
        )  # fmt: skip
        _read(room, session, actor, row, "read_versions", versions=len(found))
        return found


def patient_version(room: Room, report_id: str, *, actor: Actor, audience: Audience) -> Visible | NotReleased:
    """Return the patient version, or why it cannot be read now. See `Records.patient_version`."""
    room.allow(actor, "read_as_professional" if audience == "professional" else "read")
    with room.database.unit() as session:
        row = reports.by_id(session, report_id, organisation=actor.organisation)
        version = reports.version(session, row)
        decision = room.decision(session, row, version, audience=audience)
        explained = None
        if decision.visible:
            explained = annotations.explained_of(session, version, reports.report_of(version, None))
        details = {"audience": audience, "version": version.number, "state": decision.state, "code": decision.code}
        _read(room, session, actor, row, "read_patient_version", **details, given=explained is not None)
        if explained is None:
            return _refused(row, version, _unexplained(decision), audience=audience)
        public = audience != "professional"
        told_patient = replace(as_patient(room, session, row, version, explained), release=decision, flags=())
        shown = told_patient if public else replace(explained, release=decision)
        chosen = () if public else chosen_of(session, [(version, one) for one in decided.choices(session, version)])
        return Visible(row.public_id, version.number, row.revision, decision, shown, told_patient, chosen)


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
    room: Room, report_id: str, *, actor: Actor, audience: Audience, number: int | None
) -> Original | NotReleased:
    """Return the text as it was sent, or why it cannot be read now. See `Records.original`."""
    room.allow(actor, "read_as_professional" if audience == "professional" else "read")
    with room.database.unit() as session:
        row = reports.by_id(session, report_id, organisation=actor.organisation)
        version = reports.version(session, row, number)
        decision = room.decision(session, row, version, audience=audience)
        given = decision.visible or audience == "professional"
        _read(
            room,
            session,
            actor,
            row,
            "read_original",
            audience=audience,
            version=version.number,
            state=decision.state,
            given=given,
        )
        if not given:
            return _refused(row, version, decision, audience=audience)
        patient = _patient(room, session, version) if audience == "professional" else None
        return Original(row.public_id, version.number, version.sha256, reports.report_of(version, patient), decision)


def _patient(room: Room, session: Session, version: VersionRow) -> Patient | None:
    kept = session.get(PatientRow, version.patient_id) if version.patient_id is not None else None
    return patients.patient_of(kept, room.vault) if kept is not None and room.vault.ready else None


def notes(room: Room, report_id: str, *, actor: Actor) -> tuple[Note, ...]:
    """Return everything that people wrote about a report, oldest first."""
    room.allow(actor, "read")
    with room.database.unit() as session:
        row = reports.by_id(session, report_id, organisation=actor.organisation)
        found = tuple(decided.notes(session, row))
        _read(room, session, actor, row, "read_notes", notes=len(found))
        return found
