"""What is counted when a report is explained, released or read: sums, flags, missing words. No count ever keeps a report back."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from plainrad.domain.board import release_bucket
from plainrad.domain.patient import PatientReport
from plainrad.domain.release import ReleaseDecision
from plainrad.domain.report import Report
from plainrad.records.nameless import missing_words
from plainrad.records.room import Room
from plainrad.store import missing, shelves, tallies
from plainrad.store.engine import Session
from plainrad.store.patients import patient_of
from plainrad.store.tables import PatientRow, ReportRow, VersionRow

Counts = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Counted:
    """What one patient version adds: to the sums, to the shelf of its report, to the missing words."""

    counts: Counts
    flags: tuple[str, ...]
    words: frozenset[str]


def counted(room: Room, report: Report, explained: PatientReport) -> Counted:
    """Return what a version adds. `report` must be whole, with its patient, or its words are not fit to be counted."""
    counts: Counter[tuple[str, str]] = Counter()
    counts["made", "versions"] = 1
    counts["made", "words"] = len(explained.explanations)
    counts.update(("term", one.term_id) for one in explained.explanations)
    counts.update(("reading", one.assertion) for one in explained.reading.mentions if one.reportable)
    flags = tuple(sorted({one.code for one in explained.flags}))
    counts.update(("flag", code) for code in flags)
    return Counted(dict(counts), flags, missing_words(report, explained, room.everyday()))


def add_counted(
    room: Room,
    session: Session,
    report: ReportRow,
    version: VersionRow,
    decision: ReleaseDecision,
    made: Counted | None,
    *,
    first: bool,
) -> None:
    """Add what a version adds. Words are counted once a report: with its `first` version."""
    shelves.put(session, report, version, decision, flags=made.flags if made is not None else ())
    if made is None:
        return
    now = room.now()
    tallies.count(session, organisation=report.organisation_id, period=month(now), counts=made.counts)
    if first:
        missing.see(session, report, made.words, fewest=room.fewest_patients, now=now)


def with_patient(room: Room, session: Session, version: VersionRow, report: Report) -> Report | None:
    """Return a kept report with its patient, or None where that is sealed and there is no key: then nobody knows the names."""
    if version.patient_id is None:
        return report
    row = session.get(PatientRow, version.patient_id)
    if row is None or not room.vault.ready:
        return None
    return replace(report, patient=patient_of(row, room.vault))


def count_release(room: Room, session: Session, report: ReportRow, version: VersionRow) -> None:
    """Count how long after its verification a report became readable."""
    if version.verified_at is not None:
        days = (room.now() - version.verified_at).total_seconds() / 86_400
        count_one(room, session, report, "release", release_bucket(days))


def count_given(room: Room, session: Session, report: ReportRow, given: PatientReport) -> None:
    """Count that a patient version was given out, with the words that it explains: how often, and not to whom."""
    counts = {("given", "versions"): 1} | {("shown", one.term_id): 1 for one in given.explanations}
    tallies.count(session, organisation=report.organisation_id, period=month(room.now()), counts=counts)


def count_one(room: Room, session: Session, report: ReportRow, kind: str, name: str) -> None:
    """Add one to a sum."""
    tallies.count(session, organisation=report.organisation_id, period=month(room.now()), counts={(kind, name): 1})


def month(moment: datetime) -> str:
    """Return the month that sums are kept under."""
    return moment.strftime("%Y-%m")
