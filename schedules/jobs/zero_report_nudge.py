"""Nudges to designated reporters whose school has not filed; from the second time their deputies too."""

from __future__ import annotations

from collections.abc import Sequence

from bots.reports.words import district as words
from models.actions.nudges import asked
from models.queries.due import due_of
from models.queries.figures.schools import schools_on
from models.queries.reports import deadline_of
from schedules.job import Job, Moment, Push
from schedules.nudged import is_waited_for, nudged
from schedules.telling import tell


def plan(moment: Moment) -> Sequence[Push]:
    units, district, slots = moment.work.units, moment.district, moment.district.times.nudges
    days = schools_on(moment.connection, units, moment.day, due_of(moment.work))
    asked(moment.work, [one.school.id for one in days if is_waited_for(one)], moment.day, moment.at)
    until = slots[moment.slot + 1] if moment.slot + 1 < len(slots) else district.times.lock
    pushes = []
    for holder, one in nudged(moment, days, moment.slot):
        left = deadline_of(district, one.school, moment.day) - moment.at
        unfiled = [units.class_name(unit.id) for unit in one.unfiled]
        filed, classes = one.figures.classes_filed, one.figures.classes
        minutes = int(left.total_seconds() // 60)
        is_late = minutes <= 0 and bool(unfiled)
        text = words.nudge(one.school.name, minutes, filed, classes, unfiled, sign_for=unfiled[0] if is_late else "")
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
