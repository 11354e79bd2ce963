"""Drafts of circulars, and what a person decided."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261126_0030"
down_revision = "20261126_0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "circulars",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('draft','approved','dropped','excused')", name=op.f("ck_circulars_state")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_circulars_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circulars")),
        sa.UniqueConstraint("unit_id", "first_day", name=op.f("uq_circulars_unit_id_first_day")),
    )
    op.create_index("ix_circulars_state", "circulars", ["state"])


def downgrade() -> None:
    op.drop_table("circulars")
