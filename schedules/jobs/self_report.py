"""The system's own day to those who look after it: what ran, what went out, what did not and why, what waits for a hand.

The same figures as `pinganbao jobs report`, in a few lines, and as one event in the log where nobody is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import time, timedelta

import structlog

from bots.front_desk.words import sending as words
from models.actions import occurrences
from models.queries.bound import staff_numbered
from models.queries.day_of_sending import Day, day_of_sending, doubtful
from schedules.job import Job, Lane, Moment, Push
from schedules.telling import tell

log = structlog.get_logger()

#: Reasons named; the rest is in `pinganbao jobs report`.
_REASONS = 3


def plan(moment: Moment) -> Sequence[Push]:
    district, connection = moment.district, moment.connection
    begins = district.at(moment.day, time())
    found = day_of_sending(connection, moment.day, begins, begins + timedelta(days=1))
    sent, failed = _fates(found)
    missed = _missed(found)
    held, unknown = len(occurrences.held(connection)), len(doubtful(connection))
    log.info(
        "the system's day",
        day=moment.day.isoformat(),
        sent=sum(sent.values()),
        failed=failed,
        missed=missed,
        held=held,
        unknown=unknown,
        parked=found.parked,
    )
    text = words.self_report(
        moment.day,
        ran=sum(state == "planned" for _, _, state, _ in found.jobs),
        missed=missed,
        sent=sent,
        failed=failed,
        reasons=[(error, count) for error, count in found.failures if error][:_REASONS],
        closed=[rung for rung, _, closed in found.quotas if closed],
        held=held,
        unknown=unknown,
        parked=found.parked,
    )
    return [
        tell(
            moment,
            "self-report",
            f"self-report:{holder.account_id}:{moment.day}",
            holder,
            text,
            district.end_of(moment.day),
            title="系统自检",
            unit=district.name,
            note=f"发出{sum(sent.values())}条，未送到{failed}条",
            lane=Lane.NEWS,
        )
        for holder in staff_numbered(connection, district.messages.operators, moment.day)
        if holder.account_id is not None
    ]


def _fates(found: Day) -> tuple[Counter[str], int]:
    """What was sent, by rung, and how many did not arrive."""
    sent, failed = Counter[str](), 0
    for _, state, rung, count in found.fates:
        if state == "sent":
            sent[rung] += count
        elif state in {"failed", "unknown", "expired"}:
            failed += count
    return sent, failed


def _missed(found: Day) -> list[str]:
    """Jobs whose last time of the day was missed; an earlier one that a later made up for is no matter."""
    last = {job: state for job, _, state, _ in found.jobs}
    return [job for job, state in last.items() if state == "missed"]


job = Job(name="self-report", times=lambda times: (times.self_report,), plan=plan, only_asks=True)
