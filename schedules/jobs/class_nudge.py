"""A class nobody has signed in time: its head teacher hears of it, then the levels above, step by step (domain 7.2)."""

from __future__ import annotations

from collections.abc import Sequence

from bots.reports.words import district as words
from models.actions.nudges import asked
from models.queries.bound import holders_on
from models.queries.due import due_of
from models.queries.figures.schools import SchoolDay, schools_on
from models.queries.nudges import open_nudges
from models.queries.people import Holder
from models.queries.reports import deadline_of
from models.queries.units import UnitInfo
from schedules.job import Job, Moment, Push
from schedules.nudged import nudged
from schedules.telling import tell


def plan(moment: Moment) -> Sequence[Push]:
    steps = moment.district.escalation.class_to
    roles = steps[moment.slot] if moment.slot < len(steps) else ()
    if not roles:
        return []
    units = moment.work.units
    days = schools_on(moment.connection, units, moment.day, due_of(moment.work))
    # A return waits for the class, too, though it was filed once.
    unfiled = [unit for one in days for unit in one.unfiled]
    held = {
        one.unit_id
        for one in open_nudges(moment.connection, moment.day)
        if one.is_held(moment.at, moment.district.reporting.answer_minutes)
    }
    asked(moment.work, [unit.id for unit in unfiled], moment.day, moment.at)
    if moment.slot:  # whoever answered 收到 just now holds the next level back, not their own reminder
        unfiled = [unit for unit in unfiled if unit.id not in held]
    if not unfiled:
        return []
    by_place: dict[int | None, list[UnitInfo]] = {}
    for unit in unfiled:
        for place in (unit.id, unit.grade_id, unit.school_id):
            by_place.setdefault(place, []).append(unit)
    told_anyway = _told_anyway(moment, days)
    pushes = []
    for holder in holders_on(moment.connection, roles, moment.day):
        mine = by_place.get(holder.unit_id, [])
        if holder.account_id is not None and mine and (holder.account_id, holder.unit_id) not in told_anyway:
            pushes.append(_push(moment, holder, mine))
    return pushes


def _told_anyway(moment: Moment, days: Sequence[SchoolDay]) -> set[tuple[int | None, int]]:
    """Accounts and schools whose reminder of the zero report goes out this very minute: it names the same classes, and
    two messages about one matter are one too many."""
    times = moment.district.times
    clock = times.class_nudges[moment.slot] if moment.slot < len(times.class_nudges) else None
    if clock is None or clock not in times.nudges:
        return set()
    return {(holder.account_id, one.school.id) for holder, one in nudged(moment, days, times.nudges.index(clock))}


def _push(moment: Moment, holder: Holder, classes: Sequence[UnitInfo]) -> Push:
    names = [moment.work.units.class_name(unit.id) for unit in classes]
    minutes = int((moment.at - deadline_of(moment.district, classes[0], moment.day)).total_seconds() // 60)
    of_own = holder.unit_id == classes[0].id
    text = words.class_nudge(names[0]) if of_own else words.classes_late(names, minutes)
    return tell(
        moment,
        "class-nudge",
        f"class-nudge:{moment.slot}:{holder.unit_id}:{holder.account_id}:{moment.day}",
        holder,
        text,
        moment.district.at(moment.day, moment.district.times.lock),
        title="班级日报未确认",
        unit=names[0] if of_own else moment.work.units.class_name(holder.unit_id),
        note="请点开核对" if of_own else f"{len(names)}个班未确认",
        report_of=classes[0].id if len(classes) == 1 else None,
        deadline=deadline_of(moment.district, classes[0], moment.day),
    )


job = Job(name="class-nudge", times=lambda times: times.class_nudges, plan=plan)
