"""Pushes go out once, in time or not at all, by the cheapest rung that arrives; crashes are settled by kind."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from models.database import Database
from models.rules.district import Times
from models.rules.push import Lane, Owed, Push
from models.tables import Outbox
from schedules.job import Job, Moment
from tests import cast
from tests.app.test_turn_loop import SMALL
from tests.town import Town

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def nudge(moment: Moment, who: str, person: str, number: int = 0, **given: Any) -> Push:
    """A push to one of the cast, as a job plans it."""
    account = {name: index for index, name in enumerate(_accounts(), start=1)}[who]
    people = [key for key, *_ in cast.PUPILS] + [key for key, *_ in cast.STAFF]
    values: dict[str, Any] = {
        "key": f"{given.get('kind', 'test-nudge')}:{account}:{moment.day}:{number}",
        "kind": "test-nudge",
        "account_id": account,
        "body": {"text": f"请报体温{number}"},
        "moment": moment.at,
        "expires_at": moment.at + timedelta(hours=2),
        "person_id": people.index(person) + 1,
        "relation": "guardian",
        "fields": {"title": "今日健康登记", "unit": "红旗小学", "time": "09:00", "note": "请回复体温"},
    }
    return Push(**(values | given))


def _accounts() -> list[str]:
    return [name for name, _ in cast.GUARDIANS] + [key for key, *_ in cast.STAFF]


def to_grandmother(moment: Moment) -> Sequence[Push]:
    return [nudge(moment, "奶奶", "王乐乐")]


def half_past_seven(times: Times) -> Sequence[time]:
    return (times.prompt,)


JOBS = {
    "test-nudge": Job("test-nudge", half_past_seven, to_grandmother),
    "test-many": Job(
        "test-many", half_past_seven, lambda moment: [nudge(moment, "奶奶", "王乐乐", number) for number in range(6)]
    ),
    "test-owed": Job(
        "test-owed",
        half_past_seven,
        lambda moment: [nudge(moment, "奶奶", "王乐乐", owed=Owed("unreported", moment.day, persons=(2,)))],
    ),
    "test-alert": Job(
        "test-alert", half_past_seven, lambda moment: [nudge(moment, "奶奶", "王乐乐", kind="alert", lane=Lane.ALERT)]
    ),
}
TEMPLATE = {"test-nudge": "sandboxTemplateTodoNotice000000000000000001"}


@pytest.fixture
async def town(database: Database) -> AsyncIterator[Town]:
    async with Town(database, registry=SMALL, jobs=JOBS) as made:
        yield made


def states(town: Town) -> list[tuple[str, str, str]]:
    with town.runtime.database.read() as connection:
        rows = connection.execute(select(Outbox.state, Outbox.channel, Outbox.error).order_by(Outbox.id))
        return [tuple(row) for row in rows]


async def test_a_push_arrives_in_the_window_and_once(town: Town) -> None:
    await town.say("奶奶", "你好")
    town.at("07:30")
    assert await town.run("test-nudge") == 1
    assert await town.run("test-nudge") == 0
    assert await town.pushed("奶奶") == ["请报体温0"]
    assert states(town) == [("sent", "service", "")]


async def test_somebody_silent_for_two_days_gets_the_template(database: Database) -> None:
    async with Town(database, registry=SMALL, jobs=JOBS, templates=TEMPLATE) as town:
        town.at("07:30")
        await town.run("test-nudge")
        assert states(town) == [("sent", "template", "")]
        assert len(await town.pushed("奶奶")) == 1


async def test_nobody_is_sent_what_cannot_arrive(town: Town) -> None:
    town.at("07:30")
    await town.run("test-nudge")
    ((state, channel, error),) = states(town)
    assert (state, channel) == ("failed", "list")
    assert "48小时" in error


async def test_two_of_five_messages_are_kept_for_alerts(town: Town) -> None:
    await town.say("奶奶", "你好")
    town.at("07:30")
    await town.run("test-many")
    assert [state for state, *_ in states(town)] == ["sent"] * 3 + ["failed"] * 3
    await town.run("test-alert")
    assert states(town)[-1][0] == "sent"


async def test_a_nudge_is_dropped_when_the_answer_came_first(town: Town) -> None:
    town.at("07:30")
    planned = town.timetable.run_as_of(JOBS["test-owed"], town.clock(), town.clock())
    await town.say("奶奶", "365")
    assert planned.occurrence_id is not None
    await (await town.worker()).finish(planned.occurrence_id)
    assert states(town) == [("dropped", "", "已上报")]


async def test_what_came_too_late_is_not_sent(town: Town) -> None:
    await town.say("奶奶", "你好")
    town.at("07:30")
    town.timetable.run_as_of(JOBS["test-nudge"], town.clock(), town.clock())
    town.at("09:31")
    await town.drain()
    assert states(town) == [("expired", "", "已过时效")]


async def test_a_job_run_as_of_another_day_is_judged_as_of_then(town: Town) -> None:
    await town.say("奶奶", "你好")
    town.clock.move(minutes=1)
    assert await town.run("test-nudge", cast.at("07:30", cast.MONDAY)) == 1
    assert states(town)[0][0] == "sent"


async def test_nudges_are_quiet_at_night_and_alerts_are_not(town: Town) -> None:
    await town.say("奶奶", "你好")
    town.at("22:00")
    at = town.clock()
    await town.run("test-nudge", at)
    await town.run("test-alert", at)
    assert [state for state, *_ in states(town)] == ["expired", "sent"]


async def test_a_busy_platform_is_asked_again(town: Town) -> None:
    await town.say("奶奶", "你好")
    town.at("07:30")
    await town.faults(
        {"on": "call", "route": "/cgi-bin/message/custom/send", "fault": "errcode", "errcode": -1, "times": 2}
    )
    planned = town.timetable.run_as_of(JOBS["test-nudge"], town.clock(), town.clock())
    assert planned.occurrence_id is not None
    for _ in range(4):
        await town.drain()
        town.clock.move(seconds=5)
    assert states(town) == [("sent", "service", "")]
    assert await town.pushed("奶奶") == ["请报体温0"]


async def test_a_cut_after_acceptance_is_never_repeated_for_a_nudge(town: Town) -> None:
    await town.say("奶奶", "你好")
    town.at("07:30")
    await town.faults({"on": "call", "route": "/cgi-bin/message/custom/send", "fault": "cut_after", "times": 1})
    town.timetable.run_as_of(JOBS["test-nudge"], town.clock(), town.clock())
    for _ in range(3):
        await town.drain()
        town.clock.move(seconds=10)
    assert states(town)[0][0] == "unknown"
    assert await town.pushed("奶奶") == ["请报体温0"]


async def test_a_revoked_token_costs_one_renewal(town: Town) -> None:
    await town.say("奶奶", "你好")
    town.at("07:30")
    await town.run("test-nudge")
    (await town.control.post("/tokens/revoke")).raise_for_status()
    town.clock.move(minutes=5)
    await town.run("test-alert")
    assert [state for state, *_ in states(town)] == ["sent", "sent"]
    fetched = [entry for entry in await town.wire() if "stable_token" in str(entry)]
    assert len(fetched) <= 3


async def test_a_dead_workers_pushes_are_settled_by_kind(town: Town) -> None:
    await town.say("奶奶", "你好")
    town.at("07:30")
    for name in ("test-nudge", "test-alert"):
        town.timetable.run_as_of(JOBS[name], town.clock(), town.clock())
    with town.runtime.database.write() as connection:
        connection.execute(update(Outbox).values(state="sending", claimed_by="dead"))
    worker = await town.worker(is_alive=lambda workers: set(workers) - {"dead"})
    assert await worker.take_over() == 2
    while await worker.drain():
        pass
    assert [state for state, *_ in states(town)] == ["unknown", "sent"]


async def test_two_workers_never_send_one_push_twice(town: Town) -> None:
    import asyncio

    await town.say("奶奶", "你好")
    town.at("07:30")
    town.timetable.run_as_of(JOBS["test-many"], town.clock(), town.clock())
    workers = [await town.worker() for _ in range(3)]
    await asyncio.gather(*(worker.drain() for worker in workers))
    sent = await town.pushed("奶奶")
    assert len(sent) == len(set(sent))


async def test_unfollowing_takes_back_what_was_owed(town: Town) -> None:
    from models.actions.accounts import forget
    from models.queries.people import lock_accounts

    await town.say("奶奶", "你好")
    town.at("07:30")
    town.timetable.run_as_of(JOBS["test-nudge"], town.clock(), town.clock())
    with town.runtime.database.write() as connection:
        speaker = lock_accounts(connection, [cast.openid("奶奶")])[cast.openid("奶奶")]
        forget(town.runtime.work(connection), speaker)
    assert states(town) == []
