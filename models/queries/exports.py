"""Rows for the exports: one statement a question, streamed, still sealed.

Check-ins are asked for day by day: a day of a large district is sorted in a few tens of MB, two weeks at once are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from models.rules.check_in import SLOT
from models.tables import Absence, Alert, Audit, CheckIn, Enrolment, Incident, Occurrence, Outbox, Person, PersonDay

Rows = Iterator[Row[*tuple[Any, ...]]]
#: Rows that lie in memory at a time.
_AT_A_TIME = 1000


def _stream(connection: Connection, statement: Select[*tuple[Any, ...]]) -> Rows:
    yield from connection.execute(statement, execution_options={"yield_per": _AT_A_TIME})


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def anybody_reported(connection: Connection, day: date) -> bool:
    """Whether there is any report of `day`."""
    return (
        connection.execute(select(PersonDay.person_id).where(PersonDay.report_date == day).limit(1)).first() is not None
    )


def check_ins_on(connection: Connection, day: date) -> Rows:
    """Everybody on the roster on `day`, and whoever reported without being on it, with the revision that counts.

    Columns: kind, number, name, unit_id (the unit that counted the report, else the one the person was in), on_roster,
    state and revision (None: nothing reported), result, health and raw (sealed), reporter, reporter_name, sent_at.
    """
    reporter = aliased(Person)
    unit_id = func.coalesce(PersonDay.unit_id, Enrolment.unit_id)
    enrolled = and_(
        Enrolment.id.is_not(None), Person.joined_on <= day, or_(Person.left_on.is_(None), Person.left_on > day)
    )
    statement = (
        select(
            Person.kind,
            Person.number,
            Person.name,
            unit_id.label("unit_id"),
            enrolled.label("on_roster"),
            PersonDay.state,
            PersonDay.result,
            PersonDay.revision,
            CheckIn.health,
            CheckIn.raw,
            CheckIn.reporter,
            reporter.name.label("reporter_name"),
            CheckIn.sent_at,
        )
        .select_from(Person)
        .outerjoin(
            Enrolment,
            and_(
                Enrolment.person_id == Person.id,
                Enrolment.from_date <= day,
                or_(Enrolment.to_date.is_(None), Enrolment.to_date > day),
            ),
        )
        .outerjoin(
            PersonDay,
            and_(PersonDay.person_id == Person.id, PersonDay.report_date == day, PersonDay.slot == SLOT),
        )
        .outerjoin(
            CheckIn,
            and_(
                CheckIn.person_id == PersonDay.person_id,
                CheckIn.report_date == PersonDay.report_date,
                CheckIn.slot == PersonDay.slot,
                CheckIn.revision == PersonDay.revision,
            ),
        )
        .outerjoin(reporter, reporter.id == CheckIn.reporter_person_id)
        .where(or_(enrolled, PersonDay.person_id.is_not(None)))
        .order_by(unit_id, Person.kind.desc(), Person.number)
    )
    return _stream(connection, statement)


def deliveries(connection: Connection, first: date, last: date, begins: datetime, ends: datetime) -> Rows:
    """Pushes planned between two moments, and those of jobs that ran as of a day from `first` to `last`."""
    as_of = select(Occurrence.id).where(Occurrence.day >= first, Occurrence.day <= last)
    return _stream(
        connection,
        select(
            Outbox.created_at,
            Outbox.kind,
            Outbox.relation,
            Person.name,
            Outbox.channel,
            Outbox.state,
            Outbox.attempts,
            Outbox.sent_at,
            Outbox.errcode,
            Outbox.error,
        )
        .outerjoin(Person, Person.id == Outbox.person_id)
        .where(
            or_(and_(Outbox.created_at >= begins, Outbox.created_at < ends), Outbox.occurrence_id.in_(as_of)),
        )
        .order_by(Outbox.id),
    )


def alerts(connection: Connection, first: date, last: date) -> Rows:
    """Alerts that belong to days from `first` to `last`; facts are sealed."""
    holder = aliased(Person)
    return _stream(
        connection,
        select(
            Alert.raised_at,
            Alert.code,
            Alert.level,
            Person.name,
            Alert.unit_id,
            Alert.facts,
            Alert.told,
            holder.name.label("acknowledger"),
            Alert.acknowledged_at,
            Alert.outcome,
        )
        .join(Person, Person.id == Alert.person_id)
        .outerjoin(holder, holder.id == Alert.acknowledged_by)
        .where(Alert.report_date >= first, Alert.report_date <= last)
        .order_by(Alert.raised_at, Alert.id),
    )


def absences(connection: Connection, first: date, last: date) -> Rows:
    """Absences by day and unit; reason and symptoms are sealed."""
    teacher = aliased(Person)
    return _stream(
        connection,
        select(
            Absence.report_date,
            Person.name,
            Person.number,
            Absence.unit_id,
            Absence.kind,
            Absence.reason,
            Absence.symptoms,
            Absence.onset,
            teacher.name.label("explained_by"),
            Absence.entered_role,
            Absence.followed_up_at,
            Absence.returned_on,
        )
        .join(Person, Person.id == Absence.person_id)
        .outerjoin(teacher, teacher.id == Absence.entered_by)
        .where(Absence.report_date >= first, Absence.report_date <= last)
        .order_by(Absence.report_date, Absence.unit_id, Person.number),
    )


def incidents(connection: Connection, begins: datetime, ends: datetime) -> Rows:
    """Incidents that were open at any time between two moments. facts: sealed."""
    return _stream(
        connection,
        select(
            Incident.id,
            Incident.opened_at,
            Person.name,
            Incident.unit_id,
            Incident.reason,
            Incident.stage,
            Incident.updated_at,
            Incident.closed_at,
            Incident.facts,
        )
        .outerjoin(Person, Person.id == Incident.person_id)
        .where(Incident.opened_at < ends, or_(Incident.closed_at.is_(None), Incident.closed_at >= begins))
        .order_by(Incident.id),
    )


def audit(connection: Connection, begins: datetime, ends: datetime) -> Rows:
    """The trail between two moments."""
    return _stream(
        connection,
        select(Audit.at, Audit.actor, Audit.action, Audit.object, Audit.detail)
        .where(Audit.at >= begins, Audit.at < ends)
        .order_by(Audit.at, Audit.id),
    )
