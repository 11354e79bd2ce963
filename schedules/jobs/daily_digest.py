"""The day in one message for the officials of the bureau: who filed, the cases, what is not known; and one picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import structlog

from bots.reports.schools import day_picture, standing
from bots.reports.words import district as words
from models.actions.drawings import keep
from models.queries.bound import holders_on
from models.queries.due import due_of
from models.queries.figures.schools import SchoolSum, sums_on
from models.queries.reach import Tomorrow, tomorrow
from models.rules.authority import BUREAU
from models.rules.figures import Figures, total
from schedules.asking import useful_until
from schedules.job import Job, Lane, Moment, Push
from schedules.telling import tell

log = structlog.get_logger()
#: Days the picture looks back, the day itself among them.
_DAYS = 14


def plan(moment: Moment) -> Sequence[Push]:
    fortnight = [moment.day - timedelta(days=back) for back in range(_DAYS - 1, -1, -1)]
    by_day = sums_on(moment.connection, moment.work.units, fortnight, due_of(moment.work))
    days, before = by_day[moment.day], by_day[fortnight[-2]]
    if not days:
        return []
    schools = standing(moment.district, days)
    figures = total(one.figures for one in days)
    text = words.digest(moment.district.name, moment.day, schools, figures, _yesterday(before), _ahead(moment))
    readers = holders_on(moment.connection, BUREAU, moment.day)
    drawing = _drawing(moment, by_day)
    pushes: dict[int, Push] = {}
    pictures: list[Push] = []
    for holder in readers:
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
            if drawing:
                pictures.append(_picture(moment, holder.account_id, holder.person_id, drawing))
    return [*pushes.values(), *pictures]


def _drawing(moment: Moment, by_day: Mapping[date, Sequence[SchoolSum]]) -> str:
    """Keep the day's picture, one for all readers, and give its key; a picture that fails takes no text with it."""
    key = f"daily-digest:{moment.day}"
    try:
        keep(moment.work, key, day_picture(moment.district, moment.day, moment.at, by_day))
    except (ArithmeticError, LookupError, ValueError):
        log.exception("the picture of the day cannot be drawn")
        return ""
    return key


def _picture(moment: Moment, account_id: int, person_id: int, drawing: str) -> Push:
    return Push(
        key=f"daily-digest-picture:{account_id}:{moment.day}",
        kind="daily-digest-picture",
        account_id=account_id,
        body={"drawn": drawing},
        moment=moment.at,
        expires_at=useful_until(moment, moment.district.end_of(moment.day)),
        lane=Lane.NEWS,
        person_id=person_id,
    )


def _ahead(moment: Moment) -> Tomorrow | None:
    """Whom tomorrow's question will not reach."""
    top = moment.work.units.district
    if top is None:
        return None
    return tomorrow(moment.connection, None, moment.day + timedelta(days=1))


def _yesterday(schools: Sequence[SchoolSum]) -> Figures | None:
    """Yesterday's figures; None where nobody was asked then."""
    found = total(one.figures for one in schools)
    return found if found.reported + found.staff_reported else None


job = Job(name="daily-digest", times=lambda times: (times.digest,), plan=plan, only_asks=True)
