"""Whose school has not filed, and who is reminded of it at a time of the day's nudges."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from models.queries.bound import holders_on
from models.queries.figures.schools import SchoolDay
from models.queries.people import Holder
from models.queries.pushes import recent_keys
from schedules.job import Moment

#: Whoever was shown the school's figures this short a time ago has read there what to do and by when.
JUST_NOW = timedelta(minutes=1)


def is_waited_for(one: SchoolDay) -> bool:
    """Whether the school still has to file, or to file again what was returned."""
    return not one.report.was_filed or one.report.status == "returned"


def nudged(moment: Moment, days: Iterable[SchoolDay], slot: int) -> list[tuple[Holder, SchoolDay]]:
    """Who is reminded at time `slot` of `times.nudges`, each with the school that has not filed. Two statements."""
    waiting = {one.school.id: one for one in days if is_waited_for(one)}
    reporters = holders_on(moment.connection, ("designated_reporter", "deputy_reporter"), moment.day)
    led = {holder.unit_id for holder in reporters if holder.role == "designated_reporter" and holder.account_id}
    accounts = [holder.account_id for holder in reporters if holder.account_id is not None]
    just_shown = recent_keys(moment.connection, accounts, "school-report:", moment.at - JUST_NOW)
    found = []
    for holder in reporters:
        one = waiting.get(holder.unit_id)
        # A deputy hears it at the deadline, or at once where no reporter can be reached.
        is_turn = holder.role == "designated_reporter" or slot > 0 or holder.unit_id not in led
        if one is None or holder.account_id is None or not is_turn:
            continue
        if f"school-report:{one.school.id}:{holder.account_id}:{moment.day}" not in just_shown:
            found.append((holder, one))
    return found
