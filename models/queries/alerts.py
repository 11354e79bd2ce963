"""What is known of alerts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, or_, select

from models.rules.alerts import FEVERS
from models.tables import Alert, Person
from models.work import Work


@dataclass(slots=True)
class AlertRow:
    """One alert. facts: see `models.rules.alerts.Finding`; told: roles that were told."""

    id: int
    person_id: int
    person_name: str
    person_kind: str
    report_date: date
    code: str
    level: str
    unit_id: int
    facts: dict[str, Any]
    version: int
    told: tuple[str, ...]
    raised_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: int | None
    clock_from: datetime
    steps_done: int
    owner_id: int | None
    outcome: str | None
    reportable: bool | None


_ALERT = select(
    Alert.id,
    Alert.person_id,
    Person.name,
    Person.kind,
    Alert.report_date,
    Alert.code,
    Alert.level,
    Alert.unit_id,
    Alert.facts,
    Alert.version,
    Alert.told,
    Alert.raised_at,
    Alert.acknowledged_at,
    Alert.acknowledged_by,
    Alert.clock_from,
    Alert.steps_done,
    Alert.owner_id,
    Alert.outcome,
    Alert.reportable,
).join(Person, Person.id == Alert.person_id)


def _row(work: Work, row: Any) -> AlertRow:
    made = list(row)
    made[8] = work.vault.open_json("alerts.facts", row.facts)
    made[10] = tuple(role for role in row.told.split(",") if role)
    return AlertRow(*made)


def of_people(work: Work, people: Iterable[int], days: Iterable[date]) -> dict[tuple[int, date, str], AlertRow]:
    """The alerts of these people on these days, by person, day and code. One statement."""
    rows = work.connection.execute(
        _ALERT.where(Alert.person_id.in_(sorted(set(people))), Alert.report_date.in_(sorted(set(days))))
    )
    return {(row.person_id, row.report_date, row.code): _row(work, row) for row in rows}


def open_within(work: Work, unit_ids: Iterable[int], since: date, owner_id: int | None = None) -> list[AlertRow]:
    """Alerts of people of these units that nobody has acknowledged, from `since` on, oldest first. One statement.

    owner_id: and those this person answers for, wherever they are.
    """
    rows = work.connection.execute(
        _ALERT.where(
            or_(Alert.unit_id.in_(sorted(set(unit_ids))), Alert.owner_id == owner_id),
            Alert.report_date >= since,
            Alert.acknowledged_at.is_(None),
        ).order_by(Alert.id)
    )
    return [_row(work, row) for row in rows]


def unended(work: Work, person_ids: Iterable[int], since: date) -> list[AlertRow]:
    """Alerts of these people, from `since` on, that have no outcome, or a fever's without the reporter's judgement.

    Oldest first. One statement.
    """
    rows = work.connection.execute(
        _ALERT.where(
            Alert.person_id.in_(sorted(set(person_ids))),
            Alert.report_date >= since,
            or_(Alert.outcome.is_(None), Alert.reportable.is_(None) & Alert.code.in_(sorted(FEVERS))),
        ).order_by(Alert.id)
    )
    return [_row(work, row) for row in rows]


def unended_within(work: Work, unit_ids: Iterable[int], since: date, limit: int = 50) -> list[AlertRow]:
    """The same for everybody of these units, without the mild ones. One statement."""
    rows = work.connection.execute(
        _ALERT.where(
            Alert.unit_id.in_(sorted(set(unit_ids))),
            Alert.report_date >= since,
            Alert.level.in_(("red+", "red", "orange")),
            or_(Alert.outcome.is_(None), Alert.reportable.is_(None) & Alert.code.in_(sorted(FEVERS))),
        )
        .order_by(Alert.id)
        .limit(limit)
    )
    return [_row(work, row) for row in rows]


def unanswered(work: Work, falling: Iterable[tuple[str, int, datetime]]) -> list[AlertRow]:
    """Alerts nobody has taken on and for which a step of the clock falls due, held. falling: (level, steps done, since
    when at the latest the clock runs). One statement."""
    rows = work.flush().execute(
        _ALERT.where(
            Alert.acknowledged_at.is_(None),
            Alert.outcome.is_(None),
            or_(
                *(
                    and_(Alert.level == level, Alert.steps_done == done, Alert.clock_from <= since)
                    for level, done, since in falling
                )
            ),
        )
        .order_by(Alert.id)
        .with_for_update(of=Alert)
    )
    return [_row(work, row) for row in rows]
