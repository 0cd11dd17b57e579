"""What was chosen for a patient can be undone, and keeps its story: hidden parts, neutral wording, notes to the patient."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from plainrad.store.base import UtcDateTime

revision = "r0006"
down_revision = "r0005"
branch_labels = None
depends_on = None


def _lifted() -> "tuple[sa.Column[Any], ...]":
    return (
        sa.Column("lift_reason", sa.Text(), nullable=True),
        sa.Column("lifted_by", sa.String(length=300), nullable=True),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
    )


def upgrade() -> None:
    """Let a part be hidden again after it was shown, and say what was chosen for it."""
    with op.batch_alter_table("hidden_item") as table:
        table.add_column(sa.Column("choice", sa.String(length=10), nullable=False, server_default="hidden"))
        for column in _lifted():
            table.add_column(column)
        table.drop_constraint("uq_hidden_item_version_id_item", type_="unique")
    with op.batch_alter_table("hidden_item") as table:
        table.alter_column("choice", server_default=None)
    op.create_index("ix_hidden_item_version_id_item", "hidden_item", ["version_id", "item"])
    with op.batch_alter_table("note") as table:
        table.add_column(sa.Column("signed", sa.String(length=300), nullable=True))
        table.add_column(sa.Column("about", sa.JSON(none_as_null=True), nullable=True))
        for column in _lifted():
            table.add_column(column)


def downgrade() -> None:
    """Keep what holds now. The older tables know no neutral wording: those parts are hidden, which says less and never more."""
    op.execute("DELETE FROM hidden_item WHERE lifted_at IS NOT NULL")
    op.execute("DELETE FROM hidden_item WHERE choice = 'neutral' AND EXISTS (SELECT 1 FROM hidden_item AS other WHERE other.version_id = hidden_item.version_id AND other.item = hidden_item.item AND other.choice = 'hidden')")  # fmt: skip
    op.execute("UPDATE note SET for_patient = false WHERE lifted_at IS NOT NULL")
    op.drop_index("ix_hidden_item_version_id_item", "hidden_item")
    with op.batch_alter_table("hidden_item") as table:
        for name in ("choice", "lift_reason", "lifted_by", "lifted_at"):
            table.drop_column(name)
        table.create_unique_constraint("uq_hidden_item_version_id_item", ["version_id", "item"])
    with op.batch_alter_table("note") as table:
        for name in ("signed", "about", "lift_reason", "lifted_by", "lifted_at"):
            table.drop_column(name)
