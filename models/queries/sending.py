"""Whether sending is stopped, and how much of the platform's daily allowance is used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection, func, select, text

from models.tables import Outbox, QuotaDay, SendingStop


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may go out now. stopped: "" (nothing is), mass or all. used, closed: by rung."""

    stopped: str = ""
    used: dict[str, int] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()


def allowed(connection: Connection, day: date) -> Allowed:
    """Stops in force and the ledger of the platform's day. Two statements."""
    scopes = set(connection.execute(select(SendingStop.scope).where(SendingStop.ended_at.is_(None))).scalars())
    stopped = "all" if "all" in scopes else "mass" if scopes else ""
    rows = connection.execute(
        select(QuotaDay.interface, QuotaDay.used, QuotaDay.closed).where(QuotaDay.day == day)
    ).all()
    return Allowed(
        stopped, {row.interface: row.used for row in rows}, frozenset(row.interface for row in rows if row.closed)
    )


def open_lanes(connection: Connection) -> Iterator[tuple[str, int, int, datetime]]:
    """(state, lane, how many, the oldest's due moment) of what is not final. One statement a state; small indexes."""
    for state in ("queued", "sending", "held", "unknown"):
        rows = connection.execute(
            select(Outbox.lane, func.count(), func.min(Outbox.due_at))
            .where(text(f"outbox.state = '{state}'"))
            .group_by(Outbox.lane)
        )
        for lane, count, oldest in rows:
            yield state, lane, count, oldest
