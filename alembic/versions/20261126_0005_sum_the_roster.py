"""The roster by unit and day of change, so that nobody counts a million people to know who is due."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261126_0005"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "roster_steps",
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("change", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("unit_id", "kind", "day", name=op.f("pk_roster_steps")),
    )


def downgrade() -> None:
    op.drop_table("roster_steps")
