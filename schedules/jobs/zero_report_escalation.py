"""A school has not filed in time: its principal and the bureau hear of it, and later more people do (domain 7.2)."""

from __future__ import annotations

from collections.abc import Sequence

from bots.reports.words import district as words
from bots.wording.plain import clock
from models.queries.bound import holders_on
from models.queries.due import due_of
from models.queries.figures.schools import SchoolDay, schools_on
from models.queries.nudges import open_nudges
from models.queries.people import Holder
from models.queries.reports import deadline_of
from models.rules.authority import BUREAU
from schedules.job import Job, Moment, Push
from schedules.telling import tell


def plan(moment: Moment) -> Sequence[Push]:
    escalation = moment.district.escalation
    roles = {*escalation.school_first, *(role for wider in escalation.school_wider[: moment.slot] for role in wider)}
    days = schools_on(moment.connection, moment.work.units, moment.day, due_of(moment.work))
    waiting = {one.school.id: one for one in days if not one.report.was_filed}
    if not waiting:
        return []
    taken = {
        one.unit_id: f"{one.taker}{clock(moment.district, one.taken_at)}"
        for one in open_nudges(moment.connection, moment.day, waiting)
        if one.taken_at is not None
    }
    told: dict[int, Push] = {}
    pushes = []
    for holder in holders_on(moment.connection, roles, moment.day):
        if holder.account_id is None:
            continue
        if holder.role in BUREAU:
            told.setdefault(holder.account_id, _to_bureau(moment, holder, list(waiting.values())))
        elif holder.unit_id in waiting:
            pushes.append(_to_school(moment, holder, waiting[holder.unit_id], taken.get(holder.unit_id, "")))
    return [*pushes, *told.values()]


def _minutes(moment: Moment, one: SchoolDay) -> int:
    late = moment.at - deadline_of(moment.district, one.school, moment.day)
    return max(0, int(late.total_seconds() // 60))


def _to_school(moment: Moment, holder: Holder, one: SchoolDay, taken: str) -> Push:
    return tell(
        moment,
        "zero-report-escalation",
        f"zero-report-escalation:{moment.slot}:{one.school.id}:{holder.account_id}:{moment.day}",
        holder,
        words.escalate_principal(one.school.name, _minutes(moment, one), taken),
        moment.district.end_of(moment.day),
        title="学校日报逾期",
        unit=one.school.name,
        note="请督促或直接签报",
        report_of=one.school.id,
        deadline=deadline_of(moment.district, one.school, moment.day),
    )


def _to_bureau(moment: Moment, holder: Holder, waiting: list[SchoolDay]) -> Push:
    """One message for all schools; with a single one it is dropped when that one has filed meanwhile."""
    return tell(
        moment,
        "zero-report-escalation",
        f"zero-report-escalation:{moment.slot}:bureau:{holder.account_id}:{moment.day}",
        holder,
        words.escalate_bureau([one.school.name for one in waiting], max(_minutes(moment, one) for one in waiting)),
        moment.district.end_of(moment.day),
        title="学校日报逾期",
        unit=moment.district.name,
        note=f"{len(waiting)}所学校未提交",
        report_of=waiting[0].school.id if len(waiting) == 1 else None,
    )


job = Job(name="zero-report-escalation", times=lambda times: times.escalations, plan=plan)
