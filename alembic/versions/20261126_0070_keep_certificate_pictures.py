"""The picture of a certificate, sealed, where schools ask for one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261126_0070"
down_revision = "20261126_0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("clearances", sa.Column("picture", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("clearances", "picture")
