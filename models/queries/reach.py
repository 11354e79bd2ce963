"""Who is bound, and what the platform allows towards them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, select

from models.queries.figures import on_roster
from models.rules.reach import Windows
from models.tables import Account, Binding, Enrolment, Person


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
