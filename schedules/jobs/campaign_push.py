"""Videos, notices and study pushes of campaigns; nothing is owed before there are campaigns."""

from __future__ import annotations

from collections.abc import Sequence

from schedules.job import Job, Moment, Push


def plan(_moment: Moment) -> Sequence[Push]:
    return ()


job = Job(name="campaign-push", times=lambda times: (times.digest,), plan=plan, is_routine=False)
