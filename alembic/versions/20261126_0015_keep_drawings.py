"""Pictures that go to several people: drawn and uploaded once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261126_0015"
down_revision = "20261126_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drawings",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("svg", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("media_id", sa.String(length=160), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("busy_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_drawings")),
    )


def downgrade() -> None:
    op.drop_table("drawings")
