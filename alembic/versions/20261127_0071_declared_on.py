"""The day of somebody's last declaration, where every answer finds it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261127_0071"
down_revision = "20261126_0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("persons", sa.Column("declared_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("persons", "declared_on")
