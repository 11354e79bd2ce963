"""The beginning of a local day: transfers that were entered ahead take effect, the roster is summed up where it moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time, timedelta

from models.actions.drawings import drop_old
from models.actions.roster import settle
from models.actions.roster_steps import sum_up
from schedules.job import Job, Moment, Push

#: Just after midnight, before the earliest answer of the day (domain handbook 3.2: 00:00 counts for the day).
JUST_AFTER_MIDNIGHT = time(0, 0, 10)


def plan(moment: Moment) -> Sequence[Push]:
    settle(moment.work, moment.day)
    sum_up(moment.work)
    drop_old(moment.work)
    return []


job = Job(name="day-begin", times=lambda times: (JUST_AFTER_MIDNIGHT,), plan=plan, useless_after=timedelta(days=1))
