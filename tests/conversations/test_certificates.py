"""The picture of a certificate: fetched from the stand-in platform, sealed, seen by the doctor and nobody else (8.6)."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx
import pytest
from sqlalchemy import select

from app.media.certificate_fetch import fetch_certificates
from app.process.serving import make_client
from app.sandbox import SandboxClock, SandboxSettings, create_sandbox
from app.sandbox.platform.faults import read_rule
from models.database import Database
from models.rules.district import IncidentRules
from models.tables import Audit, Clearance
from tests.cast import DISTRICT, at
from tests.house import APP_ID, Open, StageClock, make_runtime
from tests.play import Play

WECHAT = "http://wechat"
PHOTO = b"\xff\xd8\xff\xe0 a certificate on a table"
WITH_PHOTO = replace(DISTRICT, incident=replace(IncidentRules(), certificate_photo=True))
pytestmark = pytest.mark.anyio


class Desk:
    """A family, a doctor, and the stand-in that keeps what was sent."""

    def __init__(self, database: Database) -> None:
        self.play = Play(database, WITH_PHOTO)
        self.clock = StageClock(at("10:00"))
        settings = SandboxSettings(
            app_id=APP_ID, app_secret="cast-app-secret", mode="plain", public_url=WECHAT, cast=()
        )
        sandbox = create_sandbox(settings, SandboxClock(real=lambda: self.clock().timestamp()))
        self.world = sandbox.state.world
        self.runtime = make_runtime(
            database, self.clock, WITH_PHOTO, public_url="https://p.test", wechat_api_url=WECHAT
        )
        self.client = make_client(self.runtime, httpx.ASGITransport(sandbox))

    def show(self, content: bytes) -> str:
        """The family sends a picture, as the platform keeps it."""
        medium = self.world.media.from_user("image", "p.jpg", content, self.world.now)
        return self.play.say("奶奶", "", kind="image", media_id=medium.media_id)

    async def fetch(self) -> int:
        return await fetch_certificates(self.runtime, self.client)

    def kept(self) -> tuple[bool, bool]:
        with self.play.database.read() as connection:
            row = connection.execute(select(Clearance.media, Clearance.picture)).one()
        return row.media is not None, row.picture is not None


@pytest.fixture
def desk(sqlite: Database) -> Desk:
    made = Desk(sqlite)
    made.play("【10:00】\n陈老师: 缺勤 王乐乐 病假 水痘")
    assert "拍一张照片" in made.play.say("奶奶", "复课证明 王乐乐 痊愈 区医院 3月1日")
    return made


async def test_from_the_photograph_to_the_doctors_check_and_the_teachers_yes(desk: Desk) -> None:
    play = desk.play
    assert "照片已记下" in desk.show(PHOTO)
    desk.world.faults.set([read_rule({"on": "call", "fault": "status", "status": 502, "times": 1})])
    assert await desk.fetch() == 0  # the platform is away: again later
    assert desk.kept() == (True, False)
    desk.clock.move(minutes=1)
    assert await desk.fetch() == 1
    assert desk.kept() == (False, True)
    assert await desk.fetch() == 0
    await desk.client.close()
    told = [text for text in play.owed("校医") if "证明照片" in text]
    assert len(told) == 1
    address = re.search(r'href="https://p\.test([^"]+)"', told[0])
    assert address is not None
    async with Open(desk.runtime) as web:
        seen = await web.client.get(address[1])
        assert (seen.content, seen.headers["content-type"]) == (PHOTO, "image/jpeg")
        assert seen.headers["cache-control"] == "no-store"
        forged = address[1].replace(".15.", ".1.", 1)
        assert (await web.client.get(forged)).status_code == 403
    with play.database.read() as connection:
        read = connection.execute(select(Audit.object).where(Audit.action == "certificate.read")).scalars().all()
    assert len(read) == 1
    assert "痊愈" in play.say("校医", "查验 王乐乐")
    play.say("校医", "查验 王乐乐 通过 结痂")
    assert "准入" in play.say("陈老师", "准入 王乐乐")


async def test_what_is_no_picture_or_is_gone_is_asked_for_again(desk: Desk) -> None:
    desk.show(b"not a picture")
    assert await desk.fetch() == 1
    assert desk.kept() == (False, False)
    assert any("再拍一张" in text for text in desk.play.owed("奶奶"))
    assert not any("证明照片" in text for text in desk.play.owed("校医"))
    await desk.client.close()


async def test_only_those_who_decide_see_it(desk: Desk) -> None:
    desk.show(PHOTO)
    await desk.fetch()
    await desk.client.close()
    for who in ("陈老师", "黄老师", "江畔报告人", "奶奶"):
        assert "/h5/k/" not in desk.play.say(who, "查验 王乐乐")
    assert "/h5/k/" in desk.play.say("报告人", "查验 王乐乐")
