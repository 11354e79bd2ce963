"""The handover of the duty roster; nothing is owed before there is a roster of duties."""

from __future__ import annotations

from collections.abc import Sequence

from schedules.job import Job, Moment, Push


def plan(_moment: Moment) -> Sequence[Push]:
    return ()


job = Job(name="duty-handover", times=lambda times: (times.window_opens,), plan=plan)
