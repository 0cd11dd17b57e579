"""Where a report stands, as a hint that lists by state are found with; texts that hold U+001A, escaped as new ones are."""

import sqlalchemy as sa
from alembic import op

from plainrad.store.base import UtcDateTime

revision = "r0004"
down_revision = "r0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the hints, empty: the worker works them out, for it finds no policy that it worked them out with."""
    op.add_column("report", sa.Column("standing", sa.String(length=12), nullable=True))
    op.add_column("report", sa.Column("opens_at", UtcDateTime(), nullable=True))
    op.create_index("ix_report_standing", "report", ["organisation_id", "standing", "id", "opens_at"])
    op.execute("DELETE FROM site WHERE name = 'policy'")
    _replace("%1$s", "%1$s001a")


def downgrade() -> None:
    """Take the hints away. A text that holds U+0000 cannot be kept by PostgreSQL before this step, and stays escaped."""
    _replace("%1$s001a", "%1$s")
    op.drop_index("ix_report_standing", "report")
    op.drop_column("report", "opens_at")
    op.drop_column("report", "standing")


def _replace(old: str, new: str) -> None:
    code = "char(26)" if op.get_bind().dialect.name == "sqlite" else "chr(26)"
    before, after = (code + (f" || '{one.removeprefix('%1$s')}'" if one != "%1$s" else "") for one in (old, new))
    finds = "instr(text, {0})" if code.startswith("char") else "strpos(text, {0})"
    op.execute(f"UPDATE report_version SET text = replace(text, {before}, {after}) WHERE {finds.format(code)} > 0")  # noqa: S608
