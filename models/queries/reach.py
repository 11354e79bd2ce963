"""Who is bound, what the platform allows towards them, and whom nothing reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, case, func, select

from models.queries.figures.unit import on_roster
from models.rules.reach import PROMPT, REMINDER, Windows
from models.statements import values
from models.tables import Account, Binding, Enrolment, Occurrence, Outbox, Person, PersonDay


@dataclass(frozen=True, slots=True)
class Line:
    """One way to one person: an account bound for them. account_id None: nobody is bound."""

    person_id: int
    kind: str
    number: str
    name: str
    unit_id: int
    account_id: int | None
    refused: str | None
    windows: Windows


def lines(connection: Connection, unit_ids: Iterable[int], day: date) -> Iterator[Line]:
    """Every way to everybody on the roster of these units on `day`, by unit and number. One statement."""
    rows = connection.execute(
        select(
            Person.id,
            Person.kind,
            Person.number,
            Person.name,
            Enrolment.unit_id,
            Account.id.label("account_id"),
            Account.refused,
            Account.typed_at,
            Account.typed_spent,
            Account.tapped_at,
            Account.tapped_spent,
        )
        .join(Enrolment, Enrolment.person_id == Person.id)
        .outerjoin(Binding, and_(Binding.person_id == Person.id, Binding.ended_at.is_(None)))
        .outerjoin(Account, Account.id == Binding.account_id)
        .where(on_roster(day), Enrolment.unit_id.in_(sorted(set(unit_ids))))
        .order_by(Enrolment.unit_id, Person.kind.desc(), Person.number, Binding.rank),
        execution_options={"yield_per": 1000},
    )
    for row in rows:
        yield Line(
            row.id,
            row.kind,
            row.number,
            row.name,
            row.unit_id,
            row.account_id,
            row.refused,
            Windows(row.typed_at, row.typed_spent or 0, row.tapped_at, row.tapped_spent or 0),
        )


@dataclass(frozen=True, slots=True)
class Unreached:
    """A pupil of whose guardians nobody got today's question, by the unit they are in."""

    person_id: int
    name: str
    unit_id: int


def unreached(connection: Connection, unit_ids: Iterable[int] | None, day: date) -> list[Unreached]:
    """Pupils bound to somebody, not heard of on `day`, whom today's prompts and reminders did not reach, by number.

    A pupil one of whose guardians got one is not among them. Three statements; one where everything arrived.
    """
    occasions = select(Occurrence.id).where(Occurrence.day == day, Occurrence.job.in_((PROMPT, REMINDER)))
    failed = connection.execute(
        select(Outbox.person_id, Outbox.owed).where(
            Outbox.occurrence_id.in_(occasions),
            Outbox.state.in_(("failed", "unknown")),
            Outbox.relation == "guardian",
        )
    ).all()
    persons = {person for row in failed for person in (row.owed or {}).get("persons", (row.person_id,))}
    if not persons:
        return []
    told = set(
        connection.execute(
            select(Binding.person_id)
            .join(Outbox, Outbox.account_id == Binding.account_id)
            .where(
                Binding.person_id.in_(sorted(persons)),
                Binding.ended_at.is_(None),
                Outbox.occurrence_id.in_(occasions),
                Outbox.state == "sent",
            )
        ).scalars()
    )
    heard = select(PersonDay.person_id).where(PersonDay.person_id == Person.id, PersonDay.report_date == day)
    statement = (
        select(Person.id, Person.name, Enrolment.unit_id)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(on_roster(day), Person.kind == "student", Person.id.in_(sorted(persons - told)), ~heard.exists())
        .order_by(Enrolment.unit_id, Person.number)
    )
    if unit_ids is not None:
        statement = statement.where(Enrolment.unit_id.in_(sorted(set(unit_ids))))
    return [Unreached(*values(row)) for row in connection.execute(statement)]


@dataclass(frozen=True, slots=True)
class Tomorrow:
    """How many are asked tomorrow, and for how many of them nobody will hear it, by why."""

    asked: int
    unbound: int
    refused: int

    @property
    def missing(self) -> int:
        return self.unbound + self.refused


def tomorrow(connection: Connection, unit_ids: Iterable[int] | None, day: date) -> Tomorrow:
    """For the digest: whom of these units (None: of the district) tomorrow's question cannot reach whatever the windows
    are. One statement, counted by the database."""
    open_to_us = func.count(case((Account.refused.is_(None), Account.id)))
    ways = (
        select(Binding.person_id, func.count(Account.id).label("accounts"), open_to_us.label("open"))
        .join(Account, Account.id == Binding.account_id)
        .where(Binding.ended_at.is_(None))
        .group_by(Binding.person_id)
        .subquery("ways")
    )
    statement = (
        select(
            func.count(),
            func.count(case((ways.c.person_id.is_(None), 1))),
            func.count(case((and_(ways.c.accounts > 0, ways.c.open == 0), 1))),
        )
        .select_from(Person)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .outerjoin(ways, ways.c.person_id == Person.id)
        .where(on_roster(day))
    )
    if unit_ids is not None:
        statement = statement.where(Enrolment.unit_id.in_(sorted(set(unit_ids))))
    return Tomorrow(*values(connection.execute(statement).one()))
