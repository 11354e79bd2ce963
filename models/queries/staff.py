"""The staff of a school, and by which account each can be reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, or_, select

from models.statements import values
from models.tables import Binding, Person


@dataclass(frozen=True, slots=True)
class StaffMember:
    """One member of staff; account_id None: not bound."""

    person_id: int
    name: str
    account_id: int | None


def staff_of(connection: Connection, school_id: int | None, day: date) -> list[StaffMember]:
    """Everybody on the staff of a school on `day`, by number. One statement."""
    own = and_(Binding.person_id == Person.id, Binding.relation == "self", Binding.ended_at.is_(None))
    rows = connection.execute(
        select(Person.id, Person.name, Binding.account_id)
        .outerjoin(Binding, own)
        .where(Person.kind == "staff", Person.school_id == school_id, Person.joined_on <= day)
        .where(or_(Person.left_on.is_(None), Person.left_on > day))
        .order_by(Person.number)
    )
    return list({row[0]: StaffMember(*values(row)) for row in rows}.values())
