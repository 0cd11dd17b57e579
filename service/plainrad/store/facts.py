"""Rows -> the facts that a decision rests on, for many versions with a few questions to the database."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Integer, bindparam, cast, literal, null, select, union_all
from sqlalchemy.orm import Session

from plainrad.domain.release import Hold, Preference, ReleaseFacts
from plainrad.store.base import UtcDateTime
from plainrad.store.tables import EarlyReleaseRow, HiddenItemRow, HoldRow, PreferenceRow, ReportRow, VersionRow

_REPORTS, _VERSIONS, _PATIENTS = (
    bindparam(name, expanding=True, type_=Integer) for name in ("reports", "versions", "patients")
)
_NEVER: ColumnElement[datetime | None] = cast(null(), UtcDateTime())
_OF_REPORT = select(
    literal("report").label("what"), PreferenceRow.id, PreferenceRow.report_id.label("of"), PreferenceRow.wish.label("kind"),
    PreferenceRow.at, _NEVER.label("until"),
).where(PreferenceRow.report_id.in_(_REPORTS))  # fmt: skip
_EARLY = select(
    literal("early"), EarlyReleaseRow.id, EarlyReleaseRow.version_id, literal(""), EarlyReleaseRow.at, _NEVER
).where(EarlyReleaseRow.version_id.in_(_VERSIONS))
_HOLDS = select(
    literal("hold"), HoldRow.id, HoldRow.report_id, HoldRow.kind, HoldRow.placed_at, HoldRow.lifted_at
).where(HoldRow.report_id.in_(_REPORTS))
_OF_PATIENT = select(
    literal("patient"), PreferenceRow.id, PreferenceRow.patient_id, PreferenceRow.wish, PreferenceRow.at, _NEVER
).where(PreferenceRow.patient_id.in_(_PATIENTS))
# One question, made once: it is asked at every reading, and asking takes longer than the answer.
_DECIDED: CompoundSelect[Any] = union_all(_OF_REPORT, _EARLY, _HOLDS, _OF_PATIENT)


def facts_of(session: Session, pairs: Sequence[tuple[ReportRow, VersionRow]]) -> dict[int, ReleaseFacts]:
    """Return the facts of each version by its number in the table."""
    holds, early, wishes = _decided(session, pairs)
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


def _decided(
    session: Session, pairs: Sequence[tuple[ReportRow, VersionRow]]
) -> tuple[dict[int, list[Hold]], dict[int, datetime], dict[int, Preference]]:
    """Return what people decided: holds by report, the last early release by version, the last wish by report.

    A wish is one for this report, or one for all reports of its patient.
    """
    of_patient: dict[int, list[int]] = defaultdict(list)
    for report, _ in pairs:
        if report.patient_id is not None:
            of_patient[report.patient_id].append(report.id)
    named = {
        "reports": [report.id for report, _ in pairs],
        "versions": [version.id for _, version in pairs],
        "patients": list(of_patient),
    }
    holds: dict[int, list[Hold]] = defaultdict(list)
    early: dict[int, datetime] = {}
    wishes: dict[int, Preference] = {}
    for what, _, of, kind, at, until in sorted(session.execute(_DECIDED, named), key=lambda row: row[1]):
        if what == "hold":
            holds[of].append(Hold(kind, at, until))
        elif what == "early":
            early[of] = at
        else:
            wishes.update(dict.fromkeys(of_patient[of] if what == "patient" else (of,), Preference(kind, at)))
    return holds, early, wishes
