"""Nudges to designated reporters whose school has not filed; from the second time their deputies too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bots.phrases import district as words
from models.actions.nudges import asked
from models.queries.bound import holders_on
from models.queries.due import due_of
from models.queries.pushes import recent_keys
from models.queries.reports import deadline_of
from models.queries.schools import schools_on
from schedules.job import Job, Moment, Push
from schedules.telling import tell

#: Whoever was shown the school's figures this short a time ago has read there what to do and by when.
JUST_NOW = timedelta(minutes=1)


def plan(moment: Moment) -> Sequence[Push]:
    units, district, slots = moment.work.units, moment.district, moment.district.times.nudges
    days = schools_on(moment.connection, units, moment.day, due_of(moment.work))
    waiting = {one.school.id: one for one in days if not one.report.was_filed or one.report.status == "returned"}
    asked(moment.work, waiting, moment.day, moment.at)
    until = slots[moment.slot + 1] if moment.slot + 1 < len(slots) else district.times.lock
    reporters = holders_on(moment.connection, ("designated_reporter", "deputy_reporter"), moment.day)
    led = {holder.unit_id for holder in reporters if holder.role == "designated_reporter" and holder.account_id}
    accounts = [holder.account_id for holder in reporters if holder.account_id is not None]
    just_shown = recent_keys(moment.connection, accounts, "school-report:", moment.at - JUST_NOW)
    pushes = []
    for holder in reporters:
        one = waiting.get(holder.unit_id)
        # A deputy hears it at the deadline, or at once where no reporter can be reached.
        is_turn = holder.role == "designated_reporter" or moment.slot > 0 or holder.unit_id not in led
        if one is None or holder.account_id is None or not is_turn:
            continue
        if f"school-report:{one.school.id}:{holder.account_id}:{moment.day}" in just_shown:
            continue
        left = deadline_of(district, one.school, moment.day) - moment.at
        unfiled = [units.class_name(unit.id) for unit in one.unfiled]
        filed, classes = one.figures.classes_filed, one.figures.classes
        minutes = int(left.total_seconds() // 60)
        text = words.nudge(one.school.name, minutes, filed, classes, unfiled)
        pushes.append(
            tell(
                moment,
                "zero-report-nudge",
                f"zero-report-nudge:{moment.slot}:{one.school.id}:{holder.account_id}:{moment.day}",
                holder,
                text,
                district.at(moment.day, until),
                title="零报告尚未提交",
                unit=one.school.name,
                note="请点开核对后签报",
                report_of=one.school.id,
                deadline=deadline_of(district, one.school, moment.day),
            )
        )
    return pushes


job = Job(name="zero-report-nudge", times=lambda times: times.nudges, plan=plan)
