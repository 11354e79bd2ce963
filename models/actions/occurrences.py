"""The occurrence guard: one row a firing, so that any number of processes may tick and each job still fires once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Connection, select, update

from models.statements import insert
from models.tables import JobCursor, Occurrence


def cursors(connection: Connection) -> dict[str, datetime]:
    """Job → up to which moment its occurrences have been planned. One statement."""
    return {row.job: row.planned_to for row in connection.execute(select(JobCursor.job, JobCursor.planned_to))}


def lock_cursor(connection: Connection, job: str, start: datetime) -> datetime:
    """The job's cursor, locked; a job never seen begins at `start` and owes nothing of the past."""
    connection.execute(
        insert(connection, JobCursor).values(job=job, planned_to=start).on_conflict_do_nothing(index_elements=("job",))
    )
    return connection.execute(select(JobCursor.planned_to).where(JobCursor.job == job).with_for_update()).scalar_one()


def move_cursor(connection: Connection, job: str, planned_to: datetime) -> None:
    connection.execute(update(JobCursor).where(JobCursor.job == job).values(planned_to=planned_to))


def begin(connection: Connection, job: str, due_at: datetime, day: date, now: datetime) -> int | None:
    """The id of a new occurrence; None where it has fired already, here or in another process."""
    return connection.execute(
        insert(connection, Occurrence)
        .values(job=job, due_at=due_at, day=day, planned_at=now, state="planned", owed=0, detail="")
        .on_conflict_do_nothing(index_elements=("job", "due_at"))
        .returning(Occurrence.id)
    ).scalar_one_or_none()


def end(connection: Connection, occurrence_id: int, state: str, owed: int, detail: str = "") -> None:
    connection.execute(
        update(Occurrence).where(Occurrence.id == occurrence_id).values(state=state, owed=owed, detail=detail[:200])
    )


def find(connection: Connection, job: str, due_at: datetime) -> int | None:
    """The id of an occurrence that has fired; None where it has not."""
    return connection.execute(
        select(Occurrence.id).where(Occurrence.job == job, Occurrence.due_at == due_at)
    ).scalar_one_or_none()


def latest(connection: Connection) -> Mapping[str, tuple[datetime, str, int]]:
    """Job → (due_at, state, owed) of its latest occurrence. One statement."""
    rows = connection.execute(
        select(Occurrence.job, Occurrence.due_at, Occurrence.state, Occurrence.owed).order_by(Occurrence.due_at)
    )
    return {row.job: (row.due_at, row.state, row.owed) for row in rows}
