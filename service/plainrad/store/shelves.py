"""Where the work list shows each report, and how many stand there. Sessions are given; nothing commits here."""

import json
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import Session, defer

from plainrad.domain.board import FLAGS_TO_CHECK, LOOK_CODES, Shelf
from plainrad.domain.release import ReleaseDecision
from plainrad.store.board_tables import ShelfCountRow, ShelfRow
from plainrad.store.tables import AnnotationRow, ReportRow, VersionRow
from plainrad.store.tallies import add_up

_MOST_COUNTED = 10_000
_UNRELEASED = ("held", "embargoed")


def put(
    session: Session,
    report: ReportRow,
    version: VersionRow,
    decision: ReleaseDecision,
    *,
    flags: Collection[str] | None = None,
) -> None:
    """Put a report where it belongs now. `flags` are the codes of its current version; without them the last ones stay."""
    row = session.get(ShelfRow, report.id)
    before = _names(row) if row is not None else frozenset()
    if row is None:
        if flags is None:
            flags = flags_of(session, version.id) if version.explained_at is not None else ()
        row = ShelfRow(report_id=report.id, organisation_id=report.organisation_id, flags=[])
        session.add(row)
    if flags is not None:
        row.flags = sorted(set(flags))
    unseen = version.looked_at is None and version.withdrawn_at is None
    row.shelf = decision.state
    row.available_from = decision.available_from
    row.look = unseen and decision.state in _UNRELEASED and (decision.code in LOOK_CODES or bool(version.sensitive))
    row.flagged = unseen and not FLAGS_TO_CHECK.isdisjoint(row.flags)
    session.flush()
    _move(session, row.organisation_id, before, _names(row))


def drop(session: Session, report: ReportRow) -> None:
    """Take a report off its shelf, before it is removed."""
    row = session.get(ShelfRow, report.id)
    if row is not None:
        _move(session, row.organisation_id, _names(row), frozenset())
        session.delete(row)
        session.flush()


def recount(session: Session) -> None:
    """Count every shelf anew."""
    session.execute(delete(ShelfCountRow))
    rows: list[dict[str, Any]] = []
    for name, condition in (("look", ShelfRow.look.is_(True)), ("flagged", ShelfRow.flagged.is_(True))):
        wanted = select(ShelfRow.organisation_id, func.count()).where(condition).group_by(ShelfRow.organisation_id)
        rows += [{"organisation_id": one, "name": name, "count": number} for one, number in session.execute(wanted)]
    grouped = select(ShelfRow.organisation_id, ShelfRow.shelf, func.count()).group_by(
        ShelfRow.organisation_id, ShelfRow.shelf
    )
    for organisation, shelf, number in session.execute(grouped):
        rows += [{"organisation_id": organisation, "name": name, "count": number} for name in ("all", shelf)]
    add_up(session, ShelfCountRow.__table__, rows)  # type: ignore[arg-type]


def counts(session: Session, *, organisation: int, now: datetime, soon: datetime) -> dict[str, int]:
    """Return how many reports stand on each shelf, with "all" and "soon"; at most 10,000 of those whose time comes are counted.

    What became readable since it was last looked at counts as released, though no worker has come by yet.
    """
    kept = dict(
        session.execute(
            select(ShelfCountRow.name, ShelfCountRow.count).where(ShelfCountRow.organisation_id == organisation)
        ).all()
    )
    late = _bounded(session, organisation, ShelfRow.available_from <= now)
    coming = _bounded(session, organisation, and_(ShelfRow.available_from > now, ShelfRow.available_from <= soon))
    found = {
        name: kept.get(name, 0) for name in ("all", "look", "flagged", "held", "embargoed", "released", "retracted")
    }
    return found | {"soon": coming, "embargoed": found["embargoed"] - late, "released": found["released"] + late}


def _bounded(session: Session, organisation: int, condition: ColumnElement[bool]) -> int:
    wanted = (
        select(ShelfRow.report_id)
        .where(ShelfRow.organisation_id == organisation, ShelfRow.shelf == "embargoed", condition)
        .limit(_MOST_COUNTED)
    )
    return session.scalars(select(func.count()).select_from(wanted.subquery())).one()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list goes on: behind this report, and in the list by time behind this moment."""

    report: int
    moment: datetime | None = None


def standing(
    session: Session, *, organisation: int, shelf: Shelf, now: datetime, soon: datetime, after: Place | None, limit: int
) -> list[tuple[ReportRow, VersionRow]]:
    """Return reports of a shelf with their current versions: newest first, but "soon" by the time that comes first.

    Two questions, so that no database can think of joining a million rows before it takes the first thirty.
    """
    wanted = select(ShelfRow.report_id).where(ShelfRow.organisation_id == organisation).limit(limit)
    if shelf == "soon":
        wanted = wanted.where(
            ShelfRow.shelf == "embargoed", ShelfRow.available_from > now, ShelfRow.available_from <= soon
        )
        if after is not None and after.moment is not None:
            later = ShelfRow.available_from > after.moment
            same = and_(ShelfRow.available_from == after.moment, ShelfRow.report_id > after.report)
            wanted = wanted.where(or_(later, same))
        wanted = wanted.order_by(ShelfRow.available_from, ShelfRow.report_id)
    else:
        if after is not None:
            wanted = wanted.where(ShelfRow.report_id < after.report)
        wanted = wanted.where(_on(shelf, now)).order_by(ShelfRow.report_id.desc())
    numbers = session.scalars(wanted).all()
    found = session.execute(
        select(ReportRow, VersionRow)
        .join(VersionRow, (VersionRow.report_id == ReportRow.id) & (VersionRow.number == ReportRow.current))
        .options(defer(VersionRow.text), defer(VersionRow.stated))
        .where(ReportRow.id.in_(numbers))
    )
    pairs = {report.id: (report, version) for report, version in found}
    return [pairs[number] for number in numbers if number in pairs]


def _on(shelf: Shelf, now: datetime) -> ColumnElement[bool]:
    if shelf == "look":
        return ShelfRow.look.is_(True)
    if shelf == "flagged":
        return ShelfRow.flagged.is_(True)
    if shelf == "embargoed":
        return and_(ShelfRow.shelf == shelf, ShelfRow.available_from > now)
    return ShelfRow.shelf == shelf


def flags_by_report(session: Session, reports: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """Return the codes of the flags of each report."""
    wanted = select(ShelfRow.report_id, ShelfRow.flags).where(ShelfRow.report_id.in_(reports))
    return {number: tuple(flags) for number, flags in session.execute(wanted)}


def flags_of(session: Session, version: int) -> tuple[str, ...]:
    """Return the codes of the flags that a version was explained with."""
    kept = session.scalar(select(AnnotationRow.snapshot).where(AnnotationRow.version_id == version))
    return tuple(str(one["code"]) for one in json.loads(zlib.decompress(kept))["flags"]) if kept is not None else ()


def _names(row: ShelfRow) -> frozenset[str]:
    marks = [name for name, given in (("look", row.look), ("flagged", row.flagged)) if given]
    return frozenset(("all", row.shelf, *marks))


def _move(session: Session, organisation: int, before: frozenset[str], after: frozenset[str]) -> None:
    changes = [(name, -1) for name in before - after] + [(name, 1) for name in after - before]
    rows = [{"organisation_id": organisation, "name": name, "count": change} for name, change in changes]
    add_up(session, ShelfCountRow.__table__, rows)  # type: ignore[arg-type]
