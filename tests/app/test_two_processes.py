"""Two web processes on one database: a sender's messages are in order however they are spread over them.

The platform's proxy knows nothing of senders. What keeps the order is the sender's account, locked for a batch; here two
applications, each with its own connections and workers, stand for the two processes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
from sqlalchemy import select

from app.process.runtime import Runtime
from models.database import Database, database_url
from models.tables import CheckIn, PersonDay, UnitDay
from tests.app.test_turn_loop import SMALL
from tests.cast import at
from tests.house import Open, Platform, StageClock, make_runtime, seat

pytestmark = pytest.mark.anyio
FAMILIES = ("奶奶", "可妈", "舟妈", "小明爸爸")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def processes(postgres_address: str) -> Iterator[tuple[Runtime, Runtime]]:
    clock = StageClock(at("07:31"))
    made = tuple(
        make_runtime(Database(database_url(postgres_address, Path.cwd())), clock, turn_workers=2) for _ in range(2)
    )
    seat(made[0])
    yield made  # type: ignore[misc]
    for runtime in made:
        runtime.close()


def revisions(runtime: Runtime) -> dict[int, list[int]]:
    """Person → the MsgIds of their revisions, in the order in which they were made."""
    made: dict[int, list[int]] = {}
    with runtime.database.read() as connection:
        rows = connection.execute(
            select(CheckIn.person_id, CheckIn.msg_id).order_by(CheckIn.person_id, CheckIn.revision)
        )
        for person, msg_id in rows:
            made.setdefault(person, []).append(msg_id)
    return made


async def test_lines_sent_one_after_the_other_to_two_processes_are_counted_one_after_the_other(
    processes: tuple[Runtime, Runtime],
) -> None:
    async with Open(processes[0], SMALL) as one, Open(processes[1], SMALL) as two:

        async def family(who: str, first: int) -> list[str]:
            heard = []
            for number, web in zip(range(12), cycle((one, two)), strict=False):
                xml = one.platform.text_xml(who, str(360 + number), msg_id=first + number)
                heard.append(web.platform.heard(await web.post(xml)))
            return heard

        answers = await asyncio.gather(*(family(who, 1000 * (n + 1)) for n, who in enumerate(FAMILIES)))
    for heard in answers:
        assert heard == [f"记下了{360 + number}，第{number + 1}次" for number in range(12)]
    for made in revisions(processes[0]).values():
        assert made == sorted(made)
        assert len(made) == 12


async def test_lines_that_reach_two_processes_at_once_leave_no_gap_and_the_newest_counts(
    processes: tuple[Runtime, Runtime],
) -> None:
    async with Open(processes[0], SMALL) as one, Open(processes[1], SMALL) as two:
        posts = []
        for number in range(15):
            for place, who in enumerate(FAMILIES):
                web = (one, two)[(number + place) % 2]
                text = "381" if number == 14 else str(360 + number)
                posts.append(web.post(one.platform.text_xml(who, text, msg_id=1000 * (place + 1) + number)))
        answers = await asyncio.gather(*posts)
    assert {answer.status_code for answer in answers} == {200}
    heard = [Platform(processes[0].clock).heard(answer) for answer in answers]
    for place in range(len(FAMILIES)):  # each was told another number, and all numbers were told
        told = {line.partition("第")[2] for line in heard[place :: len(FAMILIES)]}
        assert told == {f"{number}次" for number in range(1, 16)}
    with processes[0].database.read() as connection:
        days = connection.execute(
            select(PersonDay.person_id, PersonDay.revisions, PersonDay.newest_msg_id, PersonDay.result)
        ).all()
        fevers = connection.execute(select(UnitDay.fever, UnitDay.reported)).all()
    assert {row.revisions for row in days} == {15}
    assert all(row.newest_msg_id % 1000 == 14 for row in days)
    assert {row.result for row in days} == {"fever"}
    assert (sum(row.fever for row in fevers), sum(row.reported for row in fevers)) == (len(FAMILIES), len(FAMILIES))
    for made in revisions(processes[0]).values():
        assert sorted(number % 1000 for number in made) == list(range(15))
