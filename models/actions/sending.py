"""Stopping and resuming, and the ledger of calls that all processes share."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import Connection, or_, update
from sqlalchemy import insert as plain_insert

from models.statements import insert
from models.tables import QuotaDay, SendingStop


def stop(connection: Connection, who: str, now: datetime, scope: str, reason: str = "") -> None:
    """Nothing of `scope` (mass or all) goes out until `resume`."""
    connection.execute(
        plain_insert(SendingStop).values(stopped_at=now, stopped_by=who[:64], scope=scope, reason=reason[:200])
    )


def resume(connection: Connection, who: str, now: datetime) -> int:
    """End every stop; gives how many there were."""
    done = connection.execute(
        update(SendingStop).where(SendingStop.ended_at.is_(None)).values(ended_at=now, ended_by=who[:64])
    )
    return int(done.rowcount or 0)


def count_calls(connection: Connection, day: date, used: Mapping[str, int], closed: Collection[str]) -> None:
    """Add calls made to the platform's day, and close what the platform has closed. One statement."""
    rows = [
        {"interface": name, "day": day, "used": used.get(name, 0), "closed": name in closed}
        for name in sorted({*used, *closed})
    ]
    if not rows:
        return
    statement = insert(connection, QuotaDay)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=("interface", "day"),
            set_={
                "used": QuotaDay.used + statement.excluded.used,
                "closed": or_(QuotaDay.closed, statement.excluded.closed),
            },
        ),
        rows,
    )
