"""The facts of reports that are not kept, and of many that are: for trying a policy out."""

from collections.abc import Iterator
from datetime import datetime

from plainrad.domain.patient import PatientReport
from plainrad.domain.records import Actor
from plainrad.domain.release import ReleaseFacts
from plainrad.domain.report import Report
from plainrad.records.room import Room
from plainrad.store import due
from plainrad.store.annotations import sensitive_categories
from plainrad.store.facts import facts_of

_MANY = 500


def facts_of_report(report: Report, explained: PatientReport, *, now: datetime) -> ReleaseFacts:
    """Return the facts of a report as if it had come in when it was verified (at `now`, where that is not known)."""
    read = explained.reading.exam
    came = min(report.verified_at, now) if report.verified_at is not None else now
    return ReleaseFacts(
        received_at=came,
        verified_at=report.verified_at,
        first_verified_at=report.verified_at,
        explained_at=came,
        sensitive=sensitive_categories(explained),
        exam_code=report.exam.code.value if report.exam.code else None,
        exam_system=report.exam.code.system if report.exam.code else None,
        exam_title=report.exam.title or read.title,
        modality=report.exam.modality or read.modality,
        body_regions=frozenset({*report.exam.body_regions, *read.body_regions}),
        requester=report.requester,
    )


def kept_facts(room: Room, *, actor: Actor, since: datetime) -> Iterator[ReleaseFacts]:
    """Yield the facts of all kept reports that came in since a moment."""
    room.allow(actor, "purge")
    with room.database.unit() as session:
        room.audit(session, actor, "policy_tried", object_kind="policy", details={"since": since.isoformat()})
    after = 0
    while True:
        with room.database.reading() as session:
            rows = due.all_reports(session, after=after, limit=_MANY)
            facts = facts_of(session, rows)
            found = [facts[version.id] for row, version in rows if row.received_at >= since]
            after = rows[-1][0].id if rows else after
        yield from found
        if len(rows) < _MANY:
            return
