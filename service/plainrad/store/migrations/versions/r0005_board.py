"""Work list, queues and dashboard: where reports stand, what waits for the editors, sums by month, links that were looked at."""

from collections import Counter

import sqlalchemy as sa
from alembic import op

from plainrad.store.base import UtcDateTime

revision = "r0005"
down_revision = "r0004"
branch_labels = None
depends_on = None

_FEEDBACK = ("helpful", "not_helpful", "worried", "free_text")


def upgrade() -> None:
    """Make the tables, and put into the queues what was written before there were any."""
    op.create_table(
        "report_shelf",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("shelf", sa.String(length=20), nullable=False),
        sa.Column("look", sa.Boolean(), nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("available_from", UtcDateTime(), nullable=True),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_report_shelf_report_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_report_shelf_organisation_id"),
        sa.PrimaryKeyConstraint("report_id", name="pk_report_shelf"),
    )
    op.create_index("ix_report_shelf_shelf", "report_shelf", ["organisation_id", "shelf", "report_id"])
    op.create_index("ix_report_shelf_look", "report_shelf", ["organisation_id", "look", "report_id"])
    op.create_index("ix_report_shelf_flagged", "report_shelf", ["organisation_id", "flagged", "report_id"])
    op.create_index("ix_report_shelf_from", "report_shelf", ["organisation_id", "shelf", "available_from"])
    op.create_table(
        "shelf_count",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_shelf_count_organisation_id"),
        sa.PrimaryKeyConstraint("organisation_id", "name", name="pk_shelf_count"),
    )
    op.create_table(
        "word_seen",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=70), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_word_seen_report_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_word_seen_organisation_id"),
        sa.PrimaryKeyConstraint("report_id", "word", name="pk_word_seen"),
    )
    op.create_index("ix_word_seen_word", "word_seen", ["organisation_id", "word"])
    op.create_table(
        "missing_word",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=70), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column("first_at", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_missing_word_organisation_id"),
        sa.PrimaryKeyConstraint("organisation_id", "word", name="pk_missing_word"),
    )
    op.create_index("ix_missing_word_rank", "missing_word", ["organisation_id", "state", "reports"])
    op.create_table(
        "work_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("queue", sa.String(length=20), nullable=False),
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=120), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("settled_by", sa.String(length=300), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_work_item_organisation_id"),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name="fk_work_item_note_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_work_item"),
        sa.UniqueConstraint("note_id", name="uq_work_item_note_id"),
    )
    op.create_index("ix_work_item_queue", "work_item", ["organisation_id", "queue", "state", "id"])
    op.create_table(
        "reading_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(length=300), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_reading_case_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reading_case"),
    )
    op.create_index("ix_reading_case_organisation_id", "reading_case", ["organisation_id"])
    op.create_table(
        "tally",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_tally_organisation_id"),
        sa.PrimaryKeyConstraint("organisation_id", "kind", "period", "name", name="pk_tally"),
    )
    op.create_table(
        "link_seen",
        sa.Column("link_id", sa.String(length=120), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("link_id", name="pk_link_seen"),
    )
    _fill()


def _fill() -> None:
    note = sa.table(
        "note",
        sa.column("id"),
        sa.column("report_id"),
        sa.column("kind"),
        sa.column("text"),
        sa.column("at", UtcDateTime()),
    )
    report = sa.table("report", sa.column("id"), sa.column("organisation_id"))
    item = sa.table(
        "work_item", sa.column("organisation_id"), sa.column("queue"), sa.column("note_id"), sa.column("state")
    )
    tally = sa.table(
        "tally",
        sa.column("organisation_id"),
        sa.column("kind"),
        sa.column("period"),
        sa.column("name"),
        sa.column("count"),
    )
    wanted = (
        sa.select(note.c.id, report.c.organisation_id, note.c.kind, note.c.text, note.c.at)
        .join(report, report.c.id == note.c.report_id)
        .where(note.c.kind.in_((*_FEEDBACK, "reading_wrong")))
        .order_by(note.c.id)
    )
    rows, counts = [], Counter[tuple[int, str, str]]()
    for number, organisation, kind, text, at in op.get_bind().execute(wanted).all():
        if kind in _FEEDBACK:
            counts[organisation, at.strftime("%Y-%m"), kind] += 1
        if kind != "helpful" or text:
            queue = "feedback" if kind in _FEEDBACK else "reading_wrong"
            rows.append({"organisation_id": organisation, "queue": queue, "note_id": number, "state": "open"})
    if rows:
        op.bulk_insert(item, rows)
    if counts:
        op.bulk_insert(
            tally,
            [
                {"organisation_id": organisation, "kind": "feedback", "period": period, "name": kind, "count": count}
                for (organisation, period, kind), count in counts.items()
            ],
        )


def downgrade() -> None:
    """Take them away."""
    for table in (
        "link_seen",
        "tally",
        "reading_case",
        "work_item",
        "missing_word",
        "word_seen",
        "shelf_count",
        "report_shelf",
    ):
        op.drop_table(table)
