"""Open lines between families and teachers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from models.rules.teacher_thread import oldest_open
from models.statements import values
from models.tables import Account, Binding, Person, TeacherThread


@dataclass(frozen=True, slots=True)
class Thread:
    """One open line. name: the child's; rank: which of the child's guardians writes; last_at: of the last word."""

    id: int
    account_id: int
    person_id: int
    name: str
    unit_id: int
    rank: int
    last_at: datetime


_OPEN = (
    select(
        TeacherThread.id,
        TeacherThread.account_id,
        TeacherThread.person_id,
        Person.name,
        TeacherThread.unit_id,
        Binding.rank,
        TeacherThread.last_at,
    )
    .join(Person, Person.id == TeacherThread.person_id)
    # A guardian who is no longer bound has no line either.
    .join(
        Binding,
        (Binding.account_id == TeacherThread.account_id)
        & (Binding.person_id == TeacherThread.person_id)
        & Binding.ended_at.is_(None),
    )
    .where(TeacherThread.closed_at.is_(None))
)


def of_units(connection: Connection, unit_ids: Iterable[int], now: datetime) -> list[Thread]:
    """The open lines to the head teachers of these classes, the latest word first. One statement."""
    rows = connection.execute(
        _OPEN.where(
            TeacherThread.unit_id.in_(sorted(set(unit_ids))), TeacherThread.last_at > oldest_open(now)
        ).order_by(TeacherThread.last_at.desc(), TeacherThread.id.desc())
    )
    return [Thread(*values(row)) for row in rows]


def of_account(connection: Connection, account_id: int, now: datetime) -> list[Thread]:
    """The open lines of one guardian's account, the latest word first. One statement."""
    rows = connection.execute(
        _OPEN.where(TeacherThread.account_id == account_id, TeacherThread.last_at > oldest_open(now)).order_by(
            TeacherThread.last_at.desc(), TeacherThread.id.desc()
        )
    )
    return [Thread(*values(row)) for row in rows]


def refused(connection: Connection, account_ids: Iterable[int]) -> frozenset[int]:
    """Those of the accounts to which the platform delivers nothing until they write again. One statement."""
    rows = connection.execute(
        select(Account.id).where(Account.id.in_(sorted(set(account_ids))), Account.refused.is_not(None))
    )
    return frozenset(row.id for row in rows)
