"""What stands in the list of alerts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from models.tables import Alert, Person
from models.work import Work


@dataclass(slots=True)
class AlertRow:
    """One alert. facts: see `models.rules.alerts.Finding`; told: roles that were told."""

    id: int
    person_id: int
    person_name: str
    report_date: date
    code: str
    level: str
    unit_id: int
    facts: dict[str, Any]
    version: int
    told: tuple[str, ...]
    raised_at: datetime
    acknowledged_at: datetime | None


_ALERT = select(
    Alert.id,
    Alert.person_id,
    Person.name,
    Alert.report_date,
    Alert.code,
    Alert.level,
    Alert.unit_id,
    Alert.facts,
    Alert.version,
    Alert.told,
    Alert.raised_at,
    Alert.acknowledged_at,
).join(Person, Person.id == Alert.person_id)


def _row(work: Work, row: Any) -> AlertRow:
    made = list(row)
    made[7] = work.vault.open_json("alerts.facts", row.facts)
    made[9] = tuple(role for role in row.told.split(",") if role)
    return AlertRow(*made)


def of_day(work: Work, person_id: int, day: date) -> dict[str, AlertRow]:
    """One person's alerts of one day, by code. One statement."""
    rows = work.connection.execute(_ALERT.where(Alert.person_id == person_id, Alert.report_date == day))
    return {row.code: _row(work, row) for row in rows}


def open_within(work: Work, unit_ids: Iterable[int], since: date) -> list[AlertRow]:
    """Alerts of people of these units that nobody has acknowledged, from `since` on, oldest first. One statement."""
    rows = work.connection.execute(
        _ALERT.where(
            Alert.unit_id.in_(sorted(set(unit_ids))),
            Alert.report_date >= since,
            Alert.acknowledged_at.is_(None),
        ).order_by(Alert.id)
    )
    return [_row(work, row) for row in rows]
