"""What the patient has of a version: as professionals chose it, with the notes that belong to it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import cast

from plainrad.domain.patient import PatientReport, TeamNote
from plainrad.domain.records import Choice, HiddenView, PatientHas
from plainrad.explain.hidden import said_by
from plainrad.explain.neutral import as_chosen
from plainrad.records.room import Room
from plainrad.store import annotations, decided, reports
from plainrad.store.engine import Session
from plainrad.store.tables import HiddenItemRow, ReportRow, VersionRow


def patient_has(room: Room, session: Session, row: ReportRow, version: VersionRow) -> PatientHas:
    """Return what the patient has of a version in this session, whether or not it may be read now."""
    explained = annotations.explained_of(session, version, reports.report_of(version, None))
    decision = room.decision(session, row, version)
    return PatientHas(
        decision,
        room.decision(session, row, version, audience="proxy"),
        replace(as_patient(room, session, row, version, explained), release=decision, flags=())
        if explained is not None
        else None,
    )


def as_patient(
    room: Room, session: Session, row: ReportRow, version: VersionRow, explained: PatientReport
) -> PatientReport:
    """Return a patient version as professionals chose it, with the notes that belong to it."""
    found = decided.choices(session, version)
    items = {choice: {one.item for one in found if one.choice == choice} for choice in ("hidden", "neutral")}
    made = as_chosen(explained, hidden=items["hidden"], neutral=items["neutral"], book=room.book())
    notes = [one for one in decided.notes(session, row) if one.shown and one.version == version.number]
    return replace(made, notes=tuple(TeamNote(one.text, one.at, one.signed) for one in notes))


def chosen_of(session: Session, found: Iterable[tuple[VersionRow, HiddenItemRow]]) -> tuple[HiddenView, ...]:
    """Return what was chosen for parts of versions, each with what it says there."""
    made: list[HiddenView] = []
    whole: dict[int, PatientReport | None] = {}
    for version, one in found:
        if version.id not in whole:
            whole[version.id] = annotations.explained_of(session, version, reports.report_of(version, None))
        explained = whole[version.id]
        text = said_by(explained, one.item) if explained is not None else ""
        made.append(HiddenView(version.number, one.item, one.by, one.at, text, one.reason, cast(Choice, one.choice)))
    return tuple(made)
