"""Who is away, since when, and who has been asked after (domain handbook 8.6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, and_, select
from sqlalchemy.orm import aliased

from models.tables import Absence, AbsenceFollowUp, Person

#: How far a row of days is followed back.
_BACK = 14


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody absent on a day. days: for how many recorded days in a row; is_followed: asked after that day."""

    person_id: int
    name: str
    unit_id: int
    kind: str
    days: int
    is_followed: bool


def to_follow_up(connection: Connection, day: date) -> list[Away]:
    """Everybody sick or absent without a reason on `day`, with those asked after. Two statements."""
    asked = aliased(AbsenceFollowUp)
    rows = connection.execute(
        select(Absence.person_id, Person.name, Absence.unit_id, Absence.kind, asked.id)
        .join(Person, Person.id == Absence.person_id)
        .outerjoin(asked, and_(asked.person_id == Absence.person_id, asked.day == day, asked.outcome == "reached"))
        .where(Absence.report_date == day, Absence.kind.in_(("sick", "unexplained")))
        .order_by(Absence.unit_id, Person.number)
    ).all()
    if not rows:
        return []
    days: dict[int, set[date]] = {}
    for person_id, on in connection.execute(
        select(Absence.person_id, Absence.report_date).where(
            Absence.report_date.between(day - timedelta(days=_BACK), day)
        )
    ):
        days.setdefault(person_id, set()).add(on)
    found: dict[int, Away] = {}
    for row in rows:
        found.setdefault(
            row.person_id,
            Away(
                row.person_id, row.name, row.unit_id, row.kind, _in_a_row(days[row.person_id], day), row.id is not None
            ),
        )
    return list(found.values())


def _in_a_row(days: Iterable[date], day: date) -> int:
    """Recorded days up to `day`; a weekend between two of them does not end the row."""
    known, count, back, gap = set(days), 0, day, 0
    while gap <= 2 and back > day - timedelta(days=_BACK):
        count, gap = (count + 1, 0) if back in known else (count, gap + 1)
        back -= timedelta(days=1)
    return count


def last_absence(connection: Connection, person_id: int, day: date) -> date | None:
    """The newest day of absence not yet ended by a return, of the last fortnight. One statement."""
    return connection.execute(
        select(Absence.report_date)
        .where(
            Absence.person_id == person_id,
            Absence.report_date.between(day - timedelta(days=_BACK), day),
            Absence.returned_on.is_(None),
        )
        .order_by(Absence.report_date.desc())
        .limit(1)
    ).scalar_one_or_none()


def own_leave(connection: Connection, person_id: int, day: date) -> bool:
    """Whether the family itself has asked for leave that day. One statement."""
    return (
        connection.execute(
            select(Absence.person_id).where(
                Absence.person_id == person_id, Absence.report_date == day, Absence.entered_role == "guardian"
            )
        ).first()
        is not None
    )
