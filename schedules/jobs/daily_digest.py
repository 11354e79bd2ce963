"""The day in one message for the officials of the bureau: who filed, the cases, what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bots.phrases import district as words
from bots.schools import standing
from models.queries.bound import holders_on
from models.queries.due import due_of
from models.queries.reach import Tomorrow, tomorrow
from models.queries.schools import SchoolSum, sums_on
from models.rules.authority import BUREAU
from models.rules.figures import Figures, total
from schedules.job import Job, Lane, Moment, Push
from schedules.telling import tell


def plan(moment: Moment) -> Sequence[Push]:
    before = moment.day - timedelta(days=1)
    both = sums_on(moment.connection, moment.work.units, [before, moment.day], due_of(moment.work))
    days = both[moment.day]
    if not days:
        return []
    schools = standing(moment.district, days)
    figures = total(one.figures for one in days)
    text = words.digest(moment.district.name, moment.day, schools, figures, _yesterday(both[before]), _ahead(moment))
    pushes: dict[int, Push] = {}
    for holder in holders_on(moment.connection, BUREAU, moment.day):
        if holder.account_id is not None and holder.account_id not in pushes:
            pushes[holder.account_id] = tell(
                moment,
                "daily-digest",
                f"daily-digest:{holder.account_id}:{moment.day}",
                holder,
                text,
                moment.district.end_of(moment.day),
                title="每日健康日报",
                unit=moment.district.name,
                note=words.digest_note(schools, figures),
                lane=Lane.NEWS,
            )
    return list(pushes.values())


def _ahead(moment: Moment) -> Tomorrow | None:
    """Whom tomorrow's question will not reach."""
    top = moment.work.units.district
    if top is None:
        return None
    within = [unit.id for unit in moment.work.units.within(top.id)]
    return tomorrow(moment.connection, within, moment.day + timedelta(days=1))


def _yesterday(schools: Sequence[SchoolSum]) -> Figures | None:
    """Yesterday's figures; None where nobody was asked then."""
    found = total(one.figures for one in schools)
    return found if found.reported + found.staff_reported else None


job = Job(name="daily-digest", times=lambda times: (times.digest,), plan=plan)
