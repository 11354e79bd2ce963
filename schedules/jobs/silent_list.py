"""Who has not reported for days (A16): to the grade head on the second day, to the academic office on the third.

A fact to act on, not a charge: who could not be reached is shown as such (domain handbook 7.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bots.reports.words import district as words
from models.queries.bound import holders_on
from models.queries.due import Due, due_of
from models.queries.people import Holder
from models.queries.silent import Silent, not_reached, silent_people
from schedules.job import Job, Moment, Push
from schedules.telling import tell

#: A row of days longer than this is not counted any further.
_LONGEST = 31


def plan(moment: Moment) -> Sequence[Push]:
    due, steps = due_of(moment.work), moment.district.escalation.silent_steps
    if not steps:
        return []
    least = min(days for days, _ in steps)
    rows = {one: _days(one, due, moment.day) for one in silent_people(moment.connection, moment.day)}
    found = {one: days for one, days in rows.items() if days >= least}
    if not found:
        return []
    unreached = not_reached(moment.connection, moment.district, None, moment.day)
    units = moment.work.units
    by_unit: dict[int, list[Silent]] = {}
    for one in found:
        unit = units.get(one.unit_id)
        for place in {one.unit_id, unit.grade_id, unit.school_id} if unit else ():
            if place is not None:
                by_unit.setdefault(place, []).append(one)
    pushes = []
    roles = {role: days for days, names in steps for role in names}
    for holder in holders_on(moment.connection, roles, moment.day):
        mine = [one for one in by_unit.get(holder.unit_id, ()) if found[one] >= roles[holder.role]]
        if holder.account_id is not None and mine:
            told = [_line(moment, holder, one, found[one], unreached) for one in mine]
            text = words.silent(units.class_name(holder.unit_id), roles[holder.role], len(mine), told)
            pushes.append(_push(moment, holder, text, len(mine)))
    return pushes


def _days(one: Silent, due: Due, day: date) -> int:
    """For how many days in a row, today included, this person owed a report and gave none."""
    count, back = 0, day
    while count < _LONGEST and back >= one.joined_on and due.owes(one.unit_id, back):
        if one.last_heard is not None and back <= one.last_heard:
            break
        count, back = count + 1, back - timedelta(days=1)
    return count


def _line(moment: Moment, holder: Holder, one: Silent, days: int, unreached: set[int]) -> str:
    where = moment.work.units.class_name(one.unit_id)
    # The academic office sees pupils by class only; of the staff it keeps the list (domain handbook 2.4).
    if holder.role != "grade_head" and one.kind == "student":
        return where
    why = "" if one.is_bound else "，未绑定"
    return f"{one.name}（{where}，{days}天{why or ('，未送达' if one.person_id in unreached else '')}）"


def _push(moment: Moment, holder: Holder, text: str, count: int) -> Push:
    return tell(
        moment,
        "silent-list",
        f"silent-list:{holder.unit_id}:{holder.account_id}:{moment.day}",
        holder,
        text,
        moment.district.end_of(moment.day),
        title="连续未报名单",
        unit=moment.work.units.class_name(holder.unit_id),
        note=f"{count}人连续未报，请点开查看",
    )


job = Job(name="silent-list", times=lambda times: (times.silent_list,), plan=plan, only_asks=True)
