"""What an import compares with, and what leaves the roster again: people, their units and posts, their codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from models.queries.units import UnitInfo, Units
from models.rules.organisation import ClassName, GradeName, class_name, grade_name
from models.rules.roster import Known
from models.statements import values
from models.tables import BindingCode, Enrolment, Person, Post
from models.vault import Vault


@dataclass(frozen=True, slots=True)
class StoredPerson:
    """One person as stored, whether still here or gone."""

    id: int
    kind: str
    number: str
    name: str
    sex: str | None
    phone_index: bytes | None
    unit_id: int
    school_id: int | None
    joined_on: date
    left_on: date | None


@dataclass(frozen=True, slots=True)
class StoredEnrolment:
    """The enrolment that lasts."""

    id: int
    person_id: int
    unit_id: int
    from_date: date


@dataclass(frozen=True, slots=True)
class StoredPost:
    """A post that lasts."""

    id: int
    person_id: int
    role: str
    unit_id: int
    title: str
    from_date: date


def everybody(connection: Connection) -> dict[tuple[str, str], StoredPerson]:
    """Everyone ever on the roster, by kind and number. One statement."""
    rows = connection.execute(
        select(
            Person.id,
            Person.kind,
            Person.number,
            Person.name,
            Person.sex,
            Person.phone_index,
            Person.unit_id,
            Person.school_id,
            Person.joined_on,
            Person.left_on,
        )
    )
    return {(row.kind, row.number): StoredPerson(*values(row)) for row in rows}


def lasting_enrolments(connection: Connection) -> dict[int, StoredEnrolment]:
    """Where everybody belongs until further notice, by person. One statement."""
    rows = connection.execute(
        select(Enrolment.id, Enrolment.person_id, Enrolment.unit_id, Enrolment.from_date).where(
            Enrolment.to_date.is_(None)
        )
    )
    return {row.person_id: StoredEnrolment(*values(row)) for row in rows}


def lasting_posts(connection: Connection) -> dict[int, list[StoredPost]]:
    """The posts people hold until further notice, by person. One statement."""
    held: dict[int, list[StoredPost]] = defaultdict(list)
    rows = connection.execute(
        select(Post.id, Post.person_id, Post.role, Post.unit_id, Post.title, Post.from_date)
        .where(Post.to_date.is_(None))
        .order_by(Post.id)
    )
    for row in rows:
        held[row.person_id].append(StoredPost(*values(row)))
    return held


def codes_in_use(connection: Connection) -> tuple[set[bytes], set[int]]:
    """The index of every code ever made, and who has one that still serves. One statement."""
    indexes: set[bytes] = set()
    people: set[int] = set()
    for index, person_id, revoked_at in connection.execute(
        select(BindingCode.code_index, BindingCode.person_id, BindingCode.revoked_at)
    ):
        indexes.add(bytes(index))
        if revoked_at is None:
            people.add(person_id)
    return indexes, people


def known(units: Units, people: Iterable[StoredPerson]) -> Known:
    """What the reading of a workbook has to know of what is stored."""
    schools = {unit.name: unit.school_kind or "" for unit in units.schools()}
    classes: dict[str, dict[GradeName, dict[str, ClassName]]] = {}
    for school in units.schools():
        of_school = classes.setdefault(school.name, {})
        for grade_unit in units.children(school.id):
            grade = grade_name(grade_unit.name, school.school_kind)
            if grade is None:
                grade = GradeName(grade_unit.name, grade_unit.name, grade_unit.position)
            of_grade = of_school.setdefault(grade, {})
            for unit in units.children(grade_unit.id):
                named = class_name(unit.name, grade)
                of_grade[named.key] = named
    return Known(
        schools,
        classes,
        {(person.kind, person.number): (person.name, _school_name(units, person.school_id)) for person in people},
    )


def _school_name(units: Units, school_id: int | None) -> str:
    school = units.get(school_id)
    return school.name if school else ""


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One binding code with whom it is for. grade and class are empty where the person belongs to none."""

    kind: str
    school: str
    grade: str
    class_name: str
    number: str
    name: str
    code: str
    unit: UnitInfo


def codes(connection: Connection, vault: Vault, units: Units, within: int | None = None) -> list[CodeRow]:
    """The codes that still serve, for those on the roster in a unit (None: everywhere), in reading order.

    One statement.
    """
    inside = None if within is None else {unit.id for unit in units.within(within)}
    rows = connection.execute(
        select(Person.kind, Person.number, Person.name, Person.unit_id, BindingCode.code)
        .join(BindingCode, BindingCode.person_id == Person.id)
        .where(BindingCode.revoked_at.is_(None), Person.left_on.is_(None))
    )
    order = {unit.id: place for place, unit in enumerate(_in_reading_order(units))}
    made = []
    for kind, number, name, unit_id, code in rows:
        if inside is not None and unit_id not in inside:
            continue
        unit = units[unit_id]
        school, grade = units.get(unit.school_id), units.get(unit.grade_id)
        made.append(
            CodeRow(
                kind,
                school.name if school else unit.name,
                grade.name if grade else "",
                unit.name if unit.kind == "class_unit" else "",
                number,
                name,
                vault.open("binding_codes.code", code),
                unit,
            )
        )
    return sorted(made, key=lambda row: (row.kind != "student", order.get(row.unit.id, 0), row.number))


def _in_reading_order(units: Units) -> Iterable[UnitInfo]:
    top = units.district
    return units.within(top.id) if top else ()
