"""Keys that callers send with a submission, so that sending twice keeps once."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from plainrad.store.tables import IdempotencyRow


def answered(session: Session, *, organisation: int, client: str, key: str) -> IdempotencyRow | None:
    """Return what a client was answered for a key."""
    return session.get(IdempotencyRow, (organisation, client, key))


def remember(
    session: Session,
    *,
    organisation: int,
    client: str,
    key: str,
    body_sha256: str,
    report: int,
    version: int,
    now: datetime,
) -> None:
    """Keep what a client was answered."""
    session.add(
        IdempotencyRow(
            organisation_id=organisation,
            client=client,
            key=key,
            body_sha256=body_sha256,
            report_id=report,
            version=version,
            created_at=now,
        )
    )


def forget(session: Session, *, before: datetime) -> int:
    """Remove keys used before a moment, and return how many."""
    gone = session.execute(delete(IdempotencyRow).where(IdempotencyRow.created_at < before))
    return int(gone.rowcount or 0)  # type: ignore[attr-defined]
