"""The stored access token."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from models.tables.delivery import PlatformToken


class StoredToken(NamedTuple):
    """token: sealed; None before the first fetch."""

    token: bytes | None
    generation: int
    expires_at: datetime | None


def stored_token(connection: Connection, app_id: str) -> StoredToken | None:
    """The token every process shares; None before anybody has asked for one."""
    row = connection.execute(
        select(PlatformToken.token, PlatformToken.generation, PlatformToken.expires_at).where(
            PlatformToken.app_id == app_id
        )
    ).one_or_none()
    return StoredToken(*row) if row else None
