"""How much is owed right now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, func, select, text

from models.tables import Inbox, Outbox


@dataclass(frozen=True, slots=True)
class Pile:
    """Pushes of one kind in one open state (queued or sending)."""

    kind: str
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class Owed:
    """piles: what is not final; oldest: kind → since when its oldest due push has been due; parked: messages."""

    piles: Sequence[Pile]
    oldest: Mapping[str, datetime]
    parked: int


def owed(connection: Connection, now: datetime) -> Owed:
    """What is owed at `now`. Three statements, each on a partial index of what is open."""
    rows = [
        row
        for state in ("queued", "sending")
        for row in connection.execute(
            select(
                Outbox.kind,
                Outbox.state,
                func.count(),
                func.min(case((Outbox.due_at <= now, Outbox.due_at), else_=None)),
            )
            .where(text(f"outbox.state = '{state}'"))
            .group_by(Outbox.kind, Outbox.state)
            .order_by(Outbox.kind)
        )
    ]
    oldest: dict[str, datetime] = {}
    for kind, _, _, since in rows:
        if since is not None:
            oldest[kind] = min(since, oldest.get(kind, since))
    parked = connection.execute(select(func.count()).where(Inbox.state == "parked")).scalar_one()
    return Owed([Pile(kind, state, count) for kind, state, count, _ in rows], oldest, parked)
