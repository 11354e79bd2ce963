"""Who shares a class, a dormitory or a row of seats with somebody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, and_, func, or_, select
from sqlalchemy.orm import aliased

from models.queries.figures.unit import on_roster
from models.tables import Absence, Enrolment, Person, PersonPlace


def absent_days(connection: Connection, person_id: int, days: Iterable[date]) -> set[date]:
    """On which of these days somebody is recorded absent. One statement."""
    rows = connection.execute(
        select(Absence.report_date).where(Absence.person_id == person_id, Absence.report_date.in_(sorted(days)))
    )
    return set(rows.scalars())


def classmates(connection: Connection, unit_id: int, person_id: int, day: date) -> list[int]:
    """Everybody else on the roster of a class on a day, by number. One statement."""
    rows = connection.execute(
        select(Person.id)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Enrolment.unit_id == unit_id, Person.id != person_id, on_roster(day))
        .order_by(Person.number)
    )
    return list(rows.scalars())


def nearby(connection: Connection, person_id: int) -> list[tuple[int, str]]:
    """Who sleeps in the same dormitory, or sits one seat away in any direction, as (person, way). One statement."""
    mine, theirs = aliased(PersonPlace), aliased(PersonPlace)
    beside = and_(
        mine.kind == "seat",
        mine.unit_id == theirs.unit_id,
        func.abs(mine.seat_row - theirs.seat_row) <= 1,
        func.abs(mine.seat_column - theirs.seat_column) <= 1,
    )
    same = and_(mine.kind == "dormitory", mine.school_id == theirs.school_id, mine.name == theirs.name)
    rows = connection.execute(
        select(theirs.person_id, theirs.kind)
        .join(mine, mine.kind == theirs.kind)
        .where(mine.person_id == person_id, theirs.person_id != person_id, or_(beside, same))
        .order_by(theirs.person_id)
    )
    return [(row.person_id, row.kind) for row in rows]
