"""After the lock: schools that were late or missing too often this week get a draft, and the bureau hears of new ones.

Nothing goes to a school: a person approves a draft in the chat, or it stays what it is (domain handbook 7.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bots.reports.words import circular as words
from models.actions.circulars import draft
from models.queries.bound import holders_on
from models.queries.circulars import weeks
from models.queries.due import due_of
from models.rules.authority import APPROVERS
from schedules.job import Job, Lane, Moment, Push
from schedules.telling import tell


def plan(moment: Moment) -> Sequence[Push]:
    limits, work = moment.district.escalation, moment.work
    found = [
        (school, week)
        for school, week in weeks(moment.connection, work.units, moment.district, due_of(work), moment.day, moment.at)
        if week.calls_for_a_draft(limits.circular_late, limits.circular_missing)
    ]
    new = draft(work, found, moment.day)
    if not new:
        return []
    text = words.drafted([school.name for school in new])
    pushes: dict[int, Push] = {}
    for holder in holders_on(moment.connection, APPROVERS, moment.day):
        if holder.account_id is not None and holder.account_id not in pushes:
            pushes[holder.account_id] = tell(
                moment,
                "circular-draft",
                f"circular-draft:{holder.account_id}:{moment.day}",
                holder,
                text,
                moment.district.end_of(moment.day),
                title="通报草稿待批准",
                unit=moment.district.name,
                note=f"新起草{len(new)}份，请进入对话查看",
                lane=Lane.NEWS,
            )
    return list(pushes.values())


job = Job(name="circular-draft", times=lambda times: (times.lock,), plan=plan, useless_after=timedelta(hours=12))
