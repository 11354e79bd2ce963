"""Questions to families and staff: one push an account, whatever it answers for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from models.queries.bound import Asked, asked_on
from models.queries.due import due_of
from models.rules.push import Owed, Push
from schedules.job import Moment

#: However late a job runs, what it owes stays worth sending for this long.
LEAST = timedelta(hours=1)


def useful_until(moment: Moment, until: datetime) -> datetime:
    """When a push of this occurrence loses its use: at `until`, but never before it had a chance."""
    return max(until, moment.at + LEAST)


def ask(
    moment: Moment,
    kind: str,
    key: str,
    worded: Callable[[Sequence[Asked]], str],
    until: datetime,
    note: str,
    *,
    silent_only: bool,
) -> list[Push]:
    """A push to every bound account that answers for somebody due today, siblings in one message. One statement.

    key: what stands before the account's id and the day. silent_only: only for people not heard yet.
    """
    due = due_of(moment.work)
    by_account: dict[int, list[Asked]] = {}
    for one in asked_on(moment.connection, moment.day, silent_only=silent_only):
        if due.owes(one.unit_id, moment.day):
            by_account.setdefault(one.account_id, []).append(one)
    units, expires_at, day = moment.work.units, useful_until(moment, until), moment.day.isoformat()
    pushes = []
    for account_id, people in by_account.items():
        first = min(people, key=lambda one: one.relation != "guardian")
        school = units.get(first.school_id)
        pushes.append(
            Push(
                key=f"{key}:{account_id}:{day}",
                kind=kind,
                account_id=account_id,
                body={"text": worded(people)},
                moment=moment.at,
                expires_at=expires_at,
                person_id=first.person_id,
                relation=first.relation,
                fields={
                    "title": "每日健康上报",
                    "unit": school.name if school else moment.district.name,
                    "time": day,
                    "note": note,
                },
                owed=Owed("unreported", moment.day, tuple(one.person_id for one in people)),
            )
        )
    return pushes
