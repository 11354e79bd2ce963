"""A morning on which the platform does everything wrong, one thing after the other, to one worker that lives through it.

Each trouble has a nudge of its own for everybody. Afterwards each that still helped has arrived once, nobody's came
twice, what came too late is marked so, and the access token was fetched again only where it had been taken away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.database import Database
from models.rules.push import Push
from models.tables import Outbox
from schedules.delivery.drain import Delivery
from schedules.job import Job, Moment
from tests.schedules.test_delivery import half_past_seven, nudge
from tests.schedules.test_faults import PEOPLE, fault, fetches, pass_time, shown
from tests.town import Town

pytestmark = [pytest.mark.anyio, pytest.mark.long]

TODO = "sandboxTemplateTodoNotice000000000000000001"
EVERYBODY = len(PEOPLE)
HELPFUL, BRIEF = timedelta(hours=4), timedelta(minutes=20)

#: The trouble, how often the calls meet it, and what becomes of the six nudges: state and rung → how many.
TROUBLES: Mapping[str, tuple[Mapping[str, Any], Mapping[tuple[str, str], int]]] = {
    "token-revoked": (fault(fault="revoked", times=1, after=2), {("sent", "service"): EVERYBODY}),
    "token-expired": (fault(fault="errcode", errcode=42001, times=1), {("sent", "service"): EVERYBODY}),
    "busy": (fault(fault="errcode", errcode=-1, times=4), {("sent", "service"): EVERYBODY}),
    "three-seconds": (fault(fault="slow", seconds=3), {("sent", "service"): EVERYBODY}),
    "gateway": (fault(fault="status", status=502, times=4), {("sent", "service"): EVERYBODY}),
    "minute-used-up": (fault(fault="errcode", errcode=45011, times=3), {("sent", "service"): EVERYBODY}),
    "budget-spent": (fault(fault="errcode", errcode=45047), {("sent", "template"): EVERYBODY}),
    "window-shut": (fault(fault="errcode", errcode=45015), {("sent", "template"): EVERYBODY}),
    "one-has-left": (
        fault(fault="errcode", errcode=43004, times=1),
        {("sent", "service"): EVERYBODY - 1, ("failed", "list"): 1},
    ),
    "error-500": (
        fault(fault="status", status=500, times=2),
        {("sent", "service"): EVERYBODY - 2, ("unknown", "service"): 2},
    ),
    "reset": (
        fault(fault="cut_after", times=2),
        {("sent", "service"): EVERYBODY - 2, ("unknown", "service"): 2},
    ),
    "day-used-up": (fault(fault="errcode", errcode=45009), {("sent", "template"): EVERYBODY}),
}
#: Troubles that may cost a fetch of the token.
OF_THE_TOKEN = ("token-revoked", "token-expired")


def to_everybody(name: str, number: int, useful: timedelta) -> Job:
    def plan(moment: Moment) -> Sequence[Push]:
        return [
            nudge(moment, who, person, number, kind=name, expires_at=moment.at + useful, key=f"{name}:{who}")
            for who, person in PEOPLE
        ]

    return Job(name, half_past_seven, plan)


JOBS = {
    name: to_everybody(name, number, BRIEF if name == "down-brief" else HELPFUL)
    for number, name in enumerate((*TROUBLES, "down-helpful", "down-brief"))
}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def town(database: Database) -> AsyncIterator[Town]:
    async with Town(database, jobs=JOBS, templates=dict.fromkeys(JOBS, TODO)) as made:

        async def pause(seconds: float) -> None:
            made.clock.move(seconds=seconds)

        world = made.sandbox.state.world
        world.outside = replace(world.outside, pause=pause)
        made.at("07:30")
        yield made


async def open_every_window(town: Town) -> None:
    for who, _ in PEOPLE:
        await town.say(who, "你好")


def fates(town: Town, kind: str) -> Counter[tuple[str, str]]:
    with town.runtime.database.read() as connection:
        rows = connection.execute(select(Outbox.state, Outbox.channel).where(Outbox.kind == kind))
        return Counter((row.state, row.channel) for row in rows)


async def undergo(town: Town, worker: Delivery, name: str, rule: Mapping[str, Any]) -> Counter[str]:
    """Everybody has just written, the trouble begins, the nudges fall due; gives how many each phone showed."""
    await open_every_window(town)
    before = await shown(town)
    await town.faults(rule)
    town.timetable.run_as_of(JOBS[name], town.clock(), town.clock())
    await pass_time(town, worker, minutes=8)
    await town.faults()
    after = await shown(town)
    return Counter({who: after[who] - before[who] for who in after})


async def test_a_morning_of_every_trouble_tells_each_once(town: Town) -> None:
    worker = await town.worker()
    for name, (rule, expected) in TROUBLES.items():
        fetched = await fetches(town)
        heard = await undergo(town, worker, name, rule)
        assert fates(town, name) == expected, name
        arrived = sum(count for (state, _), count in expected.items() if state == "sent")
        lost_or_not = expected.get(("unknown", "service"), 0)
        assert max(heard.values()) == 1, name
        assert arrived <= heard.total() <= arrived + lost_or_not, name
        # the first nudge of the morning fetches the first token
        allowed = 1 if name in OF_THE_TOKEN else 0
        assert await fetches(town) <= fetched + allowed + (name == next(iter(TROUBLES))), name
    with town.runtime.database.read() as connection:
        left = connection.execute(select(Outbox.id).where(Outbox.state.in_(("queued", "sending", "held")))).all()
    assert left == []


async def test_an_hour_without_the_platform_then_everybody_once_and_the_stale_marked(town: Town) -> None:
    worker = await town.worker()
    await open_every_window(town)
    await town.faults({"on": "call", "fault": "status", "status": 503})
    for name in ("down-helpful", "down-brief"):
        town.timetable.run_as_of(JOBS[name], town.clock(), town.clock())
    before = await shown(town)
    fetched = await fetches(town)
    await pass_time(town, worker, minutes=60)
    asked = await fetches(town) - fetched
    await town.faults()
    fetched = await fetches(town)
    await pass_time(town, worker, minutes=10)
    assert {state for state, _ in fates(town, "down-brief")} == {"expired"}
    assert fates(town, "down-helpful") == {("sent", "service"): EVERYBODY}
    after = await shown(town)
    assert {who: after[who] - before[who] for who in after} == dict.fromkeys(after, 1)
    assert await fetches(town) <= fetched + 1
    assert asked <= 60  # probes, not a storm
