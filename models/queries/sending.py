"""Whether sending is stopped, and how much of the platform's daily allowance is used."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection, bindparam, select

from models.tables import QuotaDay, SendingStop


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may go out now. stopped: "" (nothing is), mass or all. used, closed: by rung."""

    stopped: str = ""
    used: dict[str, int] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()


#: Asked at every turn of every worker, so built once.
_STOPS = select(SendingStop.scope).where(SendingStop.ended_at.is_(None))
_LEDGER = select(QuotaDay.interface, QuotaDay.used, QuotaDay.closed).where(QuotaDay.day == bindparam("the_day"))


def allowed(connection: Connection, day: date) -> Allowed:
    """Stops in force and the ledger of the platform's day. Two statements."""
    scopes = set(connection.execute(_STOPS).scalars())
    stopped = "all" if "all" in scopes else "mass" if scopes else ""
    rows = connection.execute(_LEDGER, {"the_day": day}).all()
    return Allowed(
        stopped, {row.interface: row.used for row in rows}, frozenset(row.interface for row in rows if row.closed)
    )


def is_stopped(connection: Connection) -> bool:
    """Whether anything is held back by hand. One statement."""
    return connection.execute(select(SendingStop.id).where(SendingStop.ended_at.is_(None)).limit(1)).first() is not None
