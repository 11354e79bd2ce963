"""Codes and the bindings made with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select

from models.statements import values
from models.tables import Binding, BindingCode, Person
from models.vault import Vault


@dataclass(frozen=True, slots=True)
class CodeHolder:
    """Whom a code stands for."""

    code_id: int
    person_id: int
    kind: str
    number: str
    name: str
    unit_id: int
    school_id: int | None
    joined_on: date
    left_on: date | None
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Bound:
    """One open binding of a person."""

    binding_id: int
    account_id: int
    relation: str
    rank: int
    bound_at: datetime


@dataclass(frozen=True, slots=True)
class PupilCode:
    """One pupil of a class, the code that is valid (empty: none), and how many guardians are bound."""

    person_id: int
    name: str
    code: str
    guardians: int


def by_code(connection: Connection, vault: Vault, code: str, today: date) -> CodeHolder | None:
    """Whom the canonical `code` stands for, the person locked; None for an unknown, revoked or left one.

    One statement. Codes are looked for under every secret still accepted.
    """
    row = connection.execute(
        select(
            BindingCode.id,
            Person.id,
            Person.kind,
            Person.number,
            Person.name,
            Person.unit_id,
            Person.school_id,
            Person.joined_on,
            Person.left_on,
            BindingCode.used_at,
        )
        .join(Person, Person.id == BindingCode.person_id)
        .where(BindingCode.code_index.in_(vault.indexes("binding_codes.code", code)))
        .where(BindingCode.revoked_at.is_(None))
        .where(Person.left_on.is_(None) | (Person.left_on > today))
        .with_for_update(of=Person, key_share=True)
    ).first()
    return None if row is None else CodeHolder(*values(row))


def open_of(connection: Connection, person_id: int) -> list[Bound]:
    """The open bindings of a person, by rank. One statement."""
    rows = connection.execute(
        select(Binding.id, Binding.account_id, Binding.relation, Binding.rank, Binding.bound_at)
        .where(Binding.person_id == person_id, Binding.ended_at.is_(None))
        .order_by(Binding.rank, Binding.id)
    )
    return [Bound(*values(row)) for row in rows]


def speaks_for(connection: Connection, account_id: int) -> list[tuple[int, str]]:
    """For whom an account is bound now, and how (guardian, self). One statement."""
    rows = connection.execute(
        select(Binding.person_id, Binding.relation).where(Binding.account_id == account_id, Binding.ended_at.is_(None))
    )
    return [(row.person_id, row.relation) for row in rows]


def pupil_codes(connection: Connection, vault: Vault, unit_id: int, today: date) -> list[PupilCode]:
    """The pupils of a class with their codes and the number of their guardians, by number. One statement."""
    guardians = (
        select(func.count())
        .where(Binding.person_id == Person.id, Binding.ended_at.is_(None), Binding.relation == "guardian")
        .scalar_subquery()
    )
    rows = connection.execute(
        select(Person.id, Person.name, BindingCode.code, guardians)
        .outerjoin(BindingCode, (BindingCode.person_id == Person.id) & BindingCode.revoked_at.is_(None))
        .where(Person.unit_id == unit_id, Person.kind == "student")
        .where(Person.left_on.is_(None) | (Person.left_on > today))
        .order_by(Person.number, BindingCode.id)
    )
    made: dict[int, PupilCode] = {}
    for person_id, name, sealed, count in rows:
        code = vault.open("binding_codes.code", sealed) if sealed else ""
        made[person_id] = PupilCode(person_id, name, code, count)
    return list(made.values())


@dataclass(frozen=True, slots=True)
class Pupil:
    person_id: int
    name: str
    unit_id: int


def pupils_called(connection: Connection, unit_ids: Iterable[int], name: str, today: date) -> list[Pupil]:
    """The pupils of these classes with this name. One statement."""
    rows = connection.execute(
        select(Person.id, Person.name, Person.unit_id)
        .where(Person.unit_id.in_(sorted(set(unit_ids))), Person.kind == "student", Person.name == name)
        .where(Person.left_on.is_(None) | (Person.left_on > today))
        .order_by(Person.id)
    )
    return [Pupil(*values(row)) for row in rows]


def names_of(connection: Connection, person_ids: Iterable[int]) -> dict[int, str]:
    """The names of these people by id. One statement."""
    rows = connection.execute(select(Person.id, Person.name).where(Person.id.in_(sorted(set(person_ids)))))
    return {row.id: row.name for row in rows}
