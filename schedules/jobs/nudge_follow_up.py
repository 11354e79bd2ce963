"""A reminder nobody answered with 收到, nor with a signature: the next person hears of it (domain handbook 7.2, 7.3).

Schools, and classes that were reminded by hand: the timetable of the classes' own steps names their next ones itself.
Whoever could not be reached is said not to have been reached.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bots.reports.words import district as words
from bots.wording.plain import clock
from models.actions.nudges import stepped
from models.queries.bound import holders_on
from models.queries.nudges import Nudge, open_nudges, pushed_keys
from models.queries.people import Holder
from models.queries.units import UnitInfo
from models.rules.authority import HOLDERS
from schedules.job import Job, Moment, Push
from schedules.telling import tell


def plan(moment: Moment) -> Sequence[Push]:
    district = moment.district
    if moment.at >= district.at(moment.day, district.times.lock):
        return []
    due = [(one, roles) for one in open_nudges(moment.connection, moment.day) if (roles := _next(moment, one))]
    if not due:
        return []
    found = holders_on(
        moment.connection,
        {*(role for _, roles in due for role in roles), *(role for held in HOLDERS.values() for role in held)},
        moment.day,
    )
    by_place: dict[tuple[int, str], list[Holder]] = {}
    for holder in found:
        by_place.setdefault((holder.unit_id, holder.role), []).append(holder)
    accounts = [holder.account_id for holder in found if holder.account_id is not None]
    keys = pushed_keys(moment.connection, accounts, district.at(moment.day, district.times.window_opens))
    pushes: list[Push] = []
    steps = []
    for nudge, roles in due:
        unit = moment.work.units[nudge.unit_id]
        first = by_place.get((unit.id, HOLDERS[unit.kind][0]), [])
        for taken, role in enumerate(roles, start=1):
            steps.append((unit.id, nudge.steps_done + taken))
            next_ones = [
                holder
                for place in dict.fromkeys((unit.id, unit.grade_id, unit.school_id))
                if place is not None
                for holder in by_place.get((place, role), ())
                if holder.account_id is not None and not _knows(keys, unit, holder, moment)
            ]
            if next_ones:
                pushes += [_push(moment, nudge, unit, first, holder, keys) for holder in next_ones]
                break
    stepped(moment.work, dict(steps).items(), moment.day)
    return pushes


def _next(moment: Moment, nudge: Nudge) -> tuple[str, ...]:
    """The roles that have not been told yet, where it is their turn."""
    reporting, unit = moment.district.reporting, moment.work.units.get(nudge.unit_id)
    if unit is None or (unit.kind == "class_unit" and nudge.asked_by is None):
        return ()
    roles = {"class_unit": reporting.class_next, "school": reporting.school_next}.get(unit.kind, ())
    wait = timedelta(minutes=reporting.answer_minutes)
    if nudge.is_held(moment.at, reporting.answer_minutes) or moment.at < nudge.asked_at + wait * (nudge.steps_done + 1):
        return ()
    return roles[nudge.steps_done :]


def _knows(keys: dict[str, bool], unit: UnitInfo, holder: Holder, moment: Moment) -> bool:
    """Whether somebody was told of this very report today already, by the timetable or by hand."""
    ending = f":{unit.id}:{holder.account_id}:{moment.day}"
    return any(
        arrived and key.endswith(ending) and key.startswith(("zero-report-nudge:", "zero-report-escalation:"))
        for key, arrived in keys.items()
    )


def _push(
    moment: Moment, nudge: Nudge, unit: UnitInfo, first: Sequence[Holder], holder: Holder, keys: dict[str, bool]
) -> Push:
    name = moment.work.units.class_name(unit.id)
    reached = [one for one in first if _reached(keys, unit, one)]
    text = words.next_one(
        name,
        clock(moment.district, nudge.asked_at),
        [one.name for one in reached or first],
        was_reached=bool(reached),
        was_taken=nudge.taker if nudge.taken_at is not None else "",
        word="零报告" if unit.kind == "school" else f"确认 {name}",
    )
    return tell(
        moment,
        "nudge-follow-up",
        f"nudge-follow-up:{unit.id}:{nudge.asked_at:%H%M}:{nudge.steps_done}:{holder.account_id}:{moment.day}",
        holder,
        text,
        moment.district.at(moment.day, moment.district.times.lock),
        title="日报催报没有回应",
        unit=name,
        note="请点开查看",
        report_of=unit.id,
    )


def _reached(keys: dict[str, bool], unit: UnitInfo, holder: Holder) -> bool:
    """Whether a reminder of this report may have arrived."""
    middle = f":{unit.id}:"
    return any(
        arrived and middle in key and f":{holder.account_id}" in key
        for key, arrived in keys.items()
        if key.startswith(("zero-report-nudge:", "class-nudge:", "unit-remind:"))
    )


job = Job(name="nudge-follow-up", times=lambda _times: (), plan=plan, every=timedelta(minutes=1))
