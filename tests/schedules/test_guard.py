"""The hand on mass sending: a second person's word, a stop that holds at once, and what a run would come to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from models.actions import sending
from models.database import Database
from models.rules.district import Messages
from models.rules.push import Lane, Push, in_turns
from models.rules.reach import is_too_many
from models.tables import Occurrence, Outbox
from schedules.job import Job, Moment
from tests import cast
from tests.schedules.test_delivery import half_past_seven, nudge
from tests.town import Town

pytestmark = pytest.mark.anyio

SMALL_GUARD = replace(cast.DISTRICT, messages=Messages(blast_guard=3))


def many(moment: Moment) -> Sequence[Push]:
    people = (("妈妈", "林林"), ("爸爸", "林林"), ("奶奶", "王乐乐"), ("小明爸爸", "李小明"), ("可妈", "赵可"))
    return [nudge(moment, who, person) for who, person in people]


JOBS = {
    "news": Job("news", half_past_seven, many, is_routine=False),
    "test-nudge": Job("test-nudge", half_past_seven, many),
    "alert": Job(
        "alert", half_past_seven, lambda moment: [nudge(moment, "奶奶", "王乐乐", kind="alert", lane=Lane.ALERT)]
    ),
}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def town(sqlite: Database) -> AsyncIterator[Town]:
    async with Town(sqlite, jobs=JOBS, district=SMALL_GUARD) as made:
        for who in ("妈妈", "爸爸", "奶奶", "小明爸爸", "可妈", "区报告人", "局领导", "校长"):
            await made.say(who, "你好")
        made.at("07:30")
        yield made


def states(town: Town, kind: str = "test-nudge") -> list[str]:
    with town.runtime.database.read() as connection:
        return list(connection.execute(select(Outbox.state).where(Outbox.kind == kind).order_by(Outbox.id)).scalars())


async def test_a_large_occasion_waits_for_a_second_person_who_is_asked(town: Town) -> None:
    await town.run("news")
    assert states(town) == ["held"] * 5
    await town.drain()
    (asked,) = await town.pushed("区报告人")
    assert "批准 1" in asked
    assert "5条" in asked
    assert "区教育局" in await town.say("校长", "批准 1")
    assert states(town) == ["held"] * 5
    assert "开始发送" in await town.say("局领导", "批准 1")
    await town.drain()
    assert states(town) == ["sent"] * 5
    assert "没有等待批准" in await town.say("区报告人", "批准")


async def test_whoever_ordered_it_cannot_approve_it(town: Town) -> None:
    officer = town.cast.people["区报告人"] if town.cast else 0
    town.timetable.run_as_of(JOBS["news"], town.clock(), town.clock(), f"person:{officer}")
    assert "另一位" in await town.say("区报告人", "批准")
    assert "开始发送" in await town.say("局领导", "批准")


async def test_what_nobody_approves_is_never_sent(town: Town) -> None:
    town.timetable.run_as_of(JOBS["news"], town.clock(), town.clock())
    town.at("09:31")
    worker = await town.worker()
    with town.runtime.database.write() as connection:
        worker._chores(connection)
    assert states(town) == ["expired"] * 5


async def test_a_routine_job_is_not_held_on_its_first_day(town: Town) -> None:
    await town.run("test-nudge")
    assert states(town) == ["sent"] * 5


async def test_a_routine_job_far_above_its_last_days_is_held(town: Town) -> None:
    with town.runtime.database.write() as connection:
        for back in range(1, 8):
            day = cast.MONDAY - timedelta(days=back)
            row: dict[str, Any] = {"job": "test-nudge", "due_at": cast.at("07:30", day), "day": day, "owed": 1}
            connection.execute(insert(Occurrence).values(**row, planned_at=cast.at("07:30", day), state="planned"))
    await town.run("test-nudge")
    assert states(town) == ["held"] * 5


@pytest.mark.parametrize(
    ("count", "history", "is_routine", "held"),
    [
        pytest.param(100_000, [], True, False, id="a routine job has nothing to be compared with on its first day"),
        pytest.param(5_001, [], False, True, id="a campaign is guarded from the first"),
        pytest.param(5_000, [], False, False, id="at the limit"),
        pytest.param(100_000, [90_000] * 7, True, False, id="as yesterday"),
        pytest.param(100_000, [30_000] + [90_000] * 6, True, True, id="more than three times yesterday"),
        pytest.param(4_000, [10] * 7, True, False, id="below the floor"),
    ],
)
def test_the_guard_compares_with_the_last_day(count: int, history: list[int], is_routine: bool, held: bool) -> None:
    assert is_too_many(count, history, 5000, 3, is_routine=is_routine) is held


async def test_a_stop_holds_nudges_and_lets_alerts_go(town: Town) -> None:
    assert "已停发" in await town.say("区报告人", "停发")
    await town.run("test-nudge")
    await town.run("alert")
    assert states(town) == ["queued"] * 5
    assert states(town, "alert") == ["sent"]
    assert "已恢复" in await town.say("局领导", "恢复发送")
    await town.drain()
    assert states(town) == ["sent"] * 5


async def test_a_full_stop_holds_alerts_too(town: Town) -> None:
    with town.runtime.database.write() as connection:
        sending.stop(connection, "cli:test", town.clock(), "all")
    await town.run("alert")
    assert states(town, "alert") == ["queued"]


async def test_a_stop_in_the_middle_lets_nothing_more_out(town: Town) -> None:
    """The stop is read in the transaction that claims: whatever was not called by then is not called."""
    planned = town.timetable.run_as_of(JOBS["test-nudge"], town.clock(), town.clock())
    worker = await town.worker()
    await worker._turn([], 2, planned.occurrence_id, town.clock())
    with town.runtime.database.write() as connection:
        sending.stop(connection, "cli:test", town.clock(), "mass")
    assert await worker.drain(planned.occurrence_id) == 0
    assert states(town).count("queued") == 3


async def test_one_prompt_and_three_reminders_a_day_are_enough(town: Town) -> None:
    def reminder(kind: str, number: int) -> Job:
        return Job(
            f"{kind}-{number}",
            half_past_seven,
            lambda moment: [nudge(moment, "奶奶", "王乐乐", number, kind=kind, lane=Lane.ANSWER)],
        )

    for number in range(2):
        town.timetable.jobs = {"x": reminder("checkin-prompt", number)}
        await town.run("x")
    for number in range(4):
        await town.say("奶奶", "你好")
        town.timetable.jobs = {"x": reminder("checkin-reminder", number)}
        await town.run("x")
    assert states(town, "checkin-prompt") == ["sent", "dropped"]
    assert states(town, "checkin-reminder") == ["sent"] * 3 + ["dropped"]


async def test_a_dry_run_says_who_by_which_rung_and_sends_nothing(town: Town) -> None:
    from app.cli.jobs import _describe

    with town.runtime.database.write() as connection:
        connection.execute(update(Outbox).values(state="sent"))
    pushes = town.timetable.preview(JOBS["test-nudge"], town.clock(), town.clock())
    _describe(town.runtime, JOBS["test-nudge"], pushes)
    assert states(town) == []


async def test_a_failing_job_does_not_keep_the_others_from_running(sqlite: Database) -> None:
    def fails(_moment: Moment) -> Sequence[Push]:
        raise RuntimeError("a defect")

    jobs = {"a": Job("a", half_past_seven, fails), "b": Job("b", half_past_seven, many)}
    async with Town(sqlite, jobs=jobs) as town:
        town.timetable.tick(town.clock())
        town.at("07:30")
        assert [one.owed for one in town.timetable.tick(town.clock())] == [5]


def test_schools_take_turns_and_alerts_go_first() -> None:
    def push(number: int, person: int, lane: Lane = Lane.NUDGE) -> Push:
        return Push(f"k{number}", "k", number, {}, cast.at("07:30"), cast.at("09:30"), lane, person)

    large = [push(number, person=1) for number in range(4)]
    small = [push(10, person=2), push(11, person=3), push(12, person=1, lane=Lane.ALERT)]
    schools = {1: 100, 2: 200, 3: 300}
    assert [one.account_id for one in in_turns([*large, *small], schools.get)] == [12, 0, 10, 11, 1, 2, 3]
