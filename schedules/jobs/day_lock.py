"""Closes the day: every report is locked as it was signed, or stands as missing. It tells nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from models.actions.day_close import close
from schedules.job import Job, Lateness, Moment, Push


def plan(moment: Moment) -> Sequence[Push]:
    close(moment.work, moment.day, moment.at)
    return []


job = Job(
    name="day-lock",
    times=lambda times: (times.lock,),
    plan=plan,
    # A day nobody closed is still open; late is better than never.
    lateness=Lateness.ALL,
    useless_after=timedelta(days=30),
)
