"""Which drafts of circulars wait, and what schools have done that calls for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select

from models.queries.due import Due
from models.queries.figures.schools import sums_on
from models.queries.reports import deadline_of
from models.queries.units import UnitInfo, Units
from models.rules.circular import Week, week_of
from models.rules.district import District
from models.tables import Circular


@dataclass(frozen=True, slots=True)
class Draft:
    """One draft, as it stands."""

    id: int
    unit_id: int
    first_day: date
    last_day: date
    week: Week


def open_drafts(connection: Connection) -> list[Draft]:
    """The drafts nobody has decided on, oldest first. One statement."""
    rows = connection.execute(
        select(Circular.id, Circular.unit_id, Circular.first_day, Circular.last_day, Circular.facts)
        .where(Circular.state == "draft")
        .order_by(Circular.first_day, Circular.id)
    )
    return [Draft(row[0], row[1], row[2], row[3], Week.from_json(row[4])) for row in rows]


def weeks(
    connection: Connection, units: Units, district: District, due: Due, day: date, now: datetime
) -> list[tuple[UnitInfo, Week]]:
    """Each school's week up to `day`: days whose lock has not passed are not missing yet. Two statements."""
    monday, _ = week_of(day)
    days = [monday + timedelta(days=number) for number in range((day - monday).days + 1)]
    late: dict[int, list[tuple[date, int]]] = {}
    missing: dict[int, list[date]] = {}
    for one_day, schools in sums_on(connection, units, days, due).items():
        locked = now >= district.at(one_day, district.times.lock)
        for one in schools:
            filed = one.report.first_filed_at
            deadline = deadline_of(district, one.school, one_day)
            # Filed after the lock is filed all the same: late, and said so.
            if filed is None and locked:
                missing.setdefault(one.school.id, []).append(one_day)
            elif filed is not None and filed > deadline:
                minutes = max(1, int((filed - deadline).total_seconds() // 60))
                late.setdefault(one.school.id, []).append((one_day, minutes))
    return [
        (school, Week(tuple(late.get(school.id, ())), tuple(missing.get(school.id, ()))))
        for school in sorted(units.schools(), key=lambda one: (one.position, one.path))
    ]
