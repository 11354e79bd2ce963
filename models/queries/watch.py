"""Who fell ill with what around a day, and which signals stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, func, or_, select
from sqlalchemy.orm import aliased

from models.queries.figures.unit import on_roster
from models.rules.check_in import SLOT, Health
from models.statements import values
from models.tables import Binding, CheckIn, ClusterSignal, Enrolment, Onset, Person, PersonDay, PersonPlace
from models.vault import Vault


@dataclass(frozen=True, slots=True)
class OnsetRow:
    """One illness of one person, see `models.tables.Onset`."""

    person_id: int
    syndrome: str
    onset_on: date
    last_seen_on: date
    unit_id: int
    school_id: int | None
    dormitory: str | None = None


_ONSET = select(
    Onset.person_id,
    Onset.syndrome,
    Onset.onset_on,
    Onset.last_seen_on,
    Onset.unit_id,
    Onset.school_id,
    PersonPlace.name,
).outerjoin(PersonPlace, (PersonPlace.person_id == Onset.person_id) & (PersonPlace.kind == "dormitory"))


def onsets_around(
    connection: Connection, school_id: int | None, people: Iterable[int], since: date, until: date
) -> list[OnsetRow]:
    """Illnesses in a school, and of these people wherever they are, that began in these days. One statement, held."""
    rows = connection.execute(
        _ONSET.where(
            or_(Onset.school_id == school_id, Onset.person_id.in_(sorted(set(people)))),
            Onset.onset_on >= since,
            Onset.onset_on <= until,
        ).order_by(Onset.person_id, Onset.syndrome, Onset.onset_on)
    )
    return [OnsetRow(*values(row)) for row in rows]


def illnesses_of(connection: Connection, person_id: int, since: date) -> list[OnsetRow]:
    """One person's illnesses seen since a day, oldest first. One statement."""
    rows = connection.execute(
        _ONSET.where(Onset.person_id == person_id, Onset.last_seen_on >= since).order_by(Onset.onset_on)
    )
    return [OnsetRow(*values(row)) for row in rows]


@dataclass(frozen=True, slots=True)
class IllRow:
    """One person who fell ill with a syndrome, and when first in the days asked about."""

    person_id: int
    name: str
    unit_id: int
    onset_on: date


def ill_within(
    connection: Connection, syndrome: str, unit_ids: Iterable[int], since: date, until: date, dormitory: str = ""
) -> list[IllRow]:
    """Who of these units (and this dormitory, where one is given) fell ill with it in these days, by onset. One statement."""
    statement = (
        select(Onset.person_id, Person.name, Onset.unit_id, func.min(Onset.onset_on))
        .join(Person, Person.id == Onset.person_id)
        .where(
            Onset.syndrome == syndrome,
            Onset.unit_id.in_(sorted(set(unit_ids))),
            Onset.onset_on >= since,
            Onset.onset_on <= until,
        )
        .group_by(Onset.person_id, Person.name, Onset.unit_id)
        .order_by(func.min(Onset.onset_on), Onset.person_id)
    )
    if dormitory:
        sleeps = select(PersonPlace.person_id).where(
            PersonPlace.person_id == Onset.person_id, PersonPlace.kind == "dormitory", PersonPlace.name == dormitory
        )
        statement = statement.where(sleeps.exists())
    return [IllRow(*values(row)) for row in connection.execute(statement)]


def family_of(connection: Connection, person_id: int) -> tuple[int, ...]:
    """The pupils who share a guardian's account with this one, itself among them, by id. One statement."""
    mine, theirs = aliased(Binding), aliased(Binding)
    rows = connection.execute(
        select(theirs.person_id)
        .join(mine, mine.account_id == theirs.account_id)
        .where(
            mine.person_id == person_id,
            mine.relation == "guardian",
            theirs.relation == "guardian",
            mine.ended_at.is_(None),
            theirs.ended_at.is_(None),
        )
        .distinct()
    )
    return tuple(sorted({person_id, *rows.scalars()}))


def dormitory_of(connection: Connection, person_id: int) -> str | None:
    """Where somebody sleeps, if it was entered. One statement."""
    return connection.execute(
        select(PersonPlace.name).where(PersonPlace.person_id == person_id, PersonPlace.kind == "dormitory")
    ).scalar_one_or_none()


def signals_of(connection: Connection, places: Iterable[int], since: date) -> Sequence[Any]:
    """Signals that stand in these places since a day. One statement."""
    return connection.execute(
        select(ClusterSignal).where(ClusterSignal.place.in_(sorted(set(places))), ClusterSignal.last_day >= since)
    ).all()


@dataclass(frozen=True, slots=True)
class Silent:
    """Somebody due of whom nothing was heard on each of some days."""

    person_id: int
    name: str
    kind: str
    unit_id: int


def silent_on(connection: Connection, days: Sequence[date]) -> list[Silent]:
    """Everybody on the roster on all of these days of whom there is no report of any of them. One statement."""
    heard = select(PersonDay.person_id).where(
        PersonDay.person_id == Person.id, PersonDay.report_date.in_(days), PersonDay.slot == SLOT
    )
    rows = connection.execute(
        select(Person.id, Person.name, Person.kind, Enrolment.unit_id)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(*(on_roster(day) for day in days), ~heard.exists(), Person.school_id.is_not(None))
        .order_by(Enrolment.unit_id, Person.number)
    )
    return [Silent(*values(row)) for row in rows]


def heard_on(connection: Connection, people: Sequence[int], days: Sequence[date]) -> set[int]:
    """Of whom of these people there is a report of one of these days. One statement."""
    rows = connection.execute(
        select(PersonDay.person_id).where(
            PersonDay.person_id.in_(people), PersonDay.report_date.in_(days), PersonDay.slot == SLOT
        )
    )
    return set(rows.scalars())


def unwell_on_each(connection: Connection, days: Sequence[date]) -> list[Silent]:
    """Everybody with symptoms but no fever on the newest of these days, and abnormal on every other. One statement."""
    newest, *others = sorted(days, reverse=True)
    statement = (
        select(Person.id, Person.name, Person.kind, PersonDay.unit_id)
        .join(PersonDay, PersonDay.person_id == Person.id)
        .where(PersonDay.report_date == newest, PersonDay.slot == SLOT, PersonDay.result == "symptomatic")
        .order_by(PersonDay.unit_id, Person.number)
    )
    for day in others:
        earlier = aliased(PersonDay)
        statement = statement.where(
            select(earlier.person_id)
            .where(
                earlier.person_id == PersonDay.person_id,
                earlier.report_date == day,
                earlier.slot == SLOT,
                earlier.result.in_(("symptomatic", "fever")),
            )
            .exists()
        )
    return [Silent(*values(row)) for row in connection.execute(statement)]


def same_reading(connection: Connection, vault: Vault, days: Sequence[date]) -> list[tuple[Silent, int]]:
    """Who reported one and the same single reading on every one of these days, with it (tenths). One statement, streamed.

    Only people with a report of every day are opened, one at a time.
    """
    rows = connection.execute(
        select(Person.id, Person.name, Person.kind, PersonDay.unit_id, CheckIn.health)
        .join(PersonDay, PersonDay.person_id == Person.id)
        .join(
            CheckIn,
            (CheckIn.person_id == PersonDay.person_id)
            & (CheckIn.report_date == PersonDay.report_date)
            & (CheckIn.slot == PersonDay.slot)
            & (CheckIn.revision == PersonDay.revision),
        )
        .where(PersonDay.report_date.in_(days), PersonDay.slot == SLOT, PersonDay.result == "normal")
        .order_by(Person.id),
        execution_options={"yield_per": 1000},
    )
    found: list[tuple[Silent, int]] = []
    current, readings, count = None, set[int | None](), 0
    for row in rows:
        if current is None or row.id != current.id:
            _keep_same(found, current, readings, count, len(days))
            current, readings, count = row, set(), 0
        count += 1
        if len(readings) <= 1 and row.health is not None:
            readings.add(Health.from_json(vault.open_json("check_ins.health", row.health)).tenths)
    _keep_same(found, current, readings, count, len(days))
    return found


def _keep_same(found: list[tuple[Silent, int]], row: Any, readings: set[int | None], count: int, days: int) -> None:
    if row is not None and count == days and len(readings) == 1:
        (tenths,) = readings
        if tenths is not None:
            found.append((Silent(row.id, row.name, row.kind, row.unit_id), tenths))
