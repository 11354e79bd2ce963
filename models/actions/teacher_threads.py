"""Opening, keeping and closing the line between a family and its teacher."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import insert, update

from models.queries.people import BoundPerson
from models.rules.teacher_thread import oldest_open
from models.tables import TeacherThread
from models.work import Work


def open_line(work: Work, account_id: int, child: BoundPerson) -> int:
    """The open line of this account to the head teacher of the child's class, made if there is none; gives its id."""
    connection = work.flush()
    found = connection.execute(
        update(TeacherThread)
        .where(
            TeacherThread.account_id == account_id,
            TeacherThread.person_id == child.person_id,
            TeacherThread.unit_id == child.unit_id,
            TeacherThread.closed_at.is_(None),
            TeacherThread.last_at > oldest_open(work.now),
        )
        .values(last_at=work.now)
        .returning(TeacherThread.id)
    ).scalar()
    if found is not None:
        return int(found)
    made = connection.execute(
        insert(TeacherThread)
        .values(
            account_id=account_id,
            person_id=child.person_id,
            unit_id=child.unit_id,
            opened_at=work.now,
            last_at=work.now,
        )
        .returning(TeacherThread.id)
    ).scalar_one()
    return int(made)


def keep_open(work: Work, thread_id: int) -> bool:
    """A word was said: the line stays open from now on. False where it is closed already."""
    done = work.flush().execute(
        update(TeacherThread)
        .where(TeacherThread.id == thread_id, TeacherThread.closed_at.is_(None))
        .where(TeacherThread.last_at > oldest_open(work.now))
        .values(last_at=work.now)
    )
    return bool(done.rowcount)


def close(work: Work, thread_ids: Iterable[int]) -> None:
    """End these lines."""
    work.flush().execute(
        update(TeacherThread)
        .where(TeacherThread.id.in_(sorted(set(thread_ids))), TeacherThread.closed_at.is_(None))
        .values(closed_at=work.now)
    )
