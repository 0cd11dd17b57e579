"""The outbox: what is still to be sent is a row of the same transaction that decided it, so none is lost and none is sent twice over."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from plainrad.domain.records import Delivery
from plainrad.store.access_tables import ClientRow, WebhookRow
from plainrad.store.reports import organisation_code
from plainrad.store.tables import OrganisationRow, OutboxRow, ReportRow, VersionRow


def put(
    session: Session,
    report: ReportRow,
    version: VersionRow,
    *,
    kind: str,
    now: datetime,
    payload: Mapping[str, Any],
    episode: int | None = None,
) -> int:
    """Add a row for every address of the organisation, and return how many. No word of the report goes into `payload`.

    A kind is told once for each `episode`: that of the version, or another number where more often is right.
    """
    code = organisation_code(session, report.organisation_id)
    targets = session.scalars(
        select(WebhookRow.id)
        .join(ClientRow, ClientRow.id == WebhookRow.client_id)
        .where(WebhookRow.organisation == code, WebhookRow.disabled_at.is_(None), ClientRow.revoked_at.is_(None))
        .order_by(WebhookRow.id)
    ).all()
    said = {
        "event": kind,
        "report": report.public_id,
        "version": version.number,
        "at": now.isoformat(),
        **payload,
    }
    for target in targets:
        session.add(
            OutboxRow(
                public_id=str(uuid.uuid4()),
                kind=kind,
                organisation_id=report.organisation_id,
                target=target,
                report_id=report.id,
                version_id=version.id,
                order_key=report.public_id,
                episode=version.episode if episode is None else episode,
                payload=said,
                attempts=0,
                created_at=now,
                next_at=now,
            )
        )
    return len(targets)


def take(session: Session, *, now: datetime, limit: int, lease: timedelta) -> list[Delivery]:
    """Return deliveries that are due and mark them as taken until `lease` is over. Of one report and target only the oldest is given."""
    earlier = aliased(OutboxRow)
    blocked = (
        select(earlier.id)
        .where(
            earlier.target == OutboxRow.target,
            earlier.order_key == OutboxRow.order_key,
            earlier.id < OutboxRow.id,
            earlier.done_at.is_(None),
        )
        .exists()
    )
    rows = session.execute(
        select(OutboxRow, OrganisationRow.code)
        .join(OrganisationRow, OrganisationRow.id == OutboxRow.organisation_id)
        .where(
            OutboxRow.done_at.is_(None),
            OutboxRow.next_at <= now,
            or_(OutboxRow.taken_until.is_(None), OutboxRow.taken_until <= now),
            ~blocked,
        )
        .order_by(OutboxRow.next_at, OutboxRow.id)
        .limit(limit)
    ).all()
    given = []
    for row, code in rows:
        row.attempts += 1
        row.taken_until = now + lease
        given.append(
            Delivery(
                id=row.public_id,
                kind=row.kind,
                organisation=code,
                target=row.target,
                report_id=row.order_key,
                payload=dict(row.payload),
                attempt=row.attempts,
                created_at=row.created_at,
            )
        )
    return given


def settle(
    session: Session, public_id: str, *, outcome: str | None, error: str | None, next_at: datetime | None, now: datetime
) -> bool:
    """Write what became of a delivery: an outcome ends it, `next_at` has it tried again. Returns False when it had ended before."""
    changed = session.execute(
        update(OutboxRow)
        .where(OutboxRow.public_id == public_id, OutboxRow.done_at.is_(None))
        .values(
            done_at=now if outcome is not None else None,
            outcome=outcome,
            last_error=error[:60] if error else None,
            next_at=next_at or now,
            taken_until=None,
        )
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def waiting(session: Session) -> int:
    """Return how many deliveries have not ended."""
    return session.scalars(select(func.count(OutboxRow.id)).where(OutboxRow.done_at.is_(None))).one()


def forget(session: Session, *, before: datetime) -> int:
    """Remove deliveries that ended before a moment, and return how many."""
    gone = session.execute(delete(OutboxRow).where(and_(OutboxRow.done_at.is_not(None), OutboxRow.done_at < before)))
    return int(gone.rowcount or 0)  # type: ignore[attr-defined]
