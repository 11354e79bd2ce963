"""The picture of the day: drawn and uploaded once for all officials, and never in the way of the text."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.database import Database
from models.tables import Drawing, Outbox
from tests.cast import MONDAY, at
from tests.town import Town

pytestmark = pytest.mark.anyio
UPLOAD, SEND = "/cgi-bin/media/upload", "/cgi-bin/message/custom/send"
OFFICIALS = ("区报告人", "局领导", "应急组")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def town(sqlite: Database) -> AsyncIterator[Town]:
    async with Town(sqlite) as made:
        for who in OFFICIALS:
            await made.say(who, "你好")
        made.at("11:30")
        yield made


async def shown(town: Town, who: str) -> list[str]:
    """The kinds of what came unasked, oldest first."""
    return [one["kind"] for one in await town.chat(who) if one["side"] == "account" and one["via"] == "custom"]


async def uploads(town: Town) -> int:
    return sum(UPLOAD in str(entry) for entry in await town.wire())


def states(town: Town) -> dict[str, list[str]]:
    made: dict[str, list[str]] = {}
    with town.runtime.database.read() as connection:
        for kind, state in connection.execute(select(Outbox.kind, Outbox.state).order_by(Outbox.id)):
            made.setdefault(kind, []).append(state)
    return made


async def test_every_official_gets_text_then_picture_and_it_is_uploaded_once(town: Town) -> None:
    await town.run("daily-digest")
    for who in OFFICIALS:
        assert (await shown(town, who))[-2:] == ["text", "image"], who
    assert await uploads(town) == 1
    await town.run("daily-digest")
    assert states(town) == {"daily-digest": ["sent"] * 3, "daily-digest-picture": ["sent"] * 3}
    # What the platform holds is a PNG a phone shows.
    media: Any = next(one for one in await town.chat("局领导") if one["kind"] == "image")
    medium = town.sandbox.state.world.media.find(media["data"]["media_id"], town.clock().timestamp())
    assert medium.data.startswith(b"\x89PNG")
    with town.runtime.database.read() as connection:
        assert connection.execute(select(Drawing.media_id)).scalar_one() == medium.media_id


async def test_when_the_upload_fails_the_text_still_arrives_and_the_picture_follows(town: Town) -> None:
    await town.faults({"on": "call", "route": UPLOAD, "fault": "errcode", "errcode": -1, "times": 2})
    planned = town.timetable.run_as_of(town.timetable.jobs["daily-digest"], town.clock(), town.clock())
    assert planned.owed == 6
    await town.drain()
    assert states(town)["daily-digest"] == ["sent"] * 3
    assert set(states(town)["daily-digest-picture"]) <= {"queued", "sent"}
    for _ in range(4):
        town.clock.move(seconds=9)
        await town.drain()
    assert states(town)["daily-digest-picture"] == ["sent"] * 3
    assert [(await shown(town, who)).count("image") for who in OFFICIALS] == [1, 1, 1]


async def test_a_picture_the_platform_refuses_is_given_up_and_said(town: Town) -> None:
    await town.faults({"on": "call", "route": UPLOAD, "fault": "errcode", "errcode": 40005})
    await town.run("daily-digest")
    assert states(town) == {"daily-digest": ["sent"] * 3, "daily-digest-picture": ["failed"] * 3}


async def test_an_id_the_platform_has_forgotten_is_made_again(town: Town) -> None:
    await town.run("daily-digest")
    world = town.sandbox.state.world
    world.media._media.clear()
    with town.runtime.database.write() as connection:
        connection.execute(
            Outbox.__table__.update().where(Outbox.kind == "daily-digest-picture").values(state="queued")
        )
    town.clock.move(seconds=120)
    await town.drain()
    assert states(town)["daily-digest-picture"] == ["sent"] * 3
    assert await uploads(town) == 2


async def test_after_three_days_it_is_uploaded_anew(town: Town) -> None:
    from models.actions import drawings

    await town.run("daily-digest")
    key = f"daily-digest:{MONDAY}"
    with town.runtime.database.write() as connection:
        assert drawings.take(connection, key, at("11:30") + timedelta(days=2)).media_id
        later = at("11:30") + timedelta(days=3)
        assert drawings.take(connection, key, later).svg is not None
        assert drawings.take(connection, key, later).is_busy
        assert drawings.take(connection, "nothing", later) == drawings.Taken()


async def test_whom_no_conversation_reaches_gets_no_second_message_by_another_way(sqlite: Database) -> None:
    template = {"daily-digest": "sandboxTemplateTodoNotice000000000000000001"}
    async with Town(sqlite, templates=template) as town:
        town.at("11:30")
        await town.run("daily-digest")
        assert states(town) == {"daily-digest": ["sent"] * 3, "daily-digest-picture": ["failed"] * 3}
        assert await uploads(town) == 0
