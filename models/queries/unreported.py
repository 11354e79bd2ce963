"""Who is due and was not heard, and who was heard and is not well."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from models.queries.figures.unit import on_roster
from models.rules.check_in import SLOT, Health
from models.rules.figures import ABNORMAL
from models.statements import values
from models.tables import Absence, Binding, CheckIn, Enrolment, Person, PersonDay
from models.vault import Vault


@dataclass(frozen=True, slots=True)
class Named:
    """One person of a unit. kind: student or staff."""

    person_id: int
    name: str
    number: str
    kind: str
    unit_id: int
    joined_on: date
    left_on: date | None
    in_observation: bool = False


@dataclass(frozen=True, slots=True)
class Unwell:
    """One person whose report of the day is abnormal, with what was reported."""

    person_id: int
    name: str
    kind: str
    unit_id: int
    result: str
    health: Health | None


_PEOPLE = select(
    Person.id,
    Person.name,
    Person.number,
    Person.kind,
    Enrolment.unit_id,
    Person.joined_on,
    Person.left_on,
    Person.in_observation,
).join(Enrolment, Enrolment.person_id == Person.id)


def unreported(connection: Connection, unit_ids: Iterable[int] | None, day: date) -> list[Named]:
    """Everybody due in these units (None: anywhere) of whom there is no report of `day`, by unit and number. One statement.

    Who was exempted, or reported after the lock, is not among them: nobody needs to be reminded.
    """
    heard = select(PersonDay.person_id).where(
        PersonDay.person_id == Person.id, PersonDay.report_date == day, PersonDay.slot == SLOT
    )
    return _named(connection, unit_ids, on_roster(day), ~heard.exists())


def people_of(connection: Connection, unit_ids: Iterable[int], day: date) -> list[Named]:
    """Everybody on the roster of these units on `day`. One statement."""
    return _named(connection, unit_ids, on_roster(day))


def absent_of(connection: Connection, unit_ids: Iterable[int], day: date) -> list[Named]:
    """Whose absence on `day` is entered in these units. One statement."""
    away = select(Absence.person_id).where(Absence.person_id == Person.id, Absence.report_date == day)
    return _named(connection, unit_ids, on_roster(day), away.exists())


def people_named(connection: Connection, unit_ids: Iterable[int], name: str, day: date) -> list[Named]:
    """Those on the roster of these units on `day` whose number is `name` or whose name ends with it. One statement."""
    ending = Person.name.endswith(name, autoescape=True)
    return _named(connection, unit_ids, on_roster(day), or_(Person.number == name, ending))


def unwell(connection: Connection, vault: Vault, unit_ids: Iterable[int] | None, day: date) -> list[Unwell]:
    """Who is abnormal in these units (None: anywhere) on `day`, fever first. One statement."""
    statement = (
        select(Person.id, Person.name, Person.kind, PersonDay.unit_id, PersonDay.result, CheckIn.health)
        .join(PersonDay, PersonDay.person_id == Person.id)
        .join(
            CheckIn,
            and_(
                CheckIn.person_id == PersonDay.person_id,
                CheckIn.report_date == PersonDay.report_date,
                CheckIn.slot == PersonDay.slot,
                CheckIn.revision == PersonDay.revision,
            ),
        )
        .where(PersonDay.report_date == day, PersonDay.slot == SLOT, PersonDay.result.in_(ABNORMAL))
        .order_by(PersonDay.unit_id, PersonDay.result, Person.number)
    )
    if unit_ids is not None:
        statement = statement.where(PersonDay.unit_id.in_(sorted(set(unit_ids))))
    return [Unwell(*(*values(row)[:5], _health(vault, row.health))) for row in connection.execute(statement)]


def _health(vault: Vault, sealed: bytes | None) -> Health | None:
    return Health.from_json(vault.open_json("check_ins.health", sealed)) if sealed else None


def unbound(connection: Connection, unit_ids: Iterable[int] | None, day: date) -> list[Named]:
    """Pupils and staff of these units (None: of any) whom no account speaks for, so that nothing can reach them. One statement."""
    bound = select(Binding.id).where(Binding.person_id == Person.id, Binding.ended_at.is_(None))
    return _named(connection, unit_ids, on_roster(day), ~bound.exists())


def _named(connection: Connection, unit_ids: Iterable[int] | None, *conditions: ColumnElement[bool]) -> list[Named]:
    statement = _PEOPLE.where(*conditions)
    if unit_ids is not None:
        statement = statement.where(Enrolment.unit_id.in_(sorted(set(unit_ids))))
    return [Named(*values(row)) for row in connection.execute(statement.order_by(Enrolment.unit_id, Person.number))]
