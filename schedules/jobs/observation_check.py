"""Missed checks of persons in observation; nothing is owed before there is a register of them."""

from __future__ import annotations

from collections.abc import Sequence

from schedules.job import Job, Moment, Push


def plan(_moment: Moment) -> Sequence[Push]:
    return ()


job = Job(name="observation-check", times=lambda times: (times.personal_deadline,), plan=plan)
