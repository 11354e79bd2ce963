"""Who may fetch a new access token, and storing it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, or_, update

from models.statements import insert
from models.tables.delivery import PlatformToken


def claim_refresh(
    connection: Connection, app_id: str, generation: int, who: str, now: datetime, until: datetime
) -> bool:
    """Become the one process that fetches the token after `generation`, until `until`.

    False where somebody else is at it, or has already stored a newer one.
    """
    connection.execute(insert(connection, PlatformToken).values(app_id=app_id, generation=0).on_conflict_do_nothing())
    claimed = connection.execute(
        update(PlatformToken)
        .where(
            PlatformToken.app_id == app_id,
            PlatformToken.generation == generation,
            or_(PlatformToken.refresher.is_(None), PlatformToken.refreshing_until <= now),
        )
        .values(refresher=who, refreshing_until=until)
    )
    return claimed.rowcount == 1


def store_token(
    connection: Connection, app_id: str, generation: int, who: str, sealed: bytes, expires_at: datetime
) -> bool:
    """Store the token fetched by `who`; False where their claim has passed to another process meanwhile."""
    stored = connection.execute(
        update(PlatformToken)
        .where(
            PlatformToken.app_id == app_id,
            PlatformToken.generation == generation,
            PlatformToken.refresher == who,
        )
        .values(token=sealed, generation=generation + 1, expires_at=expires_at, refresher=None, refreshing_until=None)
    )
    return stored.rowcount == 1


def give_up_refresh(connection: Connection, app_id: str, who: str) -> None:
    """Let others try at once after a fetch that failed."""
    connection.execute(
        update(PlatformToken)
        .where(PlatformToken.app_id == app_id, PlatformToken.refresher == who)
        .values(refresher=None, refreshing_until=None)
    )
