"""A platform that misbehaves: afterwards what is still useful has arrived once, and what is stale is marked so."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.database import Database
from models.rules.push import Lane, Push
from models.tables import Outbox
from schedules.delivery.drain import Delivery
from schedules.job import Job, Moment
from tests.schedules.test_delivery import half_past_seven, nudge
from tests.town import Town

pytestmark = pytest.mark.anyio

SERVICE = "/cgi-bin/message/custom/send"
PEOPLE = (
    ("妈妈", "林林"),
    ("爸爸", "林林"),
    ("奶奶", "王乐乐"),
    ("小明爸爸", "李小明"),
    ("可妈", "赵可"),
    ("舟妈", "周舟"),
)


def everybody(kind: str, useful: timedelta, **given: Any) -> Job:
    def plan(moment: Moment) -> Sequence[Push]:
        return [nudge(moment, who, person, kind=kind, expires_at=moment.at + useful, **given) for who, person in PEOPLE]

    return Job(kind, half_past_seven, plan)


LONG, SHORT = everybody("long-nudge", timedelta(hours=4)), everybody("short-nudge", timedelta(minutes=20))
ALERT = everybody("alert", timedelta(hours=4), lane=Lane.ALERT)
JOBS = {job.name: job for job in (LONG, SHORT, ALERT)}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def town(database: Database) -> AsyncIterator[Town]:
    async with Town(database, jobs=JOBS) as made:
        for who, _ in PEOPLE:
            await made.say(who, "你好")
        made.at("07:30")
        yield made


def plan(town: Town, *names: str) -> None:
    for name in names:
        town.timetable.run_as_of(JOBS[name], town.clock(), town.clock())


async def pass_time(town: Town, worker: Delivery, **step: float) -> None:
    """A worker's day in small steps: drain, let time pass, take up again what was put off."""
    for _ in range(int(timedelta(**step).total_seconds() // 20) or 1):
        while await worker.drain():
            pass
        town.clock.move(seconds=20)
        with town.runtime.database.write() as connection:
            worker._chores(connection)
    while await worker.drain():
        pass


def states(town: Town, kind: str) -> Counter[str]:
    with town.runtime.database.read() as connection:
        return Counter(connection.execute(select(Outbox.state).where(Outbox.kind == kind)).scalars())


async def shown(town: Town) -> dict[str, int]:
    return {who: len(await town.pushed(who)) for who, _ in PEOPLE}


async def fetches(town: Town) -> int:
    return sum("stable_token" in str(entry) for entry in await town.wire())


def fault(**given: Any) -> Mapping[str, Any]:
    return {"on": "call", "route": SERVICE, **given}


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param(fault(fault="errcode", errcode=-1, times=5), id="busy"),
        pytest.param(fault(fault="status", status=502, times=5), id="a gateway says 502"),
        pytest.param(fault(fault="status", status=503, times=5), id="a gateway says 503"),
        pytest.param(fault(fault="errcode", errcode=45011, times=4), id="this minute's calls are used up"),
        pytest.param(fault(fault="revoked", times=1, after=2), id="the token is revoked in the middle"),
        pytest.param(fault(fault="slow", seconds=0.2, times=6), id="slow"),
    ],
)
async def test_what_passes_by_is_waited_out_and_each_is_told_once(town: Town, rule: Mapping[str, Any]) -> None:
    worker = await town.worker()
    plan(town, "alert")
    await worker.drain()
    before = await fetches(town)
    await town.faults(rule)
    plan(town, "long-nudge")
    await pass_time(town, worker, minutes=8)
    assert states(town, "long-nudge") == {"sent": len(PEOPLE)}
    assert await shown(town) == {who: 2 for who, _ in PEOPLE}
    assert await fetches(town) <= before + 1


@pytest.mark.parametrize("broken", ["cut_after", "truncated", "garbage"])
async def test_a_call_that_broke_off_never_doubles_a_nudge(town: Town, broken: str) -> None:
    await town.faults(fault(fault=broken, times=3))
    plan(town, "long-nudge")
    await pass_time(town, await town.worker(), minutes=8)
    after = states(town, "long-nudge")
    assert after["sent"] + after["unknown"] == len(PEOPLE)
    assert max((await shown(town)).values()) == 1


async def test_a_call_that_broke_off_costs_an_alert_one_extra_at_most(town: Town) -> None:
    await town.faults(fault(fault="cut_after", times=3))
    plan(town, "alert")
    await pass_time(town, await town.worker(), minutes=2)
    assert states(town, "alert") == {"sent": len(PEOPLE)}
    counts = await shown(town)
    assert sum(counts.values()) == len(PEOPLE) + 3
    assert max(counts.values()) <= 4


async def test_a_platform_down_for_an_hour_leaves_the_useful_sent_once_and_the_stale_expired(town: Town) -> None:
    worker = await town.worker()
    await town.faults({"on": "call", "fault": "cut"})
    plan(town, "long-nudge", "short-nudge")
    calls_before = len(await town.wire())
    await pass_time(town, worker, minutes=60)
    hammered = len(await town.wire()) - calls_before
    await town.faults()
    await pass_time(town, worker, minutes=10)
    assert states(town, "short-nudge") == {"expired": len(PEOPLE)}
    after = states(town, "long-nudge")
    assert after["sent"] + after["unknown"] == len(PEOPLE)
    assert max((await shown(town)).values()) <= 1
    assert hammered <= 300  # probes, not a storm


async def test_a_platform_that_answers_5xx_for_an_hour_costs_nobody_their_message(town: Town) -> None:
    worker = await town.worker()
    await town.faults({"on": "call", "fault": "status", "status": 503})
    plan(town, "long-nudge", "short-nudge")
    await pass_time(town, worker, minutes=60)
    assert states(town, "short-nudge") == {"expired": len(PEOPLE)}
    await town.faults()
    await pass_time(town, worker, minutes=10)
    assert states(town, "long-nudge") == {"sent": len(PEOPLE)}
    assert await shown(town) == {who: 1 for who, _ in PEOPLE}
    assert await fetches(town) <= 60


async def test_a_used_up_quota_waits_for_midnight_and_expires_what_cannot_wait(town: Town) -> None:
    worker = await town.worker()
    await town.faults(fault(fault="errcode", errcode=45009))
    plan(town, "long-nudge")
    await pass_time(town, worker, minutes=2)
    assert states(town, "long-nudge") == {"failed": len(PEOPLE)}
    calls = sum(SERVICE in str(entry) for entry in await town.wire())
    plan(town, "short-nudge")
    await pass_time(town, worker, minutes=2)
    assert sum(SERVICE in str(entry) for entry in await town.wire()) == calls


async def test_a_wrong_secret_keeps_everything_owed_until_it_is_mended(town: Town) -> None:
    worker = await town.worker()
    await town.faults({"on": "call", "route": "/cgi-bin/stable_token", "fault": "errcode", "errcode": 40125})
    plan(town, "long-nudge")
    await pass_time(town, worker, minutes=3)
    assert states(town, "long-nudge")["queued"] + states(town, "long-nudge")["failed"] == len(PEOPLE)
    await town.faults()
    await pass_time(town, worker, minutes=12)
    assert states(town, "long-nudge") == {"sent": len(PEOPLE)}
