"""The tables of the content that a site edits: changes on their way, and what was published."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from plainrad.store.base import Base

_SHORT = String(300)


class ContentVersionRow(Base):
    """A version: every entry that differs from the shipped glossary, so that one row says all that patients see."""

    __tablename__ = "content_version"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(_SHORT)
    note: Mapped[str] = mapped_column(Text)
    overlay: Mapped[dict[str, Any]] = mapped_column(JSON)
    restored: Mapped[int | None]


class EntryChangeRow(Base):
    """A change to one entry."""

    __tablename__ = "entry_change"
    __table_args__ = (Index("ix_entry_change_state", "state", "updated_at"), Index("ix_entry_change_entry", "entry_id"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    entry_id: Mapped[str] = mapped_column(String(80))
    path: Mapped[str] = mapped_column(_SHORT)
    entry: Mapped[dict[str, Any]] = mapped_column(JSON)
    base: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20))
    author: Mapped[str] = mapped_column(_SHORT)
    hands: Mapped[list[str]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text)
    revision: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    reviewer: Mapped[str | None] = mapped_column(_SHORT)
    next_review: Mapped[str | None] = mapped_column(String(10))
    approved_by: Mapped[str | None] = mapped_column(_SHORT)
    version: Mapped[int | None] = mapped_column(ForeignKey("content_version.number"))
