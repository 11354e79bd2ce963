"""The morning's question to every bound guardian and every bound member of school staff."""

from __future__ import annotations

from collections.abc import Sequence

from bots.wording import asking as words
from bots.wording.plain import clock
from models.queries.bound import Asked
from schedules.asking import ask
from schedules.job import Job, Moment, Push


def plan(moment: Moment) -> Sequence[Push]:
    district = moment.district
    deadline = district.at(moment.day, district.times.personal_deadline)

    def worded(people: Sequence[Asked]) -> str:
        children = [one.name for one in people if one.relation == "guardian"]
        own = next((one.name for one in people if one.relation == "self"), "")
        return words.prompt(district, children, own, deadline)

    return ask(
        moment,
        "checkin-prompt",
        "checkin-prompt",
        worded,
        district.at(moment.day, district.times.lock),
        f"请在{clock(district, deadline)}前点开回复体温",
        silent_only=False,
    )


job = Job(name="checkin-prompt", times=lambda times: (times.prompt,), plan=plan, only_asks=True)
