"""What was ever said of some people's days: for the sheets that go into a school's files (一人一档)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, func, or_, select
from sqlalchemy.orm import aliased

from models.statements import values
from models.tables import Absence, CheckIn, Enrolment, Person, PersonDay


@dataclass(frozen=True, slots=True)
class RecordPerson:
    """One person a sheet is made for. unit_id: where they belong now."""

    id: int
    kind: str
    number: str
    name: str
    sex: str | None
    unit_id: int
    joined_on: date
    left_on: date | None


@dataclass(frozen=True, slots=True)
class RecordRevision:
    """One revision of one person's day. counts: the revision that counts; health: sealed."""

    person_id: int
    report_date: date
    state: str
    counts: bool
    revision: int
    health: bytes | None
    reporter: str
    reporter_name: str | None
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class RecordAbsence:
    """One person's absence on one day; the reason is sealed."""

    person_id: int
    report_date: date
    kind: str
    reason: bytes | None


_PERSON = (
    Person.id,
    Person.kind,
    Person.number,
    Person.name,
    Person.sex,
    Person.unit_id,
    Person.joined_on,
    Person.left_on,
)


def people_of(connection: Connection, unit_id: int, kind: str, first: date, last: date) -> list[RecordPerson]:
    """Who belonged to a unit on some day from `first` to `last`, by number. One statement."""
    was_there = (
        select(Enrolment.person_id)
        .where(
            Enrolment.unit_id == unit_id,
            Enrolment.from_date <= last,
            or_(Enrolment.to_date.is_(None), Enrolment.to_date > first),
        )
        .scalar_subquery()
    )
    rows = connection.execute(
        select(*_PERSON)
        .where(
            Person.id.in_(was_there),
            Person.kind == kind,
            Person.joined_on <= last,
            or_(Person.left_on.is_(None), Person.left_on > first),
        )
        .order_by(func.length(Person.number), Person.number)
    )
    return [RecordPerson(*values(row)) for row in rows]


def person_of(connection: Connection, person_id: int) -> RecordPerson | None:
    """One person; None where there is none. One statement."""
    row = connection.execute(select(*_PERSON).where(Person.id == person_id)).first()
    return None if row is None else RecordPerson(*values(row))


def person_numbered(connection: Connection, kind: str, number: str) -> RecordPerson | None:
    """The person with this number of the roster; None where there is none. One statement."""
    row = connection.execute(select(*_PERSON).where(Person.kind == kind, Person.number == number)).first()
    return None if row is None else RecordPerson(*values(row))


def revisions_of(
    connection: Connection, people: Sequence[int], first: date, last: date
) -> dict[tuple[int, date], list[RecordRevision]]:
    """Every revision of these people's days, oldest first. One statement."""
    reporter = aliased(Person)
    rows = connection.execute(
        select(
            PersonDay.person_id,
            PersonDay.report_date,
            PersonDay.state,
            (CheckIn.revision == PersonDay.revision).label("counts"),
            CheckIn.revision,
            CheckIn.health,
            CheckIn.reporter,
            reporter.name,
            CheckIn.sent_at,
        )
        .join(
            CheckIn,
            and_(
                CheckIn.person_id == PersonDay.person_id,
                CheckIn.report_date == PersonDay.report_date,
                CheckIn.slot == PersonDay.slot,
            ),
        )
        .outerjoin(reporter, reporter.id == CheckIn.reporter_person_id)
        .where(PersonDay.person_id.in_(people), PersonDay.report_date >= first, PersonDay.report_date <= last)
        .order_by(PersonDay.person_id, PersonDay.report_date, CheckIn.revision)
    )
    found: dict[tuple[int, date], list[RecordRevision]] = {}
    for row in rows:
        entry = RecordRevision(*values(row))
        found.setdefault((entry.person_id, entry.report_date), []).append(entry)
    return found


def absences_of(
    connection: Connection, people: Sequence[int], first: date, last: date
) -> dict[tuple[int, date], RecordAbsence]:
    """These people's absences. One statement."""
    rows = connection.execute(
        select(Absence.person_id, Absence.report_date, Absence.kind, Absence.reason).where(
            Absence.person_id.in_(people), Absence.report_date >= first, Absence.report_date <= last
        )
    )
    return {(row.person_id, row.report_date): RecordAbsence(*values(row)) for row in rows}


def units_of(
    connection: Connection, people: Sequence[int], first: date, last: date
) -> dict[int, list[tuple[date, date | None, int]]]:
    """Where these people belonged: (from, until, unit), `until` being the first day on which it no longer held."""
    rows = connection.execute(
        select(Enrolment.person_id, Enrolment.from_date, Enrolment.to_date, Enrolment.unit_id)
        .where(
            Enrolment.person_id.in_(people),
            Enrolment.from_date <= last,
            or_(Enrolment.to_date.is_(None), Enrolment.to_date > first),
        )
        .order_by(Enrolment.person_id, Enrolment.from_date)
    )
    found: dict[int, list[tuple[date, date | None, int]]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append((row.from_date, row.to_date, row.unit_id))
    return found
