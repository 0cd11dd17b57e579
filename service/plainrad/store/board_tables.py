"""The tables behind work list, queues and dashboard: where a report stands, what is still to be looked at, and sums by month.

None of them decides anything. They are hints and counts that can be made anew; only sums outlive the reports that they were made from.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from plainrad.store.base import Base

_SHORT = String(300)


class ShelfRow(Base):
    """Where the work list shows a report, as of its last change. What may be read is worked out anew all the same."""

    __tablename__ = "report_shelf"
    __table_args__ = (
        Index("ix_report_shelf_shelf", "organisation_id", "shelf", "report_id"),
        Index("ix_report_shelf_look", "organisation_id", "look", "report_id"),
        Index("ix_report_shelf_flagged", "organisation_id", "flagged", "report_id"),
        Index("ix_report_shelf_from", "organisation_id", "shelf", "available_from"),
    )

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    shelf: Mapped[str] = mapped_column(String(20))
    look: Mapped[bool]
    flagged: Mapped[bool]
    available_from: Mapped[datetime | None]
    flags: Mapped[list[str]] = mapped_column(JSON)


class ShelfCountRow(Base):
    """How many reports stand on a shelf: kept with each change, so that nobody counts a million rows."""

    __tablename__ = "shelf_count"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    count: Mapped[int]


class WordSeenRow(Base):
    """An unexplained word of a report, as long as too few patients share it to show it to anybody. It goes with the report."""

    __tablename__ = "word_seen"
    __table_args__ = (Index("ix_word_seen_word", "organisation_id", "word"),)

    report_id: Mapped[int] = mapped_column(ForeignKey("report.id", ondelete="CASCADE"), primary_key=True)
    word: Mapped[str] = mapped_column(String(70), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))


class MissingWordRow(Base):
    """An unexplained word that several patients share. Of one that is never to come back only a hash is left, after a `#`."""

    __tablename__ = "missing_word"
    __table_args__ = (Index("ix_missing_word_rank", "organisation_id", "state", "reports"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    word: Mapped[str] = mapped_column(String(70), primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    reports: Mapped[int]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


class WorkItemRow(Base):
    """A note that waits for the editors, or what they made of it."""

    __tablename__ = "work_item"
    __table_args__ = (Index("ix_work_item_queue", "organisation_id", "queue", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    queue: Mapped[str] = mapped_column(String(20))
    note_id: Mapped[int] = mapped_column(ForeignKey("note.id", ondelete="CASCADE"), unique=True)
    item: Mapped[str | None] = mapped_column(String(120))
    state: Mapped[str] = mapped_column(String(20))
    settled_by: Mapped[str | None] = mapped_column(_SHORT)
    settled_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)


class CaseRow(Base):
    """A sentence for the golden tests that an editor wrote after a reading was marked wrong. It names no report and outlives it."""

    __tablename__ = "reading_case"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    by: Mapped[str] = mapped_column(_SHORT)
    at: Mapped[datetime]


class TallyRow(Base):
    """A sum of one month: how many of what. It holds no word of a report and nobody's name."""

    __tablename__ = "tally"

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    period: Mapped[str] = mapped_column(String(7), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    count: Mapped[int]


class LinkSeenRow(Base):
    """What became of the page of a link when `plainrad check-links --keep` last asked for it."""

    __tablename__ = "link_seen"

    link_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
