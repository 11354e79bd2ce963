"""Reminders of reports and who took them on, calls to families, and the principal's co-signature."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261126_0061"
down_revision = "20261126_0060"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "report_nudges",
        sa.Column("unit_id", _ID, nullable=False),
        sa.Column("report_date", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", _ID, nullable=True),
        sa.Column("steps_done", sa.Integer(), nullable=False),
        sa.Column("taken_by", _ID, nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_report_nudges_unit_id_units")),
        sa.PrimaryKeyConstraint("unit_id", "report_date", name=op.f("pk_report_nudges")),
    )
    op.create_index("ix_report_nudges_report_date", "report_nudges", ["report_date"], unique=False)
    op.create_table(
        "calls",
        sa.Column("id", _ID, nullable=False),
        sa.Column("person_id", _ID, nullable=False),
        sa.Column("report_date", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_person_id", _ID, nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("outcome IN ('reached','unreached')", name=op.f("ck_calls_outcome")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_calls_person_id_persons"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
    )
    op.create_index("ix_calls_report_date_person_id", "calls", ["report_date", "person_id"], unique=False)
    op.add_column("reports", sa.Column("cosigned_by", _ID, nullable=True))
    op.add_column("reports", sa.Column("cosigned_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("reports", "cosigned_at")
    op.drop_column("reports", "cosigned_by")
    op.drop_table("calls")
    op.drop_table("report_nudges")
