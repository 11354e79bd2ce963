"""When jobs fall due, and planning what they owe: pure of any scheduler, so that "as of" needs nothing more.

`tick` plans whatever fell due since the stored cursor; `run_as_of` plans one named occurrence. Both go through the
unique (job, due_at), so neither can fire what the other has fired.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection

from bots.front_desk.words import sending as words
from models.actions import occurrences
from models.actions.outbox import draft_rows, keep_rows, owe_all
from models.database import Database
from models.queries.bound import holders_on
from models.rules.authority import APPROVERS
from models.rules.district import District
from models.rules.push import Lane, Push
from models.rules.reach import HISTORY_DAYS, is_too_many
from models.work import Row, Work
from schedules.job import Job, Lateness, Moment

log = structlog.get_logger()

#: A new job, or one that slept longer, looks back no further than this for occurrences to record as missed.
LOOK_BACK = timedelta(days=3)
#: So many rows are written under one lock; between two pieces others have as long.
PIECE = 4000
#: A planning that has not ended after so long is taken up by whoever ticks.
TAKE_UP_AFTER = timedelta(minutes=1)
#: An occasion of more than so many seconds' worth of pushes is spread over its time.
SPREAD_ABOVE = 10


@contextmanager
def _uncollected() -> Iterator[None]:
    """A large occasion is a million objects that all stay until it is written: to search them for garbage again and
    again costs a third of making them, and holds up whoever shares the process."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _whole(moment: datetime, every: timedelta) -> datetime:
    """The latest whole multiple of `every` since midnight UTC not after `moment`."""
    midnight = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (moment - midnight) // every * every


@dataclass(frozen=True, slots=True)
class Due:
    """One occurrence: the scheduled moment and which of the day's times it is."""

    at: datetime
    slot: int


@dataclass(frozen=True, slots=True)
class Planned:
    """What planning one occurrence came to. occurrence_id None: it had fired before."""

    occurrence_id: int | None
    owed: int
    state: str
    #: what is still to be written, in state "planning"
    rest: Rest | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What an occurrence owes: rows to be kept, a unit of work in which more may wait to be written, and pieces (`Job`)."""

    due: Due
    work: Work
    rows: list[Row]
    pieces: Sequence[Any] = ()

    def rest(self, job: Job, at: datetime, now: datetime, after: int = 0) -> Rest | None:
        """What is left once `after` rows are kept; None where nothing is."""
        rows = self.rows[after:]
        return Rest(job, self.due, at, now, rows, self.pieces) if rows or self.pieces else None


@dataclass(frozen=True, slots=True)
class Rest:
    """What is still to be written of an occurrence, a piece at a time. at: T; now: the real clock's moment."""

    job: Job
    due: Due
    at: datetime
    now: datetime
    rows: list[Row]
    pieces: Sequence[Any] = ()


@dataclass(slots=True)
class Timetable:
    """The jobs on one database. make_work: a unit of work on a connection as of a moment (the real clock's)."""

    jobs: Mapping[str, Job]
    database: Database
    district: District
    make_work: Callable[[Connection, datetime], Work]
    public_url: str
    #: seconds in which others may write
    pause: Callable[[float], None] = time.sleep

    def due_between(self, job: Job, after: datetime, until: datetime) -> list[Due]:
        """The job's scheduled moments in (after, until], oldest first."""
        if job.every is not None:
            newest = _whole(until, job.every)
            return [Due(newest, 0)] if newest > after else []
        times = job.times(self.district.times)
        day, last = self.district.day_of(after), self.district.day_of(until)
        found = []
        while day <= last:
            for slot, clock in enumerate(times):
                at = self.district.at(day, clock)
                if after < at <= until:
                    found.append(Due(at, slot))
            day += timedelta(days=1)
        return sorted(found, key=lambda due: due.at)

    def next_due(self, job: Job, now: datetime) -> datetime | None:
        """When the job next falls due; None for a job without times."""
        if job.every is not None:
            return _whole(now, job.every) + job.every
        found = self.due_between(job, now, now + timedelta(days=2))
        return found[0].at if found else None

    def occurrence_of(self, job: Job, at: datetime) -> Due:
        """The job's occurrence of `at`'s local day: the latest slot not after it, else the day's first (contract 6)."""
        if job.every is not None:
            return Due(_whole(at, job.every), 0)
        day = self.district.day_of(at)
        times = job.times(self.district.times) or (self.district.local(at).time(),)
        slots = [Due(self.district.at(day, clock), slot) for slot, clock in enumerate(times)]
        return max((due for due in slots if due.at <= at), key=lambda due: due.at, default=slots[0])

    def tick(self, now: datetime) -> list[Planned]:
        """Plan everything that fell due up to `now`, each occurrence in its own transaction. Any process may call it."""
        with self.database.read() as connection:
            cursors = occurrences.cursors(connection)
            unfinished = occurrences.unfinished(connection, now - TAKE_UP_AFTER)
        planned = [done for one in unfinished if (done := self._take_up(one, now)) is not None]
        for job in self.jobs.values():
            cursor = cursors.get(job.name)
            if cursor is None or self.due_between(job, max(cursor, now - LOOK_BACK), now):
                try:
                    planned += self._catch_up(job, now)
                except Exception:  # one job's failure is not the others'; it is tried again at the next tick
                    log.exception("job not planned", job=job.name)
        return planned

    def _catch_up(self, job: Job, now: datetime) -> list[Planned]:
        is_idle = job.every is not None and not self.database.has_work(lambda asked: self._owes_now(asked, job, now))
        drafted = self._draft_ahead(job, now) if job.only_asks else None
        with self.database.write() as connection:
            cursor = occurrences.lock_cursor(connection, job.name, now)
            due = self.due_between(job, max(cursor, now - LOOK_BACK), now)
            planned = []
            if job.every is not None:
                planned, due = [] if is_idle or not due else self._plan_often(connection, job, due[-1], now), []
            for number, one in enumerate(due):
                is_last = number == len(due) - 1
                late = now - one.at
                missed = (job.lateness is not Lateness.ALL and not is_last) or late > job.useless_after
                ready = drafted if drafted is not None and drafted.due == one else None
                planned.append(self._plan(connection, job, one, now, now, missed, is_tick=True, drafted=ready))
            occurrences.move_cursor(connection, job.name, max(cursor, now))
        return [self._write_rest(one) for one in planned]

    def _owes_now(self, connection: Connection, job: Job, now: datetime) -> bool:
        work = self.make_work(connection, now)
        owes = bool(job.plan(Moment(now, self.district.day_of(now), 0, work, self.public_url)))
        work.flush()
        return owes

    def _draft_ahead(self, job: Job, now: datetime) -> Draft | None:
        """The newest occurrence that is due and what it owes, asked without a lock; None where nothing seems due.

        Whether it is still due is seen under the lock: of two who drafted the same, one throws it away.
        """
        with self.database.read() as connection:
            cursor = occurrences.cursors(connection).get(job.name, now)
            due = self.due_between(job, max(cursor, now - LOOK_BACK), now)
            if not due or now - due[-1].at > job.useless_after or occurrences.find(connection, job.name, due[-1].at):
                return None
            return self._draft_unlocked(connection, job, due[-1], now, now, is_tick=True)

    def _draft_unlocked(
        self, connection: Connection, job: Job, due: Due, at: datetime, now: datetime, *, is_tick: bool
    ) -> Draft:
        work = self.make_work(connection, now)
        work.only_asks = True
        return self._draft(work, job, due, at, is_tick=is_tick)

    def _draft(self, work: Work, job: Job, due: Due, at: datetime, *, is_tick: bool) -> Draft:
        """What an occurrence owes as of `at`."""
        with _uncollected():
            return self._made_up(work, job, due, at, is_tick=is_tick)

    def _made_up(self, work: Work, job: Job, due: Due, at: datetime, *, is_tick: bool) -> Draft:
        moment = Moment(at, self.district.day_of(due.at), due.slot, work, self.public_url)
        if job.pieces is not None:
            return Draft(due, work, [], job.pieces(moment))
        pushes = job.plan(moment)
        # A large occasion starts over a while; whoever runs one by hand waits for it, and has chosen the moment.
        pace = self.district.messages.start_per_second
        is_large = is_tick and len(pushes) > SPREAD_ABOVE * pace
        return Draft(due, work, draft_rows(work, pushes, pace if is_large else None))

    def _plan_often(self, connection: Connection, job: Job, due: Due, now: datetime) -> list[Planned]:
        """Under the cursor's lock: what the job owes now; most times nothing, and then nothing is kept."""
        work = self.make_work(connection, now)
        day = self.district.day_of(due.at)
        pushes = list(job.plan(Moment(now, day, 0, work, self.public_url)))
        work.flush()
        if not pushes:
            return []
        occurrence = occurrences.begin(connection, job.name, due.at, day, now)
        # Run by hand for this very moment already: what is owed besides belongs to no occurrence.
        owed = owe_all(work, pushes, occurrence)
        if occurrence is not None:
            occurrences.end(connection, occurrence, "planned", owed)
        log.info("job planned", job=job.name, day=day.isoformat(), owed=owed)
        return [Planned(occurrence, owed, "planned")]

    def run_as_of(self, job: Job, at: datetime, now: datetime, ordered_by: str = "timetable") -> Planned:
        """Plan the job's occurrence of `at`'s day as of `at`; where it fired before, give its id and owe nothing new."""
        due = self.occurrence_of(job, at)
        drafted = None
        if job.only_asks:
            with self.database.read() as connection:
                if occurrences.find(connection, job.name, due.at) is None:
                    drafted = self._draft_unlocked(connection, job, due, at, now, is_tick=False)
        with self.database.write() as connection:
            before = occurrences.find(connection, job.name, due.at)
            left = occurrences.unfinished(connection, now, before) if before is not None else []
            if before is None:
                planned = self._plan(connection, job, due, at, now, False, ordered_by=ordered_by, drafted=drafted)
            else:
                planned = Planned(before, 0, "before")
        for one in left:
            self._take_up(one, now)
        return self._write_rest(planned)

    def _plan(
        self,
        connection: Connection,
        job: Job,
        due: Due,
        at: datetime,
        now: datetime,
        missed: bool,
        *,
        is_tick: bool = False,
        ordered_by: str = "timetable",
        drafted: Draft | None = None,
    ) -> Planned:
        day = self.district.day_of(due.at)
        occurrence = occurrences.begin(connection, job.name, due.at, day, now, ordered_by)
        if occurrence is None:
            return Planned(None, 0, "before")
        if missed:
            occurrences.end(connection, occurrence, "missed", 0)
            log.warning("job missed", job=job.name, due_at=due.at.isoformat())
            return Planned(occurrence, 0, "missed")
        work = self.make_work(connection, now)
        draft = drafted or self._draft(work, job, due, at, is_tick=is_tick)
        draft.work.carry_to(work)
        rows = draft.rows
        messages = self.district.messages
        past = occurrences.history(connection, job.name, day, HISTORY_DAYS)
        if is_too_many(len(rows), past, messages.blast_guard, messages.blast_factor, is_routine=job.is_routine):
            return self._hold(work, job, at, day, occurrence, rows, ordered_by)
        count = PIECE if drafted else len(rows)
        owed = keep_rows(work.flush(), rows[:count], occurrence)
        rest = draft.rest(job, at, now, count)
        state = "planning" if rest else "planned"
        occurrences.end(connection, occurrence, state, owed)
        if not rest:
            log.info("job planned", job=job.name, day=day.isoformat(), owed=owed)
        return Planned(occurrence, owed, state, rest)

    def _write_rest(self, planned: Planned) -> Planned:
        """Keep what is left of a large occasion, piece by piece: nobody's answer waits for all of it."""
        rest, occurrence = planned.rest, planned.occurrence_id
        if occurrence is None or rest is None:
            return planned
        owed, turns = planned.owed, self._turns(rest, occurrence)
        for number, turn in enumerate(turns, 1):
            began = time.monotonic()
            is_last = number == len(turns)
            with _uncollected(), self.database.write() as connection:
                owed += turn(connection)
                occurrences.end(connection, occurrence, "planned" if is_last else "planning", owed)
            if not is_last:
                self.pause(time.monotonic() - began)
        log.info("job planned", job=rest.job.name, day=self.district.day_of(rest.due.at).isoformat(), owed=owed)
        return Planned(occurrence, owed, "planned")

    def _turns(self, rest: Rest, occurrence: int) -> list[Callable[[Connection], int]]:
        """What is done in a transaction each; every turn gives how many pushes it kept."""

        def keep(rows: list[Row]) -> Callable[[Connection], int]:
            return lambda connection: keep_rows(connection, rows, occurrence)

        def do(piece: Any, deed: Callable[[Moment, Any], Sequence[Push]]) -> Callable[[Connection], int]:
            def turn(connection: Connection) -> int:
                work = self.make_work(connection, rest.now)
                moment = Moment(rest.at, self.district.day_of(rest.due.at), rest.due.slot, work, self.public_url)
                return owe_all(work, deed(moment, piece), occurrence)

            return turn

        turns = [keep(rest.rows[start : start + PIECE]) for start in range(0, len(rest.rows), PIECE)]
        if rest.job.plan_piece is not None:
            turns += [do(piece, rest.job.plan_piece) for piece in rest.pieces]
        return turns

    def _take_up(self, left: occurrences.Unfinished, now: datetime) -> Planned | None:
        """Make up again what an occurrence owes whose planner has died; what is kept already stays as it is."""
        job = self.jobs.get(left.job)
        if job is None:
            return None
        log.warning("planning taken up", job=job.name, due_at=left.due_at.isoformat())
        with self.database.read() as connection:
            due = self.occurrence_of(job, left.due_at)
            draft = self._draft_unlocked(connection, job, due, left.at, now, is_tick=True)
        with self.database.write() as connection:
            work = self.make_work(connection, now)
            draft.work.carry_to(work)
            work.flush()
            rest = draft.rest(job, left.at, now)
            state = "planning" if rest else "planned"
            occurrences.end(connection, left.id, state, left.owed)
        return self._write_rest(Planned(left.id, left.owed, state, rest))

    def _hold(
        self, work: Work, job: Job, at: datetime, day: date, occurrence: int, rows: list[Row], ordered_by: str
    ) -> Planned:
        """Keep the pushes back and ask the bureau for a second person's word."""
        owed = keep_rows(work.flush(), rows, occurrence, state="held")
        occurrences.end(work.connection, occurrence, "held", owed, "blast guard")
        asked = {}
        for holder in holders_on(work.connection, APPROVERS, day):
            if holder.account_id is not None and f"person:{holder.person_id}" != ordered_by:
                asked[holder.account_id] = Push(
                    key=f"held:{occurrence}:{holder.account_id}",
                    kind="alert",
                    account_id=holder.account_id,
                    body={"text": words.please_approve(occurrence, job.name, owed)},
                    moment=at,
                    expires_at=at + timedelta(days=1),
                    lane=Lane.ALERT,
                    person_id=holder.person_id,
                    fields={"title": "群发待批准", "unit": self.district.name, "note": f"共{owed}条，请进入对话处理"},
                )
        owe_all(work, asked.values())
        log.warning("pushes held for a second person", job=job.name, owed=owed)
        return Planned(occurrence, owed, "held")

    def preview(self, job: Job, at: datetime, now: datetime) -> list[Push]:
        """What the occurrence would owe, planned and rolled back."""
        due = self.occurrence_of(job, at)
        with self.database.engine.connect() as connection:
            transaction = connection.begin()
            try:
                work = self.make_work(connection, now)
                day = self.district.day_of(due.at)
                return list(job.plan(Moment(at, day, due.slot, work, self.public_url)))
            finally:
                transaction.rollback()
