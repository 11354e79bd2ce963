"""Empties what has been kept long enough (domain handbook 13.4; days in the district file), a piece a minute all night.

In the quiet hours, when nobody waits for an answer. A piece is one short transaction, and the next goes on from there,
whoever does it; `pinganbao purge` does the same at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from models.actions.retention import work_on
from schedules.job import Job, Moment, Push


def night_of(moment: Moment) -> datetime | None:
    """When the quiet hours that hold this moment began; None outside of them."""
    start, end = moment.district.times.quiet
    local = moment.district.local(moment.at)
    day, clock = moment.district.day_of(moment.at), local.time()
    if start < end and not start <= clock < end:
        return None
    if start >= end and end <= clock < start:
        return None
    if clock < start:
        day -= timedelta(days=1)
    return moment.district.at(day, start)


def plan(moment: Moment) -> Sequence[Push]:
    began = night_of(moment)
    if began is not None:
        work_on(moment.work, began)
    return []


job = Job(name="retention", times=lambda _times: (), plan=plan, every=timedelta(minutes=1))
