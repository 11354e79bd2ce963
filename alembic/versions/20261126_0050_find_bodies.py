"""An index of the pushes whose words are still here, so that a night empties them without reading the others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261126_0050"
down_revision = "20261126_0061"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_outbox_body",
        "outbox",
        ["created_at"],
        sqlite_where=sa.text("body IS NOT NULL"),
        postgresql_where=sa.text("body IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_body", table_name="outbox")
