"""Empties what has been kept long enough (domain handbook 13.4; days in the district file)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from models.actions.retention import apply
from schedules.job import Job, Moment, Push


def plan(moment: Moment) -> Sequence[Push]:
    apply(moment.work, moment.at)
    return []


# In the evening's quiet hours, when nobody waits for an answer; any later run does what an earlier one missed.
job = Job(name="retention", times=lambda times: (times.quiet[0],), plan=plan, useless_after=timedelta(days=1))
