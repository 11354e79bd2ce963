"""Whether a unit's people owe a report on a day, and whether its pupils are at school then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from models.work import Work

#: Modes in which pupils sit in class, so that presence is counted (domain handbook 3.1).
ATTENDING = frozenset({"school_day", "boarding_day"})


@dataclass(frozen=True, slots=True)
class Due:
    """Two questions of the calendar, by unit and day."""

    owes: Callable[[int, date], bool]
    attends: Callable[[int, date], bool]


def due_of(work: Work) -> Due:
    """The calendar as this batch knows it."""
    starts, mode = work.district.times.starts_on, work.district.mode

    def owes(unit_id: int, day: date) -> bool:
        return (starts is None or day >= starts) and mode != "holiday_quiet"

    return Due(owes, lambda unit_id, day: mode in ATTENDING and owes(unit_id, day))
