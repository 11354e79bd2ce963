"""Which accounts are to be asked for whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, or_, select

from models.queries.figures.unit import on_roster
from models.queries.people import Holder
from models.rules.check_in import SLOT
from models.statements import values
from models.tables import Account, Binding, Enrolment, Person, PersonDay, Post


@dataclass(frozen=True, slots=True)
class Asked:
    """One account and one person it answers for. relation: guardian (of a pupil) or self (a member of staff)."""

    account_id: int
    person_id: int
    relation: str
    name: str
    unit_id: int
    school_id: int | None


def asked_on(
    connection: Connection, day: date, *, silent_only: bool = False, unit_ids: Iterable[int] | None = None
) -> list[Asked]:
    """Every bound guardian of a pupil due on `day` and every bound member of school staff, by account, then by binding.

    silent_only: only for people of whom there is no report of the day. unit_ids: only for people of these units.
    One statement, whatever the size of the district.
    """
    statement = (
        select(Binding.account_id, Person.id, Binding.relation, Person.name, Enrolment.unit_id, Person.school_id)
        .join(Person, Person.id == Binding.person_id)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(Binding.ended_at.is_(None), Person.school_id.is_not(None), on_roster(day))
        .order_by(Binding.account_id, Binding.id)
    )
    if silent_only:
        heard = select(PersonDay.person_id).where(
            PersonDay.person_id == Person.id, PersonDay.report_date == day, PersonDay.slot == SLOT
        )
        statement = statement.where(~heard.exists())
    if unit_ids is not None:
        statement = statement.where(Enrolment.unit_id.in_(sorted(set(unit_ids))))
    return [Asked(*values(row)) for row in connection.execute(statement)]


def holders_on(connection: Connection, roles: Iterable[str], day: date) -> list[Holder]:
    """Everybody in the district who holds one of `roles` on `day`, with the account they can be reached by.

    One statement, without a list of units.
    """
    own = and_(Binding.person_id == Person.id, Binding.relation == "self", Binding.ended_at.is_(None))
    rows = connection.execute(
        select(Person.id, Person.name, Post.role, Post.title, Post.unit_id, Binding.account_id)
        .join(Post, Post.person_id == Person.id)
        .outerjoin(Binding, own)
        .where(Post.role.in_(sorted(set(roles))), Post.from_date <= day)
        .where(or_(Post.to_date.is_(None), Post.to_date > day), or_(Person.left_on.is_(None), Person.left_on > day))
        .order_by(Post.unit_id, Post.id)
    )
    return [Holder(*values(row)) for row in rows]


def staff_numbered(connection: Connection, numbers: Iterable[str], day: date) -> list[Holder]:
    """The members of staff with these numbers of the roster who work here on `day`. One statement."""
    own = and_(Binding.person_id == Person.id, Binding.relation == "self", Binding.ended_at.is_(None))
    rows = connection.execute(
        select(Person.id, Person.name, Person.unit_id, Binding.account_id)
        .outerjoin(Binding, own)
        .where(Person.kind == "staff", Person.number.in_(sorted(set(numbers))))
        .where(or_(Person.left_on.is_(None), Person.left_on > day))
        .order_by(Person.id)
    )
    return [Holder(row.id, row.name, "", "", row.unit_id, row.account_id) for row in rows]


def unreachable_accounts(connection: Connection) -> set[int]:
    """Accounts of members of staff the platform refuses to deliver to. One statement."""
    rows = connection.execute(
        select(Account.id)
        .join(Binding, Binding.account_id == Account.id)
        .where(Account.refused.is_not(None), Binding.relation == "self", Binding.ended_at.is_(None))
    )
    return set(rows.scalars())
