"""Who has not been heard for days, and whom our questions never reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, and_, case, exists, func, or_, select

from models.queries.figures.unit import on_roster
from models.rules.check_in import SLOT
from models.rules.district import District
from models.statements import values
from models.tables import Binding, Enrolment, Outbox, Person, PersonDay

#: Kinds of pushes that ask somebody to report.
ASKING = ("checkin-prompt", "checkin-reminder")
#: States of a push that has reached its person, or still may.
REACHING = ("sent", "queued", "sending")


@dataclass(frozen=True, slots=True)
class Silent:
    """One person of whom nothing was heard today and yesterday. last_heard: the day of the last report, if any."""

    person_id: int
    name: str
    kind: str
    unit_id: int
    joined_on: date
    is_bound: bool
    last_heard: date | None


def silent_people(connection: Connection, day: date) -> list[Silent]:
    """Everybody on the roster of `day` and the day before with no report of either, by unit and number. One statement."""
    before = day - timedelta(days=1)
    of_person = and_(PersonDay.person_id == Person.id, PersonDay.slot == SLOT)
    last = select(func.max(PersonDay.report_date)).where(of_person, PersonDay.report_date <= day).scalar_subquery()
    bound = exists().where(Binding.person_id == Person.id, Binding.ended_at.is_(None))
    rows = connection.execute(
        select(Person.id, Person.name, Person.kind, Enrolment.unit_id, Person.joined_on, bound, last)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(on_roster(day), Person.joined_on <= before, Person.school_id.is_not(None))
        .where(~exists().where(of_person, PersonDay.report_date.in_((before, day))))
        .order_by(Enrolment.unit_id, Person.number)
    )
    return [Silent(*values(row)) for row in rows]


def not_reached(connection: Connection, district: District, person_ids: Iterable[int] | None, day: date) -> set[int]:
    """Of these people (None: of all), those who were asked on `day` and whom no question reached. One statement.

    Somebody the platform could not deliver to has not kept silent. Who was not asked at all is not among them.
    """
    begins, ends = district.end_of(day - timedelta(days=1)), district.end_of(day)
    reaching = func.sum(case((Outbox.state.in_(REACHING), 1), else_=0))
    statement = (
        select(Binding.person_id)
        .join(Outbox, Outbox.account_id == Binding.account_id)
        .where(Binding.ended_at.is_(None), Outbox.kind.in_(ASKING))
        .where(Outbox.moment >= begins, Outbox.moment < ends)
        .where(or_(Outbox.state.in_(REACHING), Outbox.state.in_(("failed", "expired", "unknown", "held"))))
        .group_by(Binding.person_id)
        .having(reaching == 0)
    )
    if person_ids is not None:
        statement = statement.where(Binding.person_id.in_(sorted(set(person_ids))))
    return set(connection.execute(statement).scalars())


def last_fevers(connection: Connection, unit_ids: Iterable[int] | None, day: date, back: int) -> dict[int, date]:
    """When a unit (None: any) last had a fever in the `back` days before `day`; units without one are left out. One statement."""
    statement = (
        select(PersonDay.unit_id, func.max(PersonDay.report_date))
        .where(PersonDay.result == "fever", PersonDay.report_date < day)
        .where(PersonDay.report_date >= day - timedelta(days=back))
        .where(PersonDay.result.in_(("fever", "symptomatic")))
        .group_by(PersonDay.unit_id)
    )
    if unit_ids is not None:
        statement = statement.where(PersonDay.unit_id.in_(sorted(set(unit_ids))))
    return {row[0]: row[1] for row in connection.execute(statement)}
