"""In the morning: what the day before was closed with and nobody has signed, to those whose matter it was (domain 7.2).

Whoever answers for a unit is told of it, the reporter of the classes and grades of the school, the bureau of the schools,
each with the name of its owner. Where nobody holds a unit's report it is the matter of the level above, by name: nothing
is left without an owner. No pupil is named, and nothing is said where yesterday is in order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bots.reports.words import district as words
from models.queries.bound import holders_on
from models.queries.due import due_of
from models.queries.people import Holder
from models.queries.reports import ReportInfo, reports_on
from models.queries.units import UnitInfo, Units
from models.rules.authority import HOLDERS, wants_cosign
from schedules.job import Job, Lane, Moment, Push
from schedules.telling import tell

_REPORTER, _OFFICER = "designated_reporter", "district_officer"


def plan(moment: Moment) -> Sequence[Push]:
    day, units = moment.day - timedelta(days=1), moment.work.units
    owes = due_of(moment.work).owes
    left: dict[int, str] = {}
    for (unit_id, _), report in reports_on(moment.connection, None, [day]).items():
        if (
            units.get(unit_id) is not None
            and owes(unit_id, day)
            and (state := _left_open(moment, units[unit_id], report))
        ):
            left[unit_id] = state
    if not left:
        return []
    held: dict[tuple[int, str], list[Holder]] = {}
    told: list[Holder] = []
    roles = {*(role for holding in HOLDERS.values() for role in holding), _OFFICER}
    for holder in holders_on(moment.connection, roles, moment.day):
        told.append(holder)
        held.setdefault((holder.unit_id, holder.role), []).append(holder)
    owners = {unit_id: _owners(units, units[unit_id], held) for unit_id in left}
    pushes: dict[tuple[int, int], Push] = {}
    for holder in told:
        mine = [units[unit_id] for unit_id in sorted(left) if _concerns(holder, units[unit_id], owners)]
        if holder.account_id is None or not mine:
            continue
        lines = [
            words.left_open(units.class_name(unit.id), left[unit.id], [owner.name for owner in owners[unit.id]])
            for unit in mine
        ]
        text = words.open_day(day, lines)
        pushes.setdefault((holder.account_id, holder.unit_id), _push(moment, holder, text, len(mine)))
    return list(pushes.values())


def _left_open(moment: Moment, unit: UnitInfo, report: ReportInfo) -> str:
    """missing; changed: opened again and not signed since; uncosigned: the principal's name is not beside it; empty where
    the signatures stand."""
    if report.status == "missing":
        return "missing"
    if report.status == "locked" and report.reason is not None:
        return "changed"
    reporting = moment.district.reporting
    wanted = wants_cosign(reporting, is_zero=report.is_zero, capacity=report.capacity)
    is_open = unit.kind == "school" and report.is_signed and report.cosigned_at is None
    return "uncosigned" if is_open and wanted else ""


def _owners(units: Units, unit: UnitInfo, held: Mapping[tuple[int, str], list[Holder]]) -> list[Holder]:
    """Who answers for a unit: whoever holds its report, else the report of the level above, at last the bureau's officer."""
    above = dict.fromkeys((unit.id, unit.grade_id, unit.school_id, units.district.id if units.district else None))
    levels = [one for place in above if (one := units.get(place)) is not None]
    places = ((one.id, role) for one in levels for role in HOLDERS.get(one.kind, (_OFFICER,)))
    return next((held[place] for place in places if place in held), [])


def _concerns(holder: Holder, unit: UnitInfo, owners: Mapping[int, list[Holder]]) -> bool:
    if holder.role == _OFFICER and unit.kind == "school":
        return True
    if holder.role == _REPORTER and holder.unit_id in {unit.id, unit.school_id}:
        return True
    return holder in owners[unit.id]


def _push(moment: Moment, holder: Holder, text: str, count: int) -> Push:
    return tell(
        moment,
        "open-days",
        f"open-days:{holder.unit_id}:{holder.account_id}:{moment.day}",
        holder,
        text,
        moment.district.at(moment.day, moment.district.times.lock),
        title="昨日日报未了结",
        unit=moment.work.units.class_name(holder.unit_id),
        note=f"{count}个单位昨天的日报需要说明",
        lane=Lane.NEWS,
    )


job = Job(name="open-days", times=lambda times: (times.open_days,), plan=plan, only_asks=True)
