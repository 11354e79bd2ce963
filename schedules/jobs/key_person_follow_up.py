"""The day's list of key persons to contact; nothing is owed before there is a register of them."""

from __future__ import annotations

from collections.abc import Sequence

from schedules.job import Job, Moment, Push


def plan(_moment: Moment) -> Sequence[Push]:
    return ()


job = Job(name="key-person-follow-up", times=lambda times: (times.class_report,), plan=plan)
