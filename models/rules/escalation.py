"""Who hears next of an alert nobody has acknowledged, and when (domain handbook 5.7 "within", 7.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from models.rules.district import Escalation

#: How long an alert of a level may wait before its clock begins (domain handbook 5.7, column "within").
GRACE = {"red": timedelta(0), "red+": timedelta(0), "orange": timedelta(minutes=30)}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an alert's clock. number: 1 first. repeat: those told before hear it again. roles: who hears it new."""

    number: int
    after: timedelta
    repeat: bool
    roles: tuple[str, ...]


def steps(level: str, escalation: Escalation) -> tuple[Step, ...]:
    """The steps of an alert of this level; none for levels without a clock (yellow goes out with the class list).

    At each step the former are reminded. Red+ starts one level higher: whoever would hear at the second time hears at
    the first, and the last ones are told again at the last.
    """
    if level not in GRACE:
        return ()
    times = [timedelta(minutes=escalation.alert_repeat_minutes)]
    times += [timedelta(minutes=minutes) for minutes, _ in escalation.alert_steps]
    roles: list[tuple[str, ...]] = [(), *(to for _, to in escalation.alert_steps)]
    if level == "red+":
        roles = [*roles[1:], roles[-1]]
    return tuple(
        Step(number, GRACE[level] + after, True, to)
        for number, (after, to) in enumerate(zip(times, roles, strict=True), start=1)
    )


def due(level: str, since: datetime, done: int, at: datetime, escalation: Escalation) -> Sequence[Step]:
    """The steps that have fallen due at `at` and are not among the first `done`, in order."""
    return [step for step in steps(level, escalation) if step.number > done and since + step.after <= at]


def falling_due(at: datetime, escalation: Escalation) -> list[tuple[str, int, datetime]]:
    """For which alerts a step falls due at `at`: (level, steps done, since when at the latest its clock runs)."""
    return [(level, step.number - 1, at - step.after) for level in GRACE for step in steps(level, escalation)]


def next_due(level: str, since: datetime, done: int, escalation: Escalation) -> datetime | None:
    """When the next step falls due; None after the last, or for levels without a clock."""
    return next((since + step.after for step in steps(level, escalation) if step.number > done), None)
