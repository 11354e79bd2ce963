"""While an occasion is made up, answers are taken: the write lock is held only for writing what it came to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, func, insert, select

from app.process.runtime import Runtime
from models.actions.drawings import keep
from models.database import Database
from models.tables import Account, Drawing, Occurrence, Outbox, Version
from schedules.job import Job, Moment, Push
from schedules.timetable import Timetable
from tests.cast import DISTRICT, at
from tests.house import make_runtime, seat


@pytest.fixture
def runtime(database: Database) -> Runtime:
    made = make_runtime(database)
    seat(made)
    return made


def timetable_of(runtime: Runtime, job: Job) -> Timetable:
    timetable = Timetable({job.name: job}, runtime.database, DISTRICT, runtime.work, "")
    timetable.tick(at("07:00"))
    return timetable


def somebody_answers(runtime: Runtime, name: str) -> None:
    """Another worker's transaction, committed while ours is under way; it does not wait."""
    with runtime.database.write() as connection:
        if runtime.database.is_sqlite:
            connection.exec_driver_sql("PRAGMA busy_timeout = 0")
        connection.execute(insert(Version).values(name=name, value=1))


def push(moment: Moment) -> Push:
    account = moment.connection.execute(select(func.min(Account.id))).scalar_one()
    return Push(f"p:{moment.at}", "checkin-prompt", account, {"text": "好"}, moment.at, moment.at + timedelta(hours=1))


def count(connection: Connection, table: type) -> int:
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


@pytest.mark.parametrize("by_hand", [False, True], ids=["by the clock", "by hand"])
def test_who_answers_while_a_large_occasion_is_made_up_does_not_wait(runtime: Runtime, by_hand: bool) -> None:
    def plan(moment: Moment) -> list[Push]:
        somebody_answers(runtime, "answered")
        keep(moment.work, "picture", "<svg/>")
        return pushes

    job = Job("prompt", lambda times: (times.prompt,), plan, only_asks=True)
    timetable = timetable_of(runtime, job)
    with runtime.database.read() as connection:
        pushes = [push(Moment(at("07:30"), DISTRICT.day_of(at("07:30")), 0, runtime.work(connection), ""))]
    if by_hand:
        timetable.run_as_of(job, at("07:30"), at("07:30"))
    else:
        timetable.tick(at("07:30"))
    with runtime.database.read() as connection:
        assert (count(connection, Outbox), count(connection, Drawing)) == (1, 1)
        assert connection.execute(select(Occurrence.state)).scalars().all() == ["planned"]


def test_what_only_asks_may_not_owe_and_ask_again(runtime: Runtime) -> None:
    def plan(moment: Moment) -> list[Push]:
        keep(moment.work, "picture", "<svg/>")
        return [push(moment)]

    job = Job("prompt", lambda times: (times.prompt,), plan, only_asks=True)
    with pytest.raises(RuntimeError, match="ask first, then owe"):
        timetable_of(runtime, job).run_as_of(job, at("07:30"), at("07:30"))
    with runtime.database.read() as connection:
        assert count(connection, Occurrence) == 0


def test_a_look_every_minute_that_finds_nothing_makes_nobody_wait(sqlite: Database) -> None:
    runtime = make_runtime(sqlite)
    seat(runtime)
    looks = []

    def plan(moment: Moment) -> list[Push]:
        somebody_answers(runtime, f"answered at {moment.at}")
        looks.append(moment.at)
        return []

    timetable = timetable_of(runtime, Job("look", lambda _times: (), plan, every=timedelta(minutes=1)))
    looks.clear()
    for minute in ("07:01", "07:02", "07:02"):
        timetable.tick(at(minute))
    assert looks == [at("07:01"), at("07:02")]


def test_what_a_look_finds_is_owed_once(runtime: Runtime) -> None:
    timetable = timetable_of(
        runtime, Job("look", lambda _times: (), lambda moment: [push(moment)], every=timedelta(minutes=1))
    )
    with runtime.database.read() as connection:
        before = count(connection, Outbox)
    for minute in ("07:01", "07:01", "07:02"):
        timetable.tick(at(minute))
    with runtime.database.read() as connection:
        assert count(connection, Outbox) == before + 2


def test_what_a_look_changes_is_kept_though_nothing_is_said(runtime: Runtime) -> None:
    def plan(moment: Moment) -> list[Push]:
        moment.connection.execute(insert(Version).values(name=f"{moment.at}", value=1))
        return []

    timetable = timetable_of(runtime, Job("look", lambda _times: (), plan, every=timedelta(minutes=1)))
    with runtime.database.read() as connection:
        before = count(connection, Version)
    timetable.tick(at("07:01"))
    with runtime.database.read() as connection:
        assert count(connection, Version) == before + 1


# --- pieces --------------------------------------------------------------------------------------------------------
class Killed(Exception):
    """The planning process ends between two pieces."""


def many(runtime: Runtime, count: int) -> Job:
    """A job that owes one push to each of `count` invented days."""

    def plan(moment: Moment) -> list[Push]:
        one = push(moment)
        return [replace(one, key=f"p:{number}") for number in range(count)]

    return Job("prompt", lambda times: (times.prompt,), plan, only_asks=True)


def stand(runtime: Runtime) -> tuple[list[str], int, int]:
    """The occurrences' states, what they say they owe, and what is kept."""
    with runtime.database.read() as connection:
        rows = connection.execute(select(Occurrence.state, Occurrence.owed)).all()
        kept = connection.execute(select(func.count()).where(Outbox.kind == "checkin-prompt")).scalar_one()
    return [row.state for row in rows], sum(row.owed for row in rows), kept


def test_a_large_occasion_is_written_in_pieces_between_which_others_write(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schedules.timetable.PIECE", 4)
    timetable = timetable_of(runtime, many(runtime, 10))
    seen = []

    def pause(_seconds: float) -> None:
        somebody_answers(runtime, f"answered {len(seen)}")
        seen.append(stand(runtime))

    timetable.pause = pause
    timetable.tick(at("07:30"))
    assert seen == [(["planning"], 8, 8)]
    assert stand(runtime) == (["planned"], 10, 10)


@pytest.mark.parametrize("by_hand", [False, True], ids=["by the clock", "by hand"])
def test_what_a_killed_planner_left_out_is_made_up_by_another(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, by_hand: bool
) -> None:
    monkeypatch.setattr("schedules.timetable.PIECE", 4)
    job = many(runtime, 10)
    timetable = timetable_of(runtime, job)

    def die(_seconds: float) -> None:
        raise Killed

    timetable.pause = die
    with pytest.raises(Killed):
        timetable.run_as_of(job, at("07:30"), at("07:30"))
    assert stand(runtime) == (["planning"], 8, 8)

    timetable.pause = lambda _seconds: None
    timetable.tick(at("07:30:30"))
    assert stand(runtime) == (["planning"], 8, 8), "its planner may still be at it"
    if by_hand:
        timetable.run_as_of(job, at("07:30"), at("07:30:40"))
    else:
        timetable.tick(at("07:31"))
    assert stand(runtime) == (["planned"], 10, 10)
    with runtime.database.read() as connection:
        assert connection.execute(select(Outbox.moment).distinct()).scalars().all() == [at("07:30")]


def test_pieces_of_a_deed_are_done_one_by_one_and_may_be_done_again(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[int] = []

    def deed(moment: Moment, number: int) -> list[Push]:
        done.append(number)
        return [replace(push(moment), key=f"p:{number}")]

    job = Job(
        "watch",
        lambda times: (times.prompt,),
        lambda moment: [],
        only_asks=True,
        pieces=lambda moment: [1, 2, 3],
        plan_piece=deed,
    )
    timetable = timetable_of(runtime, job)
    seen = []

    def die_at_the_second(_seconds: float) -> None:
        seen.append(stand(runtime))
        if len(seen) == 2:
            raise Killed

    timetable.pause = die_at_the_second
    with pytest.raises(Killed):
        timetable.run_as_of(job, at("07:30"), at("07:30"))
    assert seen == [(["planning"], 1, 1), (["planning"], 2, 2)]
    timetable.pause = lambda _seconds: None
    timetable.tick(at("07:32"))
    assert done == [1, 2, 1, 2, 3]
    assert stand(runtime) == (["planned"], 3, 3)
