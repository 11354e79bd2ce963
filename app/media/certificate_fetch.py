"""Pictures of certificates: fetched from the platform before it forgets them, sealed, and put before the school doctor.

The platform keeps what was sent for three days (wechat-platform 9); we keep it for `[retention] media`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import structlog

from app.process.runtime import Runtime
from bots.alerts.telling import Posts, make_push
from bots.engine.links import picture_link
from bots.engine.replies import Text, pack
from bots.engine.sender import Malformed, SendError
from bots.isolation import words
from bots.wechat.client import WeChatClient
from models.actions.management import drop_picture, store_picture
from models.actions.outbox import owe
from models.queries.management import Unfetched, unfetched
from models.queries.people import recipients_of
from models.rules.push import Lane, Push

log = structlog.get_logger()
#: A phone's photograph is 1 to 4 MB; larger than this is no certificate.
LARGEST = 6 * 1024 * 1024
#: How the pictures WeChat passes on begin, and what they are.
KINDS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
#: How long the doctor's link holds.
LINK_HOLDS = timedelta(hours=24)


def kind_of(content: bytes) -> str:
    """The media type of a picture; "" for anything that is none."""
    return next((kind for begins, kind in KINDS.items() if content.startswith(begins)), "")


async def fetch_certificates(runtime: Runtime, client: WeChatClient) -> int:
    """Fetch what waits; gives how many were settled. What cannot be had just now is tried again."""
    with runtime.database.read() as connection:
        waiting = unfetched(connection, runtime.vault)
    return sum([await _settle(runtime, client, one) for one in waiting])


async def _settle(runtime: Runtime, client: WeChatClient, one: Unfetched) -> bool:
    try:
        content = (await client.download_media(one.media_id)).content
    except Malformed:
        content = b""  # unknown, or forgotten by the platform
    except SendError as error:
        log.warning("certificate not fetched yet", clearance=one.id, reason=error.reason)
        return False
    if not kind_of(content) or len(content) > LARGEST:
        _ask_again(runtime, one)
    else:
        _keep(runtime, one, content)
    return True


def _keep(runtime: Runtime, one: Unfetched, content: bytes) -> None:
    now = runtime.clock()
    with runtime.database.write() as connection:
        work = runtime.work(connection, now)
        if not store_picture(work, one.id, content):
            return  # checked or replaced meanwhile
        posts = Posts(work, [one.unit_id], ["school_doctor"], work.district.day_of(now))
        for holder in posts.reached(one.unit_id, "school_doctor") or posts.last(one.unit_id):
            if holder.account_id is None:
                continue
            address = picture_link(
                runtime.vault, runtime.settings.public_url, one.id, holder.account_id, now + LINK_HOLDS
            )
            text = words.picture_for_doctor(one.name, work.units.class_name(one.unit_id), address)
            key = f"certificate:{one.id}:{int(one.sent_at.timestamp())}:{holder.account_id}"
            owe(
                work,
                make_push(work, holder, text, key=key, unit=work.district.name, level="orange", at=now, alert_id=None),
            )
        work.flush()
    log.info("certificate kept", clearance=one.id, bytes=len(content))


def _ask_again(runtime: Runtime, one: Unfetched) -> None:
    """It is no picture, or the platform has it no more: the family is asked for it again."""
    now = runtime.clock()
    with runtime.database.write() as connection:
        work = runtime.work(connection, now)
        drop_picture(work, one.id)
        for to in recipients_of(work.flush(), [one.person_id]):
            owe(
                work,
                Push(
                    key=f"certificate-again:{one.id}:{int(one.sent_at.timestamp())}:{to.account_id}",
                    kind="reply",
                    account_id=to.account_id,
                    person_id=one.person_id,
                    relation=to.relation,
                    body=pack(Text(words.picture_again(one.name))),
                    fields={
                        "title": "复课证明",
                        "unit": work.district.name,
                        "time": f"{work.district.day_of(now)}",
                        "note": "请进入对话查看",
                    },
                    moment=now,
                    expires_at=now + timedelta(hours=24),
                    lane=Lane.ANSWER,
                ),
            )
        work.flush()
    log.warning("certificate not usable", clearance=one.id)


def fetch_now(runtime: Runtime, make: Callable[[Runtime], WeChatClient]) -> None:
    """One look, from a thread: asks the platform only where something waits."""
    with runtime.database.read() as connection:
        if not unfetched(connection, runtime.vault):
            return

    async def run() -> None:
        client = make(runtime)
        try:
            await fetch_certificates(runtime, client)
        finally:
            await client.close()

    asyncio.run(run())
