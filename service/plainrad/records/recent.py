"""The newest reports of an organisation, for trying out what a change to the content would do before anybody publishes it.

A program explains each of them twice, and that is no reading. A person who is given words of one has read it: that is written into the
audit first, report by report, as every reading is. Who may not read reports is told how many would differ, and of few not even that: with a
word of one's own choosing in the change, a small number would tell whether somebody of that name has been here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal

from plainrad.domain.records import Actor
from plainrad.domain.report import Report
from plainrad.records.counted import with_patient
from plainrad.records.nameless import names_of
from plainrad.records.room import RIGHTS, Room
from plainrad.store import reports
from plainrad.store.engine import Session

Sight = Literal["reads", "by_setting", "counts"]


@dataclass(frozen=True, slots=True)
class Recent:
    """A kept report without its patient. `whose` tells patients apart and says of none who it is.

    `names` are those that came with the report, or None where they are sealed and there is no key: then no word of it is fit to be shown.
    """

    report_id: str
    version: int
    whose: str
    report: Report = field(repr=False)
    names: frozenset[str] | None = field(repr=False)


def sight_of(room: Room, actor: Actor) -> Sight:
    """Return what an actor may see of recent reports: their words as a reader of reports, because the site lets editors, or a number."""
    if actor.kind == "system" or actor.roles & RIGHTS["read_as_professional"]:
        return "reads"
    return "by_setting" if room.editors_see_reports else "counts"


def newest(room: Room, *, actor: Actor, limit: int) -> tuple[Recent, ...]:
    """Return the newest reports of the actor's organisation that are in use: none that is retracted."""
    room.allow(actor, "try")
    with room.database.reading() as session:
        organisation = reports.organisation_id(session, actor.organisation or "")
        if organisation is None:
            return ()
        pairs = reports.newest(
            session, organisation=organisation, patients=None, accession=None, before=None, limit=limit, text=True
        )
        found = []
        for (row, version), decision in zip(pairs, room.decisions(session, pairs), strict=True):
            if decision.state == "retracted":
                continue
            bare = reports.report_of(version, None)
            whole = with_patient(room, session, version, bare)
            found.append(
                Recent(
                    row.public_id, version.number, f"p{row.patient_id}" if row.patient_id is not None else f"r{row.id}",
                    bare, names_of(whole) if whole is not None else None,
                )
            )  # fmt: skip
        return tuple(found)


def read_of(room: Room, found: Sequence[Recent], *, actor: Actor, change: str, looked_at: int) -> frozenset[str]:
    """Write into the audit that a change was tried, and of each report whose words are read that they are; return the ids of these.

    What has been corrected, retracted or removed meanwhile is not read any more. Of what is held, editors read nothing, whatever the site lets
    them see.
    """
    room.allow(actor, "try")
    sight = sight_of(room, actor)
    with room.database.unit() as session:
        given = _given(room, session, found, sight) if sight != "counts" else []
        for one, state in given:
            details = {"audience": "professional", "version": one.version, "state": state, "change": change}
            room.audit(session, actor, "read_patient_version", object_id=one.report_id, details=details)
        tried = {"reports": looked_at, "read": len(given)}
        room.audit(session, actor, "content_tried", object_kind="change", object_id=change, details=tried)
        return frozenset(one.report_id for one, _ in given)


def _given(room: Room, session: Session, found: Sequence[Recent], sight: Sight) -> list[tuple[Recent, str]]:
    given: list[tuple[Recent, str]] = []
    for one in found:
        row = reports.find(session, one.report_id)
        if row is None or row.current != one.version or one.names is None:
            continue
        state = room.decision(session, row, reports.version(session, row)).state
        if state != "retracted" and (sight == "reads" or state != "held"):
            given.append((one, state))
    return given


def told_count(room: Room, found: Collection[Recent]) -> int | None:
    """Return of how many reports this is, or None where they are of so few patients that the number could tell of one."""
    few = len({one.whose for one in found}) < room.fewest_patients
    return None if few and room.fewest_patients > 1 else len(found)
