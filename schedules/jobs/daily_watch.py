"""What only shows over days: nobody heard from twice in a row (A16), symptoms on the third day (A07), and, on Fridays,
one and the same number for a week (A17). Domain handbook 5.7."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bots.alerting import Concerned, raise_and_tell
from models.queries.due import due_of
from models.queries.watch import Silent, same_reading, silent_on, unwell_on_each
from models.rules.alerts import LASTING_DAYS, Finding
from schedules.job import Job, Moment, Push

#: Days in a row without a report (A16), and with one and the same reading (A17); domain handbook 5.7.
SILENT_DAYS = 2
SAME_DAYS = 7
_FRIDAY = 4


def plan(moment: Moment) -> Sequence[Push]:
    due = due_of(moment.work)
    connection = moment.connection
    found: dict[int, tuple[Silent, list[Finding]]] = {}

    def add(one: Silent, finding: Finding) -> None:
        found.setdefault(one.person_id, (one, []))[1].append(finding)

    days = _back(moment.day, SILENT_DAYS)
    for one in silent_on(connection, days):
        if all(due.owes(one.unit_id, day) for day in days):
            add(one, Finding("A16", {"days": SILENT_DAYS}))
    for one in unwell_on_each(connection, _back(moment.day, LASTING_DAYS)):
        add(one, Finding("A07", {"lasting_days": LASTING_DAYS}))
    if moment.day.weekday() == _FRIDAY:
        for one, tenths in same_reading(connection, moment.vault, _back(moment.day, SAME_DAYS)):
            add(one, Finding("A17", {"days": SAME_DAYS, "tenths": tenths}))
    concerned = [
        Concerned(one.person_id, one.name, one.kind, one.unit_id, moment.day, findings)
        for one, findings in found.values()
    ]
    return raise_and_tell(moment.work, concerned, "系统核对", at=moment.at).pushes


def _back(day: date, count: int) -> list[date]:
    return [day - timedelta(days=number) for number in range(count)]


# When nobody can be on time any more and the class has been asked after; the day is not locked yet.
job = Job(name="daily-watch", times=lambda times: (times.school_deadline,), plan=plan)
