"""What the worker has to do next: reports to announce, to explain, to purge. Questions only; what is true is decided anew."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from plainrad.store.tables import PatientRow, ReportRow, SiteRow, VersionRow

POLICY = "policy"  # the fact that names the policy which the hints of `report` were worked out with


def to_announce(session: Session, *, now: datetime, limit: int) -> Sequence[int]:
    """Return the rows of reports whose time to look has come, the longest waiting first."""
    return session.scalars(
        select(ReportRow.id).where(ReportRow.check_at <= now).order_by(ReportRow.check_at, ReportRow.id).limit(limit)
    ).all()


def to_explain(session: Session, *, after: int, limit: int) -> Sequence[VersionRow]:
    """Return current versions that could not be explained yet, from a row on."""
    return session.scalars(
        select(VersionRow)
        .join(ReportRow, (ReportRow.id == VersionRow.report_id) & (ReportRow.current == VersionRow.number))
        .where(VersionRow.explained_at.is_(None), VersionRow.withdrawn_at.is_(None), VersionRow.id > after)
        .order_by(VersionRow.id)
        .limit(limit)
    ).all()


def to_purge(session: Session, *, before: datetime, limit: int) -> Sequence[ReportRow]:
    """Return reports that nothing has changed since a moment."""
    return session.scalars(
        select(ReportRow).where(ReportRow.updated_at < before).order_by(ReportRow.updated_at).limit(limit)
    ).all()


def remove(session: Session, report: ReportRow) -> None:
    """Remove a report with everything about it, and its patients where nothing else is kept of them."""
    people = set(session.scalars(select(VersionRow.patient_id).where(VersionRow.report_id == report.id)))
    people.add(report.patient_id)
    session.execute(delete(ReportRow).where(ReportRow.id == report.id))
    for one in people - {None}:
        kept = exists().where(ReportRow.patient_id == one) | exists().where(VersionRow.patient_id == one)
        session.execute(delete(PatientRow).where(PatientRow.id == one, ~kept))


def all_reports(session: Session, *, after: int, limit: int) -> list[tuple[ReportRow, VersionRow]]:
    """Return reports with their current versions, oldest first, from a row on."""
    found = session.execute(
        select(ReportRow, VersionRow)
        .join(VersionRow, (VersionRow.report_id == ReportRow.id) & (VersionRow.number == ReportRow.current))
        .where(ReportRow.id > after)
        .order_by(ReportRow.id)
        .limit(limit)
    )
    return [(row, version) for row, version in found]


def site_fact(session: Session, name: str) -> str | None:
    """Return a fact about the store."""
    return session.scalar(select(SiteRow.value).where(SiteRow.name == name))


def set_site_fact(session: Session, name: str, value: str) -> None:
    """Note a fact about the store."""
    if not session.execute(update(SiteRow).where(SiteRow.name == name).values(value=value)).rowcount:  # type: ignore[attr-defined]
        session.add(SiteRow(name=name, value=value))


def patients_to_seal(session: Session, *, key_id: str, after: int, limit: int) -> Sequence[PatientRow]:
    """Return patients that are not sealed with this key, from a row on."""
    return session.scalars(
        select(PatientRow)
        .where(PatientRow.key_id != key_id, PatientRow.id > after)
        .order_by(PatientRow.id)
        .limit(limit)
    ).all()
