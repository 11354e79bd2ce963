"""What only shows over days: nobody heard from twice in a row (A16), symptoms on the third day (A07), and, on Fridays,
one and the same number for a week (A17). Domain handbook 5.7."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bots.alerts.telling import Concerned, raise_and_tell
from models.queries.due import due_of
from models.queries.watch import Silent, heard_on, same_reading, silent_on, unwell_on_each
from models.rules.alerts import LASTING_DAYS, Finding
from schedules.job import Job, Moment, Push

#: Days in a row without a report (A16), and with one and the same reading (A17); domain handbook 5.7.
SILENT_DAYS = 2
SAME_DAYS = 7
_FRIDAY = 4
#: People in one transaction, where a school is no larger: some tens of milliseconds.
PIECE = 400


#: One person and what was found of them.
Watched = tuple[Silent, list[Finding]]


def pieces(moment: Moment) -> list[list[Watched]]:
    """What shows, whole schools together, so that nobody hears of one school twice."""
    due = due_of(moment.work)
    connection = moment.connection
    found: dict[int, Watched] = {}

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
    units, by_school = moment.work.units, dict[int | None, list[Watched]]()
    for watched in found.values():
        unit = units.get(watched[0].unit_id)
        by_school.setdefault(unit.school_id if unit else None, []).append(watched)
    made: list[list[Watched]] = []
    for school in by_school.values():
        if not made or len(made[-1]) + len(school) > PIECE:
            made.append([])
        made[-1] += school
    return made


def plan_piece(moment: Moment, piece: Sequence[Watched]) -> Sequence[Push]:
    """Raise what was found of these people, but for who has answered since."""
    heard = heard_on(moment.connection, [one.person_id for one, _ in piece], _back(moment.day, SILENT_DAYS))
    concerned = [
        Concerned(one.person_id, one.name, one.kind, one.unit_id, moment.day, still)
        for one, findings in piece
        if (still := [each for each in findings if each.code != "A16" or one.person_id not in heard])
    ]
    return raise_and_tell(moment.work, concerned, "系统核对", at=moment.at).pushes if concerned else []


def plan(moment: Moment) -> Sequence[Push]:
    return [push for piece in pieces(moment) for push in plan_piece(moment, piece)]


def _back(day: date, count: int) -> list[date]:
    return [day - timedelta(days=number) for number in range(count)]


# When nobody can be on time any more and the class has been asked after; the day is not locked yet.
job = Job(
    name="daily-watch",
    times=lambda times: (times.school_deadline,),
    plan=plan,
    only_asks=True,
    pieces=pieces,
    plan_piece=plan_piece,
)
