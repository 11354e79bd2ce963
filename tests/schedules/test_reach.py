"""Who could not be reached is known by name to the head teacher, and to nobody else."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from models.database import Database
from models.queries.reach import tomorrow, unreached
from tests import cast
from tests.town import Town

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def town(database: Database) -> AsyncIterator[Town]:
    """The morning's question went out: 爸爸 is in the window, 奶奶 and 小明爸爸 are not."""
    async with Town(database) as made:
        await made.say("爸爸", "帮助")
        await made.say("陈老师", "帮助")
        made.at("07:30")
        await made.run("checkin-prompt")
        yield made


async def test_the_head_teacher_reads_whom_nothing_reached(town: Town) -> None:
    town.at("09:05")
    await town.run("class-report")
    report = (await town.pushed("陈老师"))[-1]
    assert "提醒没能送达王乐乐、李小明的家长，请电话联系" in report
    assert "林林的家长" not in report  # the father got it, the mother did not


async def test_who_answered_all_the_same_is_no_longer_on_the_list(town: Town) -> None:
    await town.say("奶奶", "36.5")
    with town.runtime.database.read() as connection:
        names = [one.name for one in unreached(connection, None, cast.MONDAY)]
    assert "王乐乐" not in names
    assert "李小明" in names


async def test_what_tomorrow_will_miss_is_counted_for_the_digest(town: Town) -> None:
    await town.do("小明爸爸", "unfollow")
    with town.runtime.database.read() as connection:
        units = [unit.id for unit in town.runtime.units.get(connection).within(1)]
        found = tomorrow(connection, units, cast.MONDAY.replace(day=3))
    assert (found.unbound, found.refused) == (1, 0)
