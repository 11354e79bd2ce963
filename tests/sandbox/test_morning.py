"""What the other users do when their morning is played."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from app.sandbox import SandboxSettings
from tests.sandbox.conftest import SETTINGS, Stage, text_reply

pytestmark = pytest.mark.anyio
CAST = ({"openid": "oMother", "id": "parent", "name": "林妈妈"},)


@pytest.fixture
def settings() -> SandboxSettings:
    return SETTINGS.changed(cast=CAST)


async def others(stage: Stage, count: int) -> list[str]:
    users: list[dict[str, Any]] = [
        {"name": f"家长{n}", "plays": "guardian", "children": ["小满"], "following": True} for n in range(count)
    ]
    users.append({"name": "李老师", "plays": "teacher", "following": True})
    users.append({"name": "路人", "following": True})
    return list((await stage.control("/users/batch", users=users))["openids"])


async def said(stage: Stage, openid: str) -> list[str]:
    return [one["text"] for one in await stage.chat(openid) if one["side"] == "me"]


async def test_only_the_others_with_a_part_answer_and_some_stay_silent(stage: Stage) -> None:
    *guardians, teacher, stranger = await others(stage, 120)
    await stage.control("/users/oMother/follow")
    stage.backend = lambda request: httpx.Response(200, text=text_reply(request, "好的"))
    tally = await stage.control("/acts/guardians")
    texts = [await said(stage, openid) for openid in guardians]
    assert tally["asked"] == 121
    assert 0 < tally["quiet"] < 20
    texts.append(await said(stage, teacher))
    assert tally["answered"] == tally["reply"] == sum(bool(one) for one in texts) == 121 - tally["quiet"]
    assert all(re.search(r"3[5-9]\.\d", text) for one in texts for text in one)
    assert any("小满" in text for one in texts for text in one)
    assert not any("小满" in text for text in texts[-1])
    assert await said(stage, "oMother") == await said(stage, stranger) == []


async def test_who_has_answered_today_is_not_asked_again(stage: Stage) -> None:
    openids = await others(stage, 40)
    await stage.does(openids[0], "text", content="绑定 ABCD")
    first = await stage.control("/acts/guardians")
    assert first["asked"] == 41
    second = await stage.control("/acts/guardians")
    assert second["asked"] == first["quiet"]
    await stage.control("/clock", to="next 06:00")
    assert (await stage.control("/acts/guardians"))["asked"] == 41


async def test_teachers_go_through_their_sequence_in_order(stage: Stage) -> None:
    *_, teacher, _stranger = await others(stage, 1)
    await stage.control("/acts/teachers")
    assert await said(stage, teacher) == ["班级", "确认"]


async def test_the_same_seed_plays_the_same_morning() -> None:
    played = []
    for _ in range(2):
        stage = Stage(SETTINGS)
        openids = await others(stage, 30)
        await stage.control("/acts/guardians")
        played.append([await said(stage, openid) for openid in openids])
        await stage.close()
    assert played[0] == played[1]


async def test_an_unknown_act_is_refused(stage: Stage) -> None:
    assert (await stage.http.post("/control/acts/dance")).status_code == 404
    labels = {one["id"]: one["label"] for one in await stage.look("/acts")}
    assert labels == {"guardians": "让其他家长作答", "teachers": "让其他老师确认"}
