"""The roster by school, and when a class has pupils: written anew with the steps, which are believed no more until then."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261126_0060"
down_revision = "20261126_0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "school_steps",
        sa.Column(
            "school_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("classes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "kind", "day", name=op.f("pk_school_steps")),
    )
    op.create_table(
        "class_spans",
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("unit_id", "from_day", name=op.f("pk_class_spans")),
    )
    op.execute("DELETE FROM versions WHERE name = 'roster_steps'")


def downgrade() -> None:
    op.drop_table("class_spans")
    op.drop_table("school_steps")
