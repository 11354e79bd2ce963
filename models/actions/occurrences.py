"""The occurrence guard: one row a firing, so that any number of processes may tick and each job still fires once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, func, select, update

from models.statements import insert
from models.tables import JobCursor, Occurrence, Outbox


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


def begin(
    connection: Connection, job: str, due_at: datetime, day: date, now: datetime, ordered_by: str = "timetable"
) -> int | None:
    """The id of a new occurrence; None where it has fired already, here or in another process."""
    return connection.execute(
        insert(connection, Occurrence)
        .values(
            job=job, due_at=due_at, day=day, planned_at=now, state="planned", owed=0, detail="", ordered_by=ordered_by
        )
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


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An occurrence of which a part of the pushes may be missing. at: the moment its pushes are judged at."""

    id: int
    job: str
    due_at: datetime
    at: datetime
    owed: int


#: How many of the latest occurrences are looked through for unfinished ones: several days' worth.
_LATEST = 500


def unfinished(connection: Connection, before: datetime, occurrence_id: int | None = None) -> list[Unfinished]:
    """Occurrences whose planning began before that moment and has not ended; or that one. One statement."""
    first = select(func.max(Occurrence.id) - _LATEST).scalar_subquery()
    at = select(func.max(Outbox.moment)).where(Outbox.occurrence_id == Occurrence.id).scalar_subquery()
    rows = connection.execute(
        select(Occurrence.id, Occurrence.job, Occurrence.due_at, at, Occurrence.owed)
        .where(Occurrence.state == "planning", Occurrence.planned_at <= before)
        .where(Occurrence.id > first if occurrence_id is None else Occurrence.id == occurrence_id)
        .order_by(Occurrence.id)
    )
    return [Unfinished(*row) for row in rows]


def latest(connection: Connection) -> Mapping[str, tuple[datetime, str, int]]:
    """Job → (due_at, state, owed) of its latest occurrence. One statement."""
    rows = connection.execute(
        select(Occurrence.job, Occurrence.due_at, Occurrence.state, Occurrence.owed).order_by(Occurrence.due_at)
    )
    return {row.job: (row.due_at, row.state, row.owed) for row in rows}


def history(connection: Connection, job: str, before: date, days: int) -> list[int]:
    """What the job owed on its latest `days` days before a day, latest first; days on which it owed nothing left out.

    Of several times a day the largest counts. One statement.
    """
    rows = connection.execute(
        select(func.max(Occurrence.owed))
        .where(Occurrence.job == job, Occurrence.day < before, Occurrence.owed > 0)
        .group_by(Occurrence.day)
        .order_by(Occurrence.day.desc())
        .limit(days)
    )
    return [int(row[0]) for row in rows]


@dataclass(frozen=True, slots=True)
class Held:
    """An occurrence whose pushes wait for a second person."""

    id: int
    job: str
    day: date
    planned_at: datetime
    owed: int
    ordered_by: str


def held(connection: Connection) -> list[Held]:
    """What waits for a second person, oldest first. One statement."""
    rows = connection.execute(
        select(
            Occurrence.id,
            Occurrence.job,
            Occurrence.day,
            Occurrence.planned_at,
            Occurrence.owed,
            Occurrence.ordered_by,
        )
        .where(Occurrence.state == "held")
        .order_by(Occurrence.id)
    )
    return [Held(*row) for row in rows]


def approve(connection: Connection, occurrence_id: int, who: str, now: datetime) -> int | None:
    """Let held pushes go; gives how many. None: nothing of that number is held, or `who` ordered it themselves."""
    changed = connection.execute(
        update(Occurrence)
        .where(Occurrence.id == occurrence_id, Occurrence.state == "held", Occurrence.ordered_by != who[:64])
        .values(state="planned", approved_by=who[:64], detail=f"approved {now.isoformat(timespec='seconds')}")
    )
    if not changed.rowcount:
        return None
    freed = connection.execute(
        update(Outbox).where(Outbox.occurrence_id == occurrence_id, Outbox.state == "held").values(state="queued")
    )
    return int(freed.rowcount or 0)
