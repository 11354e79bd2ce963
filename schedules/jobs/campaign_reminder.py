"""Reminders to those who have not seen a campaign; nothing is owed before there are campaigns."""

from __future__ import annotations

from collections.abc import Sequence

from schedules.job import Job, Moment, Push


def plan(_moment: Moment) -> Sequence[Push]:
    return ()


job = Job(name="campaign-reminder", times=lambda times: times.reminders[-1:], plan=plan, is_routine=False)
