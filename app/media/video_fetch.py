"""Videos that were sent to the account: fetched from the platform, checked, hosted here; then they may go out."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path

import httpx
import structlog

from app.media.pictures import poster
from app.media.videos import LARGEST, BadVideo, Video, check_video, keep_bytes, keep_file
from app.process.runtime import Runtime
from bots.campaigns import words
from bots.engine.replies import Text, pack
from bots.engine.sender import Malformed, SendError
from bots.wechat.client import WeChatClient
from models.actions import campaigns as deeds
from models.actions.outbox import owe
from models.queries import campaigns as queries
from models.queries.campaigns import CampaignInfo
from models.rules.campaign import KINDS
from models.rules.push import Lane, Push

log = structlog.get_logger()
#: What the sender's file is called in sentences about it.
_NAME = "您发的视频.mp4"
_TIMEOUT = httpx.Timeout(60, connect=5)
_GONE = "视频已过期或取不到了，请重新发一次"


async def fetch_videos(
    runtime: Runtime, client: WeChatClient, transport: httpx.AsyncBaseTransport | None = None
) -> int:
    """Host what waits with the platform; gives how many were settled. What cannot be had just now is tried again."""
    with runtime.database.read() as connection:
        waiting = queries.unfetched(connection)
    return sum([await _settle(runtime, client, one, transport) for one in waiting])


async def fetch_media(
    client: WeChatClient, media_id: str, folder: Path, transport: httpx.AsyncBaseTransport | None = None
) -> Path:
    """A video of the platform as a file in `folder`: a temporary one, or permanent material.

    Raises BadVideo where there is none, or it is too large; a SendError where the platform cannot be asked.
    """
    try:
        found = await client.download_media(media_id)
    except Malformed:
        try:
            found = await client.download_material(media_id)
        except Malformed:
            raise BadVideo(_GONE) from None
    path = folder / _NAME
    if found.url:
        await _stream(found.url, path, transport)
    else:
        path.write_bytes(found.content)
    return path


async def _stream(url: str, path: Path, transport: httpx.AsyncBaseTransport | None) -> None:
    taken = 0
    try:
        async with (
            httpx.AsyncClient(transport=transport, timeout=_TIMEOUT, follow_redirects=True, trust_env=False) as client,
            client.stream("GET", url) as answer,
        ):
            if answer.status_code != 200:
                raise BadVideo(_GONE)
            with path.open("wb") as file:
                async for part in answer.aiter_bytes():
                    taken += len(part)
                    if taken > LARGEST:
                        raise BadVideo(f"视频超过 {LARGEST // 1048576} MB，请压缩后再发")
                    file.write(part)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise SendError("", f"the video cannot be read ({type(error).__name__})") from None


async def _settle(
    runtime: Runtime, client: WeChatClient, one: CampaignInfo, transport: httpx.AsyncBaseTransport | None
) -> bool:
    with tempfile.TemporaryDirectory() as name:
        try:
            path = await fetch_media(client, one.media_id, Path(name), transport)
            video = check_video(path)
        except BadVideo as error:
            _refuse(runtime, one, str(error))
            return True
        except SendError as error:
            log.warning("video not fetched yet", campaign=one.id, reason=error.reason)
            return False
        _host(runtime, one, path, video)
    return True


def _host(runtime: Runtime, one: CampaignInfo, path: Path, video: Video) -> None:
    name = keep_file(runtime, path)
    with runtime.database.write() as connection:
        work = runtime.work(connection)
        unit = work.units.get(one.unit_id)
        sender = unit.name if unit else runtime.district.name
        card = keep_bytes(runtime, poster(one.title, KINDS[one.kind], sender, video.seconds), "png")
        deeds.host(work, one, name, video.seconds, card)
        work.flush()
    log.info("video hosted", campaign=one.id, seconds=video.seconds, bytes=video.size)


def _refuse(runtime: Runtime, one: CampaignInfo, reason: str) -> None:
    """The sender hears what is wrong; the publication is taken back."""
    now = runtime.clock()
    with runtime.database.write() as connection:
        work = runtime.work(connection, now)
        if not deeds.withdraw(work, one, "system:video", reason):
            return
        for author in queries.authors(work.flush(), one.id):
            if author.account_id is not None:
                owe(work, _tell(runtime, one, author.account_id, author.person_id, reason))
        work.flush()
    log.warning("video refused", campaign=one.id, reason=reason)


def _tell(runtime: Runtime, one: CampaignInfo, account_id: int, person_id: int, reason: str) -> Push:
    now, district = runtime.clock(), runtime.district
    return Push(
        key=f"campaign-video:{one.id}:{account_id}",
        kind="reply",
        account_id=account_id,
        person_id=person_id,
        body=pack(Text(words.video_refused(one.title, reason))),
        fields={
            "title": "视频没有发出",
            "unit": district.name,
            "time": district.day_of(now).isoformat(),
            "note": "请进入对话查看",
        },
        moment=now,
        expires_at=district.end_of(district.day_of(now)),
        lane=Lane.ANSWER,
    )


def fetch_now(runtime: Runtime, make: Callable[[Runtime], WeChatClient]) -> None:
    """One look, from a thread: asks the platform only where something waits."""
    with runtime.database.read() as connection:
        if not queries.unfetched(connection):
            return

    async def run() -> None:
        client = make(runtime)
        try:
            await fetch_videos(runtime, client)
        finally:
            await client.close()

    asyncio.run(run())
