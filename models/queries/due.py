"""Whether a unit's people owe a report on a day, and whether its pupils are at school then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from models.queries.calendar import Calendar, chain, load
from models.queries.units import Units
from models.rules.calendar import TEACHING_DAYS
from models.rules.district import District
from models.work import Work


@dataclass(frozen=True, slots=True)
class Due:
    """Two questions of the calendar, by unit and day. ordered: the units that were ever given a mode of their own."""

    owes: Callable[[int, date], bool]
    attends: Callable[[int, date], bool]
    ordered: frozenset[int] = frozenset()


def due_of(work: Work) -> Due:
    """The calendar as this batch knows it; three statements the first time, none after it."""
    known: Due | None = work.known.get(("due",))
    if known is None:
        known = work.known["due",] = due_in(work.connection, work.units, work.district)
    return known


def due_in(connection: Connection, units: Units, district: District) -> Due:
    """The calendar's answers for a tree of units. Three statements."""
    return due_by(load(connection, district), units)


def due_by(calendar: Calendar, units: Units) -> Due:
    """The answers of a calendar that has been read already."""
    ordered = calendar.ordered
    places: dict[int, tuple[int, ...]] = {}
    answers: dict[tuple[tuple[int, ...], date], tuple[bool, bool]] = {}

    def answer(unit_id: int, day: date) -> tuple[bool, bool]:
        # Units below the same orders have the same answer: a district of a thousand schools has one or two.
        if (place := places.get(unit_id)) is None:
            place = places[unit_id] = tuple(above for above in chain(units, unit_id) if above in ordered)
        if (found := answers.get((place, day))) is None:
            owes = calendar.is_due(units, unit_id, day)
            attends = owes and calendar.mode(units, unit_id, day) in TEACHING_DAYS
            found = answers[place, day] = owes, attends
        return found

    def owes(unit_id: int, day: date) -> bool:
        return answer(unit_id, day)[0]

    def attends(unit_id: int, day: date) -> bool:
        return answer(unit_id, day)[1]

    return Due(owes, attends, calendar.ordered)
