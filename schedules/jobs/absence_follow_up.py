"""Who is sick or absent without a reason and has not been asked after today: to the head teacher (domain 8.6).

In the afternoon those whose reason nobody knows yet are named to the head of the grade as well.
"""

from __future__ import annotations

from collections.abc import Sequence

from bots.alerts.telling import Posts
from bots.pupils.words import absences as words
from models.queries.absences import Away, to_follow_up
from schedules.job import Job, Moment, Push
from schedules.telling import tell

_KIND = "absence-follow-up"


def plan(moment: Moment) -> Sequence[Push]:
    by_unit: dict[int, list[Away]] = {}
    for one in to_follow_up(moment.connection, moment.day):
        by_unit.setdefault(one.unit_id, []).append(one)
    owed = {unit: rows for unit, rows in by_unit.items() if not all(row.is_followed for row in rows)}
    if not owed:
        return []
    posts = Posts(moment.work, owed, ("head_teacher", "grade_head"), moment.day)
    pushes = []
    for unit, rows in owed.items():
        name = moment.work.units.class_name(unit)
        left = [(row.name, row.kind, row.days) for row in rows if not row.is_followed]
        for holder in posts.reached(unit, "head_teacher"):
            pushes.append(
                tell(
                    moment,
                    _KIND,
                    f"{_KIND}:{unit}:{holder.account_id}:{moment.day}:{moment.slot}",
                    holder,
                    words.to_follow(name, len(rows), len(rows) - len(left), left),
                    moment.district.end_of(moment.day),
                    title="缺勤追访",
                    unit=name,
                    note=f"{len(left)}人待追访",
                )
            )
        unexplained = [row.name for row in rows if row.kind == "unexplained" and not row.is_followed]
        if moment.slot == 0 or not unexplained:
            continue
        mine = {holder.account_id for holder in posts.reached(unit, "head_teacher")}
        for holder in posts.reached(unit, "grade_head"):
            if holder.account_id not in mine:
                pushes.append(
                    tell(
                        moment,
                        _KIND,
                        f"{_KIND}:{unit}:unexplained:{holder.account_id}:{moment.day}",
                        holder,
                        words.unexplained(name, unexplained),
                        moment.district.end_of(moment.day),
                        title="缺勤原因不明",
                        unit=name,
                        note=f"{len(unexplained)}人原因不明",
                    )
                )
    return pushes


# The same morning, once the class has been signed, and again with the day's last reminder.
job = Job(name=_KIND, times=lambda times: (times.grade_deadline, times.reminders[-1]), plan=plan)
