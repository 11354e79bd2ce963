"""The facts behind one unit's report of one day: who was asked when and how, and every version of what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select

from models.queries.people import holders
from models.queries.units import UnitInfo
from models.rules.district import District
from models.statements import values
from models.tables import Outbox, Person, ReportVersion

#: Pushes that ask for a report, at any level.
ASKING = ("class-report", "grade-report", "school-report", "class-nudge", "zero-report-nudge", "zero-report-escalation")
#: Who answers for a unit's report, and who was told when it did not come.
ANSWERING = {
    "class_unit": ("head_teacher", "deputy_head_teacher"),
    "grade": ("grade_head",),
    "school": ("designated_reporter", "deputy_reporter", "principal", "duty_leader"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """One version of a report: filed, returned, amended or locked. by: a name, empty for the system's own."""

    version: int
    status: str
    at: datetime
    by: str
    capacity: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """One push about it. kind: the first part of its key, which says what for; channel: the rung taken; error: why it
    did not arrive."""

    at: datetime
    kind: str
    name: str
    title: str
    state: str
    channel: str
    error: str


def steps_of(connection: Connection, unit_id: int, day: date) -> list[Step]:
    """Every version of a unit's report of a day, oldest first. One statement."""
    rows = connection.execute(
        select(
            ReportVersion.version,
            ReportVersion.status,
            ReportVersion.at,
            Person.name,
            ReportVersion.capacity,
            ReportVersion.reason,
        )
        .outerjoin(Person, Person.id == ReportVersion.by_person_id)
        .where(ReportVersion.unit_id == unit_id, ReportVersion.report_date == day)
        .order_by(ReportVersion.version, ReportVersion.at)
    )
    return [Step(row[0], row[1], row[2], row[3] or "", row[4], row[5]) for row in rows]


def asked_for(
    connection: Connection, unit: UnitInfo, day: date, district: District
) -> tuple[list[Asked], list[tuple[str, str]]]:
    """What those who answer for a unit's report were pushed that day, oldest first; and (title, name) of those nobody
    is bound to, whom nothing could reach. Two statements."""
    found = holders(connection, [unit.id], ANSWERING[unit.kind], day)
    names = {one.account_id: one for one in found if one.account_id is not None}
    alone = [(one.title, one.name) for one in found if one.account_id is None]
    if not names:
        return [], alone
    begins, ends = district.end_of(day - timedelta(days=1)), district.end_of(day)
    rows = connection.execute(
        select(Outbox.account_id, Outbox.moment, Outbox.key, Outbox.state, Outbox.channel, Outbox.error, Outbox.owed)
        .where(Outbox.account_id.in_(sorted(names)), Outbox.kind.in_(ASKING))
        .where(Outbox.moment >= begins, Outbox.moment < ends)
        .order_by(Outbox.moment, Outbox.id)
    )
    told = []
    for row in rows:
        account, at, key, state, channel, error, owed = values(row)
        if owed is None or owed.get("unit") in {None, unit.id}:
            holder = names[account]
            told.append(Asked(at, key.partition(":")[0], holder.name, holder.title, state, channel, error))
    return told, alone
