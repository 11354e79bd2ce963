"""In the morning: a school nobody can sign for is itself reported, to its principal and the bureau (domain 2.5).

Valid is who holds the post, also for a time, and can be reached: bound, and not refused by the platform.
"""

from __future__ import annotations

from collections.abc import Sequence

from bots.reports.words import district as words
from models.queries.bound import holders_on, unreachable_accounts
from models.queries.due import due_of
from models.queries.people import Holder
from models.queries.units import UnitInfo
from schedules.job import Job, Moment, Push
from schedules.telling import tell

_ROLES = ("designated_reporter", "deputy_reporter", "principal", "district_officer")


def plan(moment: Moment) -> Sequence[Push]:
    owes = due_of(moment.work).owes
    refused = unreachable_accounts(moment.connection)
    reached: dict[tuple[int, str], list[Holder]] = {}
    officers: dict[int, Holder] = {}
    for holder in holders_on(moment.connection, _ROLES, moment.day):
        if holder.account_id is None or holder.account_id in refused:
            continue
        if holder.role == "district_officer":
            officers.setdefault(holder.account_id, holder)
        else:
            reached.setdefault((holder.unit_id, holder.role), []).append(holder)
    schools = [
        school
        for school in moment.work.units.schools()
        if owes(school.id, moment.day) and (school.id, "designated_reporter") not in reached
    ]
    pushes = []
    for school in schools:
        deputies = reached.get((school.id, "deputy_reporter"), [])
        for principal in reached.get((school.id, "principal"), []):
            text = words.no_reporter(school.name, deputies[0].name if deputies else "")
            pushes.append(_push(moment, principal, school, text))
        pushes += [_push(moment, deputy, school, words.stand_in(school.name)) for deputy in deputies]
    alone = [school for school in schools if (school.id, "deputy_reporter") not in reached]
    if alone:
        text = words.no_reporter_bureau([school.name for school in alone])
        pushes += [_push(moment, officer, None, text) for officer in officers.values()]
    return pushes


def _push(moment: Moment, holder: Holder, school: UnitInfo | None, text: str) -> Push:
    place = school.id if school else "bureau"
    return tell(
        moment,
        "reporter-check",
        f"reporter-check:{place}:{holder.account_id}:{moment.day}",
        holder,
        text,
        moment.district.at(moment.day, moment.district.times.school_deadline),
        title="学校没有可联系的报告人",
        unit=school.name if school else moment.district.name,
        note="请安排签报人",
        report_of=school.id if school else None,
        deadline=moment.district.at(moment.day, moment.district.times.school_deadline),
    )


job = Job(name="reporter-check", times=lambda times: (times.reporter_check,), plan=plan)
