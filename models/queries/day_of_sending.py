"""One day of the system itself, for its operator: what ran, what went out by which rung, what did not and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select, text

from models.statements import values
from models.tables import Inbox, Occurrence, Outbox, Person, QuotaDay, SendingStop


@dataclass(frozen=True, slots=True)
class Day:
    """jobs: (job, due, state, owed); fates: (kind, state, rung, count); failures: (error, count); quotas by rung."""

    jobs: Sequence[tuple[Any, ...]]
    fates: Sequence[tuple[Any, ...]]
    failures: Sequence[tuple[Any, ...]]
    quotas: Sequence[tuple[Any, ...]]
    stops: int
    parked: int


def day_of_sending(connection: Connection, day: date, begins: datetime, ends: datetime) -> Day:
    """The figures of pushes planned between two moments. Six statements."""
    within = (Outbox.created_at >= begins, Outbox.created_at < ends)
    jobs = connection.execute(
        select(Occurrence.job, Occurrence.due_at, Occurrence.state, Occurrence.owed)
        .where(Occurrence.day == day)
        .order_by(Occurrence.due_at, Occurrence.id)
    ).all()
    fates = connection.execute(
        select(Outbox.kind, Outbox.state, Outbox.channel, func.count())
        .where(*within)
        .group_by(Outbox.kind, Outbox.state, Outbox.channel)
        .order_by(Outbox.kind, Outbox.state, Outbox.channel)
    ).all()
    failures = connection.execute(
        select(Outbox.error, func.count())
        .where(*within, Outbox.state.in_(("failed", "unknown", "expired")))
        .group_by(Outbox.error)
        .order_by(func.count().desc())
        .limit(10)
    ).all()
    quotas = connection.execute(
        select(QuotaDay.interface, QuotaDay.used, QuotaDay.closed)
        .where(QuotaDay.day == day)
        .order_by(QuotaDay.interface)
    ).all()
    stops = connection.execute(
        select(func.count()).where(SendingStop.stopped_at >= begins, SendingStop.stopped_at < ends)
    ).scalar_one()
    parked = connection.execute(select(func.count()).where(Inbox.state == "parked")).scalar_one()
    return Day(
        [tuple(row) for row in jobs],
        [tuple(row) for row in fates],
        [tuple(row) for row in failures],
        [tuple(row) for row in quotas],
        stops,
        parked,
    )


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A push of which nobody knows whether it arrived."""

    id: int
    kind: str
    relation: str
    name: str | None
    created_at: datetime
    expires_at: datetime
    moment: datetime
    error: str


def doubtful(connection: Connection) -> list[Doubtful]:
    """Pushes of which nobody knows whether they arrived, oldest first. One statement on a small index."""
    rows = connection.execute(
        select(
            Outbox.id,
            Outbox.kind,
            Outbox.relation,
            Person.name,
            Outbox.created_at,
            Outbox.expires_at,
            Outbox.moment,
            Outbox.error,
        )
        .outerjoin(Person, Person.id == Outbox.person_id)
        .where(text("outbox.state = 'unknown'"))
        .order_by(Outbox.id)
    )
    return [Doubtful(*values(row)) for row in rows]
