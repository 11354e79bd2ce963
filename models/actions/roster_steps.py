"""The roster summed up by unit and day of change: derived, written anew whenever the roster has moved."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, case, delete, func, literal, or_, select, union_all
from sqlalchemy import insert as plain_insert

from models.queries.units import version_of
from models.statements import insert
from models.tables import Enrolment, Person, RosterStep, Version
from models.work import Work

#: The version at which the steps were summed up.
NAME = "roster_steps"


def sum_up(work: Work) -> bool:
    """Write the steps anew where the roster has moved since; gives whether it had. Four statements, none in a loop."""
    connection = work.flush()
    version = version_of(connection)
    if version == version_of(connection, NAME):
        return False
    connection.execute(delete(RosterStep))
    columns = ["unit_id", "kind", "day", "change"]
    connection.execute(plain_insert(RosterStep).from_select(columns, _steps()))
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
