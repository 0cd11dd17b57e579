"""The content that a site edits: changes on their way, and what was published."""

import sqlalchemy as sa
from alembic import op

from plainrad.store.base import UtcDateTime

revision = "r0002"
down_revision = "r0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "content_version",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=300), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("overlay", sa.JSON(), nullable=False),
        sa.Column("restored", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_content_version"),
    )
    op.create_table(
        "entry_change",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("entry_id", sa.String(length=80), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("entry", sa.JSON(), nullable=False),
        sa.Column("base", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("author", sa.String(length=300), nullable=False),
        sa.Column("hands", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("reviewer", sa.String(length=300), nullable=True),
        sa.Column("next_review", sa.String(length=10), nullable=True),
        sa.Column("approved_by", sa.String(length=300), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["version"], ["content_version.number"], name="fk_entry_change_version"),
        sa.PrimaryKeyConstraint("id", name="pk_entry_change"),
    )
    op.create_index("ix_entry_change_state", "entry_change", ["state", "updated_at"])
    op.create_index("ix_entry_change_entry", "entry_change", ["entry_id"])


def downgrade() -> None:
    """Take them away."""
    op.drop_index("ix_entry_change_entry", "entry_change")
    op.drop_index("ix_entry_change_state", "entry_change")
    op.drop_table("entry_change")
    op.drop_table("content_version")
