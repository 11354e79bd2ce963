"""The school's figures to its designated reporter, who signs them with one word.

Where no reporter can be reached, the principal hears it: they may always sign (domain handbook 2.5).
"""

from __future__ import annotations

from collections.abc import Sequence

from bots.reports.day_state import picture
from models.queries.bound import holders_on
from models.queries.reports import deadline_of
from schedules.job import Job, Moment, Push
from schedules.telling import tell


def plan(moment: Moment) -> Sequence[Push]:
    shown = picture(moment.work, moment.day, None)
    until = moment.district.at(moment.day, moment.district.times.lock)
    pushes = []
    holders = holders_on(moment.connection, ("designated_reporter", "principal"), moment.day)
    led = {holder.unit_id for holder in holders if holder.role == "designated_reporter" and holder.account_id}
    for holder in holders:
        school = moment.work.units.get(holder.unit_id)
        if holder.account_id is None or school is None or shown.report(school).is_signed:
            continue
        if holder.role == "principal" and holder.unit_id in led:
            continue
        figures = shown.sums(school.id)
        if not figures.due + figures.staff_due:
            continue
        pushes.append(
            tell(
                moment,
                "school-report",
                f"school-report:{school.id}:{holder.account_id}:{moment.day}",
                holder,
                shown.school_text(school, names=True),
                until,
                title="学校日报待签报",
                unit=school.name,
                note="请点开核对，无误回复“确认”",
                report_of=school.id,
                deadline=deadline_of(moment.district, school, moment.day),
            )
        )
    return pushes


job = Job(name="school-report", times=lambda times: (times.grade_deadline,), plan=plan, only_asks=True)
