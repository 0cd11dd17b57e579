"""What follows from a change of a report, in the same transaction: its revision, news of what was told before, the next look."""

from plainrad.domain.records import SYSTEM
from plainrad.domain.release import ReleaseDecision
from plainrad.records.counted import count_release
from plainrad.records.room import Room
from plainrad.store import outbox, shelves
from plainrad.store.engine import Session
from plainrad.store.tables import ReportRow, VersionRow

RELEASED, RETRACTED, CHANGED = "report.released", "report.retracted", "report.changed"


def changed(room: Room, session: Session, report: ReportRow, version: VersionRow) -> ReleaseDecision:
    """Bring everything that depends on a report up to date, and return the patient's decision on its current version."""
    session.flush()
    report.revision += 1
    report.updated_at = room.now()
    decision = room.decision(session, report, version)
    if version.announced_at is not None and not decision.visible:
        take_back(room, session, report, version)
    look_again(report, version, decision)
    shelves.put(session, report, version, decision)
    return decision


def take_back(room: Room, session: Session, report: ReportRow, version: VersionRow) -> None:
    """Tell that a version which was announced cannot be read any more. If it ever can again, that is a new announcement."""
    outbox.put(session, report, version, kind=RETRACTED, now=room.now(), payload={})
    room.audit(session, SYSTEM, "retraction_announced", object_id=report.public_id, details={"version": version.number})
    version.announced_at = None
    version.episode += 1


def tell_change(room: Room, session: Session, report: ReportRow, version: VersionRow) -> None:
    """Tell that what was announced and can still be read reads differently now. What nobody was told of yet is read as it is."""
    if version.announced_at is None:
        return
    sent = outbox.put(session, report, version, kind=CHANGED, now=room.now(), payload={}, episode=report.revision)
    details = {"version": version.number, "addresses": sent}
    room.audit(session, SYSTEM, "change_announced", object_id=report.public_id, details=details)


def look_again(report: ReportRow, version: VersionRow, decision: ReleaseDecision) -> None:
    """Note when the worker has to look at a report next (when it can be read for the first time), and where it stands."""
    waits = decision.state in ("embargoed", "released") and version.announced_at is None
    report.check_at = decision.available_from if waits else None
    report.standing = decision.state
    report.opens_at = decision.available_from if decision.state in ("embargoed", "released") else None


def announce(room: Room, session: Session, report: ReportRow, version: VersionRow) -> bool:
    """Tell once that a version can be read, if it can; returns whether it was told."""
    decision = room.decision(session, report, version)
    told = decision.visible and version.announced_at is None
    if told:
        version.announced_at = room.now()
        if version.episode == 0:
            count_release(room, session, report, version)
        sent = outbox.put(
            session,
            report,
            version,
            kind=RELEASED,
            now=room.now(),
            payload={"available_from": decision.available_from.isoformat() if decision.available_from else None},
        )
        details = {"version": version.number, "addresses": sent, "code": decision.code}
        room.audit(session, SYSTEM, "release_announced", object_id=report.public_id, details=details)
    look_again(report, version, decision)
    shelves.put(session, report, version, decision)
    return told
