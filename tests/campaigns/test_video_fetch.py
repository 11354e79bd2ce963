"""A video sent to the account becomes the publication's own: fetched from the stand-in, checked, hosted, released."""

from __future__ import annotations

import struct
from pathlib import Path

import httpx
import pytest

from app.media import videos as media
from app.media.video_fetch import fetch_media, fetch_videos
from app.media.videos import check_video
from app.process.serving import make_client
from app.sandbox import SandboxClock, SandboxSettings, create_sandbox
from app.sandbox.platform.faults import read_rule
from models.queries import campaigns
from models.queries.campaigns import CampaignInfo
from tests.campaigns.stage import push
from tests.cast import at
from tests.house import APP_ID, StageClock, make_runtime
from tests.play import Play

WECHAT = "http://wechat"


def mp4(seconds: int, codec: bytes = b"avc1") -> bytes:
    """A file with the boxes of an MP4 and no picture."""

    def box(kind: bytes, *content: bytes) -> bytes:
        inside = b"".join(content)
        return struct.pack(">I4s", 8 + len(inside), kind) + inside

    header = bytes(12) + struct.pack(">II", 1000, seconds * 1000) + bytes(80)
    described = box(b"stsd", bytes(8), struct.pack(">I4s", 16, codec), bytes(8))
    track = box(b"trak", box(b"mdia", box(b"minf", box(b"stbl", described))))
    return (
        box(b"ftyp", b"isom", bytes(4)) + box(b"moov", box(b"mvhd", header), track) + box(b"mdat", bytes(100 * seconds))
    )


class Newsroom:
    """A principal, the account, and the stand-in that keeps what was sent."""

    def __init__(self, play: Play, folder: Path) -> None:
        self.play = play
        self.clock = StageClock(at("10:00"))
        settings = SandboxSettings(
            app_id=APP_ID, app_secret="cast-app-secret", mode="plain", public_url=WECHAT, cast=()
        )
        self.sandbox = create_sandbox(settings, SandboxClock(real=lambda: self.clock().timestamp()))
        self.world = self.sandbox.state.world
        self.wire = httpx.ASGITransport(self.sandbox)
        self.runtime = make_runtime(play.database, self.clock, public_url="https://p.test", wechat_api_url=WECHAT)
        self.client = make_client(self.runtime, self.wire)

    def sent(self, content: bytes) -> str:
        """A user's video, as the platform keeps it; gives its media id."""
        return str(self.world.media.from_user("video", "v.mp4", content, self.world.now).media_id)

    def publish(self, media_id: str, who: str = "校长") -> str:
        self.play.say(who, "", kind="video", media_id=media_id)
        for line in ("防疫小课堂", "洗手和戴口罩。", "1", "确认发布"):
            said = self.play.say(who, line)
        return said

    async def fetch(self) -> int:
        return await fetch_videos(self.runtime, self.client, self.wire)

    def one(self, number: int = 1) -> CampaignInfo:
        with self.play.database.read() as connection:
            found = campaigns.campaign(connection, number)
        assert found is not None
        return found


@pytest.fixture
def newsroom(play: Play, tmp_path: Path) -> Newsroom:
    return Newsroom(play, tmp_path)


@pytest.mark.anyio
async def test_a_video_from_the_chat_goes_out_once_it_lies_with_us(newsroom: Newsroom) -> None:
    said = newsroom.publish(newsroom.sent(mp4(42)))
    assert "视频取回检查后约10分钟内送出" in said
    assert push(newsroom.play, "10:00") == 0  # not without its video
    newsroom.world.faults.set([read_rule({"on": "call", "fault": "status", "status": 502, "times": 1})])
    assert await newsroom.fetch() == 0  # the platform is away: again later
    assert newsroom.one().state == "draft"
    newsroom.clock.move(minutes=1)
    assert await newsroom.fetch() == 1
    one = newsroom.one()
    assert (one.state, one.video_seconds) == ("open", 42)
    hosted = media.find(newsroom.runtime, one.video)
    assert hosted is not None
    assert check_video(hosted).codec == "avc1"
    assert media.find(newsroom.runtime, one.poster) is not None
    assert await newsroom.fetch() == 0
    assert push(newsroom.play, "10:10") == 5
    await newsroom.client.close()


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"not a film", "不是 MP4"), (mp4(0), "时长 0 秒"), (mp4(4000), "60 分钟"), (None, "过期或取不到")],
)
async def test_a_video_that_cannot_be_used_comes_back_with_the_reason(
    newsroom: Newsroom, content: bytes | None, reason: str
) -> None:
    newsroom.publish("gone" if content is None else newsroom.sent(content))
    assert await newsroom.fetch() == 1
    assert newsroom.one().state == "withdrawn"
    assert push(newsroom.play, "10:10") == 0
    told = newsroom.play.owed("校长", "reply")
    assert len(told) == 1
    assert "《防疫小课堂》没有发出" in told[0]
    assert reason in told[0]
    assert "重新发" in told[0]
    assert await newsroom.fetch() == 0
    await newsroom.client.close()


@pytest.mark.anyio
@pytest.mark.parametrize("approved_first", [True, False])
async def test_the_districts_video_waits_for_both_the_second_person_and_the_file(
    newsroom: Newsroom, approved_first: bool
) -> None:
    said = newsroom.publish(newsroom.sent(mp4(30)), "局领导")
    assert "等另一位负责人" in said
    if approved_first:
        assert "已批准" in newsroom.play.say("区报告人", "批准发布 1")
        assert push(newsroom.play, "10:00") == 0
        await newsroom.fetch()
    else:
        await newsroom.fetch()
        assert push(newsroom.play, "10:00") == 0
        assert "已批准" in newsroom.play.say("区报告人", "批准发布 1")
    assert newsroom.one().state == "open"
    assert push(newsroom.play, "10:10") > 5
    await newsroom.client.close()


@pytest.mark.anyio
async def test_permanent_material_is_read_too(newsroom: Newsroom, tmp_path: Path) -> None:
    kept = newsroom.world.media.upload("video", "lesson.mp4", mp4(20), newsroom.world.now, permanent=True)
    path = await fetch_media(newsroom.client, kept.media_id, tmp_path, newsroom.wire)
    assert check_video(path).seconds == 20
    await newsroom.client.close()
