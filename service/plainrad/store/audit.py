"""The audit: lines that are only ever added, each with the hash of the one before it."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from plainrad.domain.records import Actor, AuditEntry
from plainrad.errors import AuditBrokenError
from plainrad.store.audit_tables import AuditHeadRow, AuditReasonRow, AuditRow

FIRST = "0" * 64  # what stands before the first line
_MANY = 1_000
# Written without the unit of work of the mapper: this is done at every reading.
_LINES, _REASONS, _HEAD = (cast(Table, one.__table__) for one in (AuditRow, AuditReasonRow, AuditHeadRow))
_READ_HEAD = select(_HEAD.c.seq, _HEAD.c.hash).where(_HEAD.c.id == 1)
_MOVE_HEAD = update(_HEAD).where(_HEAD.c.id == 1).values(seq=bindparam("last"), hash=bindparam("last_hash"))
_ADD_HEAD = insert(_HEAD).values(id=1, seq=bindparam("last"), hash=bindparam("last_hash"))
_ADD_LINE, _ADD_REASON = insert(_LINES), insert(_REASONS)


def append(
    session: Session,
    *,
    actor: Actor,
    action: str,
    at: datetime,
    object_kind: str = "report",
    object_id: str | None = None,
    details: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> int:
    """Add a line and return its number. The session must be alone in the database. `details` holds no word of a report."""
    head = session.execute(_READ_HEAD).one_or_none()
    seq, previous = (head.seq, head.hash) if head is not None else (0, FIRST)
    row = AuditRow(
        seq=seq + 1,
        at=at.astimezone(UTC),
        actor_kind=actor.kind,
        actor_id=actor.id,
        organisation=actor.organisation,
        action=action,
        object_kind=object_kind,
        object_id=object_id,
        details=dict(details or {}),
        reason_sha256=_sha256(reason) if reason else None,
        previous=previous,
    )
    row.hash = line_hash(row)
    session.execute(_ADD_LINE, {name: getattr(row, name) for name in _LINES.columns.keys()})  # noqa: SIM118  columns
    if reason:
        session.execute(_ADD_REASON, {"seq": row.seq, "text": reason})
    session.execute(_MOVE_HEAD if head is not None else _ADD_HEAD, {"last": row.seq, "last_hash": row.hash})
    return row.seq


def line_hash(row: AuditRow) -> str:
    """Return the hash of a line: SHA-256 over its canonical JSON, which holds the hash of the line before."""
    said = {
        "seq": row.seq,
        "at": row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": [row.actor_kind, row.actor_id, row.organisation],
        "action": row.action,
        "object": [row.object_kind, row.object_id],
        "details": row.details,
        "reason": row.reason_sha256,
        "previous": row.previous,
    }
    return _sha256(json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def entries(session: Session, *, after: int = 0, object_id: str | None = None) -> Iterator[AuditEntry]:
    """Yield the lines in their order, with the reasons that were not purged."""
    while True:
        wanted = select(AuditRow, AuditReasonRow.text).outerjoin(AuditReasonRow, AuditReasonRow.seq == AuditRow.seq)
        wanted = wanted.where(AuditRow.seq > after).order_by(AuditRow.seq).limit(_MANY)
        if object_id is not None:
            wanted = wanted.where(AuditRow.object_id == object_id)
        found = session.execute(wanted).all()
        for row, reason in found:
            yield _entry(row, reason)
        if len(found) < _MANY:
            return
        after = found[-1][0].seq
        session.expunge_all()


def _entry(row: AuditRow, reason: str | None) -> AuditEntry:
    return AuditEntry(
        row.seq, row.at, row.actor_kind, row.actor_id, row.organisation, row.action, row.object_kind, row.object_id,
        row.details, row.reason_sha256, row.previous, row.hash, reason,
    )  # fmt: skip


def has_done(session: Session, *, object_id: str, actor: str, action: str, once: str) -> bool:
    """Return True when this person has done this with the object by the form of this mark; the last lines are looked through."""
    lines = select(AuditRow.details).where(
        AuditRow.object_id == object_id, AuditRow.actor_id == actor, AuditRow.action == action
    )
    found = session.scalars(lines.order_by(AuditRow.seq.desc()).limit(20))
    return any(one.get("once") == once for one in found)


def verify(session: Session, *, head: tuple[int, str] | None = None) -> tuple[int, str]:
    """Return the number and hash of the last line; raises AuditBrokenError that names the first line that is wrong.

    `head` is a number and hash noted earlier, elsewhere: the chain must still run through it.
    """
    known = session.get(AuditHeadRow, 1)
    previous, last = FIRST, 0
    for row, reason in _rows(session):
        if row.seq != last + 1:
            raise AuditBrokenError(f"The audit has a gap: after line {last} comes line {row.seq}.")
        if row.previous != previous or line_hash(row) != row.hash:
            raise AuditBrokenError(f"Line {row.seq} of the audit was changed, or one before it.")
        if reason is not None and _sha256(reason) != row.reason_sha256:
            raise AuditBrokenError(f"The reason of line {row.seq} of the audit was changed.")
        if head is not None and head[0] == row.seq and head[1] != row.hash:
            raise AuditBrokenError(f"Line {row.seq} of the audit is not the one that was noted.")
        previous, last = row.hash, row.seq
    if (known.seq, known.hash) != (last, previous) if known is not None else last:
        raise AuditBrokenError(f"Lines at the end of the audit are missing: the last one found is {last}.")
    if head is not None and head[0] > last:
        raise AuditBrokenError(f"The audit ends at line {last}, before the line that was noted.")
    return last, previous


def _rows(session: Session) -> Iterator[tuple[AuditRow, str | None]]:
    """Yield all lines, a thousand at a time, so that millions need no memory."""
    after = 0
    while True:
        wanted = select(AuditRow, AuditReasonRow.text).outerjoin(AuditReasonRow, AuditReasonRow.seq == AuditRow.seq)
        found = session.execute(wanted.where(AuditRow.seq > after).order_by(AuditRow.seq).limit(_MANY)).all()
        yield from found
        if not found:
            return
        after = found[-1][0].seq
        session.expunge_all()


def forget_reasons(session: Session, *, object_id: str) -> int:
    """Remove the words of the reasons of an object, and return how many; the lines and their hashes stay."""
    lines = select(AuditRow.seq).where(AuditRow.object_id == object_id)
    return session.execute(delete(AuditReasonRow).where(AuditReasonRow.seq.in_(lines))).rowcount or 0  # type: ignore[attr-defined]
