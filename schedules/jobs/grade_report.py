"""The state of each grade to its head when classes are due, and of grades and staff to the academic office after that.

At the second time grade heads are planned again under the same key, so that whoever was told is not told twice.
"""

from __future__ import annotations

from collections.abc import Sequence

from bots.reports.day_state import Picture, picture
from models.queries.bound import holders_on
from models.queries.people import Holder
from models.queries.reports import deadline_of
from models.queries.units import UnitInfo
from schedules.job import Job, Moment, Push
from schedules.telling import tell


def plan(moment: Moment) -> Sequence[Push]:
    shown = picture(moment.work, moment.day, None)
    roles = ("grade_head",) if moment.slot == 0 else ("grade_head", "academic_office")
    texts: dict[int, str] = {}
    pushes = []
    for holder in holders_on(moment.connection, roles, moment.day):
        unit = moment.work.units.get(holder.unit_id)
        if holder.account_id is None or unit is None or not _is_owed(shown, unit, holder):
            continue
        if unit.id not in texts:
            texts[unit.id] = shown.grade_text(unit) if unit.kind == "grade" else shown.office_text(unit)
        pushes.append(_push(moment, holder, unit, texts[unit.id]))
    return pushes


def _is_owed(shown: Picture, unit: UnitInfo, holder: Holder) -> bool:
    figures = shown.sums(unit.id)
    if not figures.due + figures.staff_due or not figures.classes:
        return False
    return holder.role == "academic_office" or not shown.report(unit).is_signed


def _push(moment: Moment, holder: Holder, unit: UnitInfo, text: str) -> Push:
    of_grade = unit.kind == "grade"
    return tell(
        moment,
        "grade-report",
        f"grade-report:{unit.id}:{holder.account_id}:{moment.day}",
        holder,
        text,
        moment.district.at(moment.day, moment.district.times.lock),
        title="年级日报待确认" if of_grade else "年级和教职工汇总",
        unit=unit.name,
        note="请点开核对，无误回复“确认”",
        report_of=unit.id if of_grade else None,
        deadline=deadline_of(moment.district, unit, moment.day)
        if of_grade
        else moment.district.at(moment.day, moment.district.times.office_deadline),
    )


job = Job(
    name="grade-report", times=lambda times: (times.class_deadline, times.grade_deadline), plan=plan, only_asks=True
)
