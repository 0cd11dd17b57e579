"""Sums by month, added to and read. Sessions are given; nothing commits here."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from plainrad.domain.board import BY_MONTH, BY_YEAR
from plainrad.store.board_tables import TallyRow


def add_up(session: Session, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add the `count` of each row to the row of its primary key, which is made where there is none."""
    found = sorted(rows, key=lambda row: tuple(str(row[column.name]) for column in table.primary_key))
    if not found:
        return
    insert: Any = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgres_insert
    statement = insert(table)
    statement = statement.on_conflict_do_update(
        index_elements=list(table.primary_key), set_={"count": table.c["count"] + statement.excluded["count"]}
    )
    session.connection().execute(statement, found)


def count(session: Session, *, organisation: int, period: str, counts: Mapping[tuple[str, str], int]) -> None:
    """Add to the sums by kind and name, of a month (YYYY-MM) or, for `BY_YEAR`, of its year."""
    rows = [
        {"organisation_id": organisation, "kind": kind, "period": period[:4] if kind in BY_YEAR else period,
         "name": name[:120], "count": number}
        for (kind, name), number in counts.items()
        if number
    ]  # fmt: skip
    add_up(session, TallyRow.__table__, rows)  # type: ignore[arg-type]


def sums(session: Session, *, organisation: int, since: str) -> dict[str, dict[str, int]]:
    """Return kind -> name -> sum over the months from `since` on."""
    wanted = (
        select(TallyRow.kind, TallyRow.name, func.sum(TallyRow.count))
        .where(TallyRow.organisation_id == organisation, TallyRow.kind.in_(sorted(BY_MONTH)), TallyRow.period >= since)
        .group_by(TallyRow.kind, TallyRow.name)
    )
    return _nested(session.execute(wanted).all())


def top(session: Session, *, organisation: int, kind: str, year: str, limit: int) -> dict[str, int]:
    """Return name -> sum over the years from `year` on, of the names that have most."""
    total = func.sum(TallyRow.count)
    wanted = (
        select(TallyRow.name, total)
        .where(TallyRow.organisation_id == organisation, TallyRow.kind == kind, TallyRow.period >= year)
        .group_by(TallyRow.name)
        .order_by(total.desc(), TallyRow.name)
        .limit(limit)
    )
    return {name: int(number) for name, number in session.execute(wanted)}


def by_month(session: Session, *, organisation: int, since: str, kinds: Iterable[str]) -> dict[str, dict[str, int]]:
    """Return "kind name" -> month -> sum, for these kinds."""
    wanted = select(TallyRow.kind, TallyRow.name, TallyRow.period, TallyRow.count).where(
        TallyRow.organisation_id == organisation, TallyRow.kind.in_(list(kinds)), TallyRow.period >= since
    )
    return _nested((f"{kind} {name}", period, number) for kind, name, period, number in session.execute(wanted))


def _nested(rows: Iterable[Any]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for outer, inner, number in rows:
        found.setdefault(outer, {})[inner] = int(number)
    return found
