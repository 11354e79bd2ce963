"""Who is on the roster of a day, by school, and which classes have pupils: read where it was summed up, else counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from models.queries.figures.unit import on_roster
from models.queries.units import Units
from models.statements import values
from models.tables import ClassSpan, Enrolment, Person, SchoolStep, Unit, Version


@dataclass(slots=True)
class Roll:
    """How many a school has on its roster on one day: pupils, staff, and classes with pupils."""

    students: int = 0
    staff: int = 0
    classes: int = 0


def is_summed(connection: Connection) -> bool:
    """Whether the sums are as new as the roster, and may be believed. One statement."""
    roster, summed = aliased(Version), aliased(Version)
    statement = select(func.count()).where(
        roster.name == "roster", summed.name == "roster_steps", roster.value == summed.value
    )
    return bool(connection.execute(statement).scalar_one())


def rolls(
    connection: Connection, units: Units, calendar: Any, days: Sequence[date], *, summed: bool
) -> dict[tuple[int, date], Roll]:
    """The rolls of the schools on these days; a school without anybody is left out. One statement.

    calendar: `days` as rows with a column `day`. summed: as `is_summed` said.
    """
    found: dict[tuple[int, date], Roll] = defaultdict(Roll)
    if not summed:
        for day, school_id, kind, people, classes in connection.execute(_counted(calendar)):
            _add(found[school_id, day], kind, people, classes)
        return found
    steps = select(SchoolStep.school_id, SchoolStep.kind, SchoolStep.day, SchoolStep.people, SchoolStep.classes)
    ordered = sorted(days)
    for row in connection.execute(steps.where(SchoolStep.day <= ordered[-1])):
        school_id, kind, since, people, classes = values(row)
        if units.get(school_id) is None:
            continue
        for day in ordered:
            if day >= since:
                _add(found[school_id, day], kind, people, classes)
    return {place: roll for place, roll in found.items() if roll.students or roll.staff}


def _add(roll: Roll, kind: str, people: int, classes: int) -> None:
    if kind == "student":
        roll.students += int(people)
        roll.classes += int(classes)
    else:
        roll.staff += int(people)


def _counted(calendar: Any) -> Select[Any]:
    by_unit = _people(calendar).subquery("by_unit")
    students = func.count().filter(by_unit.c.kind == "student")
    return (
        select(by_unit.c.day, Unit.school_id, by_unit.c.kind, func.sum(by_unit.c.people), students)
        .join(Unit, Unit.id == by_unit.c.unit_id)
        .where(Unit.school_id.is_not(None))
        .group_by(by_unit.c.day, Unit.school_id, by_unit.c.kind)
    )


def _people(calendar: Any) -> Select[Any]:
    return (
        select(calendar.c.day, Enrolment.unit_id, Person.kind, func.count().label("people"))
        .select_from(Enrolment)
        .join(Person, Person.id == Enrolment.person_id)
        .join(calendar, on_roster(calendar.c.day))
        .group_by(calendar.c.day, Enrolment.unit_id, Person.kind)
    )


def peopled(calendar: Any, *, summed: bool) -> Any:
    """(day, unit_id) of every class with pupils on each day of `calendar`."""
    if not summed:
        by_unit = _people(calendar).where(Person.kind == "student").subquery("by_unit")
        return select(by_unit.c.day, by_unit.c.unit_id).subquery("peopled")
    day = calendar.c.day
    holds = and_(ClassSpan.from_day <= day, or_(ClassSpan.to_day.is_(None), ClassSpan.to_day > day))
    return select(day, ClassSpan.unit_id).select_from(ClassSpan).join(calendar, holds).subquery("peopled")


def classes_without(
    connection: Connection, calendar: Any, signed: Any, school_ids: Iterable[int] | None, *, summed: bool
) -> list[int]:
    """The classes with pupils on the calendar's one day of which there is no row in `signed` (a select of unit ids),
    in schools `school_ids` (None: all). One statement."""
    here = peopled(calendar, summed=summed)
    statement = select(here.c.unit_id).where(here.c.unit_id.not_in(signed))
    if school_ids is not None:
        wanted = select(Unit.id).where(Unit.school_id.in_(sorted(set(school_ids))))
        statement = statement.where(here.c.unit_id.in_(wanted))
    return [row.unit_id for row in connection.execute(statement)]
