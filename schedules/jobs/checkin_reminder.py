"""Reminders to those, and only those, of whom nothing was heard today."""

from __future__ import annotations

from collections.abc import Sequence

from bots.wording import asking as words
from models.queries.bound import Asked
from schedules.asking import ask
from schedules.job import Job, Moment, Push


def plan(moment: Moment) -> Sequence[Push]:
    district, slots = moment.district, moment.district.times.reminders
    deadline = district.at(moment.day, district.times.personal_deadline)
    is_last = moment.slot == len(slots) - 1 and len(slots) > 1
    until = district.times.quiet[0] if moment.slot >= len(slots) - 1 else slots[moment.slot + 1]

    def worded(people: Sequence[Asked]) -> str:
        named = [one.name if one.relation == "guardian" else f"您本人（{one.name}）" for one in people]
        staff_only = all(one.relation == "self" for one in people)
        return words.reminder(district, named, deadline, moment.at, last=is_last, staff_only=staff_only)

    return ask(
        moment,
        "checkin-reminder",
        f"checkin-reminder:{moment.slot}",
        worded,
        district.at(moment.day, until),
        "今天还没有收到上报，请点开回复",
        silent_only=True,
    )


job = Job(name="checkin-reminder", times=lambda times: times.reminders, plan=plan, only_asks=True)
