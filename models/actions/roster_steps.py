"""The roster summed up by unit and day of change: derived, written anew whenever the roster has moved."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, case, delete, func, literal, or_, select, union_all
from sqlalchemy import insert as plain_insert

from models.queries.units import version_of
from models.statements import insert
from models.tables import ClassSpan, Enrolment, Person, RosterStep, SchoolStep, Unit, Version
from models.work import Work

#: The version at which the steps were summed up.
NAME = "roster_steps"


def sum_up(work: Work) -> bool:
    """Write the steps anew where the roster has moved since; gives whether it had. Nine statements, none in a loop."""
    connection = work.flush()
    version = version_of(connection)
    if version == version_of(connection, NAME):
        return False
    connection.execute(delete(RosterStep))
    columns = ["unit_id", "kind", "day", "change"]
    connection.execute(plain_insert(RosterStep).from_select(columns, _steps()))
    connection.execute(delete(ClassSpan))
    connection.execute(plain_insert(ClassSpan).from_select(["unit_id", "from_day", "to_day"], _spans()))
    connection.execute(delete(SchoolStep))
    columns = ["school_id", "kind", "day", "people", "classes"]
    connection.execute(plain_insert(SchoolStep).from_select(columns, _school_steps()))
    kept = insert(connection, Version).values(name=NAME, value=version)
    connection.execute(kept.on_conflict_do_update(index_elements=("name",), set_={"value": version}))
    return True


def _steps() -> Select[Any]:
    """One row a unit, kind and day on which the number of its people changes; by the rule of `figures.on_roster`."""
    begins = case((Enrolment.from_date >= Person.joined_on, Enrolment.from_date), else_=Person.joined_on)
    ends = case(
        (Enrolment.to_date.is_(None), Person.left_on),
        (Person.left_on.is_(None), Enrolment.to_date),
        (Enrolment.to_date <= Person.left_on, Enrolment.to_date),
        else_=Person.left_on,
    )
    counted = (
        select(Enrolment.unit_id, Person.kind, begins.label("begins"), ends.label("ends"))
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            or_(Enrolment.to_date.is_(None), Enrolment.to_date > begins),
            or_(Person.left_on.is_(None), Person.left_on > begins),
        )
        .subquery("counted")
    )
    moves = union_all(
        select(counted.c.unit_id, counted.c.kind, counted.c.begins.label("day"), literal(1).label("change")),
        select(counted.c.unit_id, counted.c.kind, counted.c.ends, literal(-1)).where(counted.c.ends.is_not(None)),
    ).subquery("moves")
    change = func.sum(moves.c.change)
    return (
        select(moves.c.unit_id, moves.c.kind, moves.c.day, change)
        .group_by(moves.c.unit_id, moves.c.kind, moves.c.day)
        .having(change != 0)
    )


def _spans() -> Select[Any]:
    """From when to when the running number of a class's pupils is above 0."""
    so_far = func.sum(RosterStep.change).over(partition_by=RosterStep.unit_id, order_by=RosterStep.day)
    running = (
        select(RosterStep.unit_id, RosterStep.day, so_far.label("now"), (so_far - RosterStep.change).label("before"))
        .where(RosterStep.kind == "student")
        .subquery("running")
    )
    turns = (
        select(running.c.unit_id, running.c.day, (running.c.now > 0).label("begins"))
        .where(or_(running.c.now > 0, running.c.before > 0), or_(running.c.now <= 0, running.c.before <= 0))
        .subquery("turns")
    )
    then = func.lead(turns.c.day).over(partition_by=turns.c.unit_id, order_by=turns.c.day)
    spans = select(turns.c.unit_id, turns.c.day, then.label("until"), turns.c.begins).subquery("spans")
    return select(spans.c.unit_id, spans.c.day, spans.c.until).where(spans.c.begins)


def _school_steps() -> Select[Any]:
    """The steps and the spans of a school's units, added up."""
    none = literal(0)
    moves = union_all(
        select(RosterStep.unit_id, RosterStep.kind, RosterStep.day, RosterStep.change.label("people"), none.label("classes")),
        select(ClassSpan.unit_id, literal("student"), ClassSpan.from_day, none, literal(1)),
        select(ClassSpan.unit_id, literal("student"), ClassSpan.to_day, none, literal(-1))
        .where(ClassSpan.to_day.is_not(None)),
    ).subquery("moves")  # fmt: skip
    people, classes = func.sum(moves.c.people), func.sum(moves.c.classes)
    return (
        select(Unit.school_id, moves.c.kind, moves.c.day, people, classes)
        .join(Unit, Unit.id == moves.c.unit_id)
        .where(Unit.school_id.is_not(None))
        .group_by(Unit.school_id, moves.c.kind, moves.c.day)
        .having(or_(people != 0, classes != 0))
    )
