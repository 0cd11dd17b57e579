"""Rows -> the facts that a decision rests on, for many versions with a few questions to the database."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from plainrad.domain.release import Hold, Preference, ReleaseFacts
from plainrad.store.tables import EarlyReleaseRow, HiddenItemRow, HoldRow, PreferenceRow, ReportRow, VersionRow


def facts_of(session: Session, pairs: Sequence[tuple[ReportRow, VersionRow]]) -> dict[int, ReleaseFacts]:
    """Return the facts of each version by its number in the table."""
    reports = [report.id for report, _ in pairs]
    holds = _holds(session, reports)
    early = {
        row.version_id: row.at
        for row in session.scalars(
            select(EarlyReleaseRow)
            .where(EarlyReleaseRow.version_id.in_([version.id for _, version in pairs]))
            .order_by(EarlyReleaseRow.id)
        )
    }
    wishes = _wishes(session, pairs)
    corrected = [report.id for report, version in pairs if version.number > 1]
    firsts = (
        dict(
            session.execute(
                select(VersionRow.report_id, VersionRow.verified_at).where(
                    VersionRow.report_id.in_(corrected), VersionRow.number == 1
                )
            ).all()
        )
        if corrected
        else {}
    )
    hidden = _hidden(session, corrected)
    return {
        version.id: ReleaseFacts(
            received_at=version.received_at,
            verified_at=version.verified_at,
            first_verified_at=firsts.get(report.id, version.verified_at),
            explained_at=version.explained_at,
            sensitive=None if version.sensitive is None else frozenset(version.sensitive),
            exam_code=version.exam_code,
            exam_system=version.exam_system,
            exam_title=version.exam_title,
            modality=version.modality,
            body_regions=frozenset(version.body_regions),
            requester=version.requester,
            holds=tuple(holds.get(report.id, ())),
            looked_at=version.looked_at,
            released_early_at=early.get(version.id),
            preference=wishes.get(report.id),
            withdrawn=version.withdrawn_at is not None,
            superseded=version.number != report.current,
            out_of_order=version.out_of_order,
            hidden_before=any(number < version.number for number in hidden.get(report.id, ())),
        )
        for report, version in pairs
    }


def _holds(session: Session, reports: Sequence[int]) -> dict[int, list[Hold]]:
    found: dict[int, list[Hold]] = defaultdict(list)
    for row in session.scalars(select(HoldRow).where(HoldRow.report_id.in_(reports)).order_by(HoldRow.id)):
        found[row.report_id].append(Hold(row.kind, row.placed_at, row.lifted_at))  # type: ignore[arg-type]
    return found


def _hidden(session: Session, reports: Sequence[int]) -> dict[int, set[int]]:
    """Return the numbers of the versions in which something is hidden, for each report."""
    found: dict[int, set[int]] = defaultdict(set)
    if reports:
        wanted = select(VersionRow.report_id, VersionRow.number).join(
            HiddenItemRow, HiddenItemRow.version_id == VersionRow.id
        )
        in_force = wanted.where(VersionRow.report_id.in_(reports), HiddenItemRow.lifted_at.is_(None))
        for report, number in session.execute(in_force):
            found[report].add(number)
    return found


def _wishes(session: Session, pairs: Sequence[tuple[ReportRow, VersionRow]]) -> dict[int, Preference]:
    """Return the last wish for each report: one for this report, or one for all reports of its patient."""
    reports = [report.id for report, _ in pairs]
    patients = [report.patient_id for report, _ in pairs if report.patient_id is not None]
    rows = session.scalars(
        select(PreferenceRow)
        .where(or_(PreferenceRow.report_id.in_(reports), PreferenceRow.patient_id.in_(patients)))
        .order_by(PreferenceRow.id)
    ).all()
    found: dict[int, Preference] = {}
    for row in rows:
        for report, _ in pairs:
            if row.report_id == report.id or (row.patient_id is not None and row.patient_id == report.patient_id):
                found[report.id] = Preference(row.wish, row.at)  # type: ignore[arg-type]
    return found
