"""The tables of the audit. Triggers of the migrations refuse to change or delete a line; only reasons may be removed by a purge."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from plainrad.store.base import Base


class AuditRow(Base):
    """One line: who did what to which record, when. `hash` covers it and the line before it; `seq` has no gaps."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_object", "object_id", "seq"), Index("ix_audit_at", "at"))

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(String(20))
    actor_id: Mapped[str] = mapped_column(String(300))
    organisation: Mapped[str | None] = mapped_column(String(10))
    action: Mapped[str] = mapped_column(String(60))
    object_kind: Mapped[str] = mapped_column(String(30))
    object_id: Mapped[str | None] = mapped_column(String(300))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason_sha256: Mapped[str | None] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AuditReasonRow(Base):
    """The words of a reason. They may name a person, so they can be purged; their hash stays in the line."""

    __tablename__ = "audit_reason"

    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(Text)


class AuditHeadRow(Base):
    """The last line of the audit, locked by each writer in turn; it shows when lines at the end were cut off."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))
