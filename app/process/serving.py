"""What runs beside the web: delivery, the timetable, and the small chores, as blocks to enter and leave."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date

import httpx
import structlog
from sqlalchemy import Connection

from app.media import certificate_fetch
from app.media.video_fetch import fetch_now
from app.process.liveness import Liveness
from app.process.metrics import DeliveryMeter
from app.process.parking import handle_parked
from app.process.runtime import Runtime
from app.process.template_book import TemplateBook, assign_fields
from bots.engine.dispatcher import Dispatcher
from bots.engine.text_messages import TextMessages
from bots.sms.aliyun import Aliyun
from bots.sms.recorder import Recorder
from bots.wechat.client import WeChatClient
from models.queries.due import due_of
from schedules.delivery.drain import Delivery, House
from schedules.registry import discover
from schedules.runner import ticking
from schedules.timetable import Timetable

__all__ = ["TemplateBook", "assign_fields", "delivering", "delivery_running", "make_client", "make_timetable"]

log = structlog.get_logger()


def make_client(runtime: Runtime, transport: httpx.AsyncBaseTransport | None = None) -> WeChatClient:
    """The account, from outside. transport: a stand-in for the network."""
    settings = runtime.settings
    return WeChatClient(
        settings.wechat_api_url,
        settings.wechat_app_id,
        settings.wechat_app_secret.get_secret_value(),
        runtime.database,
        runtime.vault,
        runtime.clock,
        transport=transport,
    )


def make_timetable(runtime: Runtime) -> Timetable:
    database = runtime.database
    # On PostgreSQL nobody waits for another's large occasion.
    pause = time.sleep if database.is_sqlite else lambda _seconds: None
    return Timetable(discover(), database, runtime.district, runtime.work, runtime.settings.public_url, pause)


#: Seconds between looks for videos that wait with the platform.
FETCH_SECONDS = 5.0
#: Seconds between tries to read the account's template list.
LEARN_AGAIN = 5.0


async def _keep_learning(books: list[TemplateBook], client: WeChatClient) -> None:
    while not all(book.is_complete for book in books):
        for book in books:
            await book.learn(client)
        if not all(book.is_complete for book in books):
            await asyncio.sleep(LEARN_AGAIN)


def make_text_messages(runtime: Runtime) -> TextMessages | None:
    """The provider of short messages; None where the district has none."""
    settings = runtime.settings
    if settings.sms_provider == "aliyun":
        return Aliyun(
            settings.sms_key_id,
            settings.sms_key_secret.get_secret_value(),
            settings.sms_sign_name,
            runtime.clock,
            settings.sms_api_url,
        )
    return Recorder() if settings.sms_provider == "record" else None


def calendar_of(runtime: Runtime) -> Callable[[Connection], Callable[[int, date], bool]]:
    """Whether a unit's people owe a report of a day, asked on a connection."""
    return lambda connection: due_of(runtime.work(connection)).owes


@asynccontextmanager
async def delivering(runtime: Runtime, *, patient: bool = False) -> AsyncIterator[Delivery]:
    """A delivery worker, not yet running: its client, its sign of life, its templates.

    patient: the platform need not answer yet; the template list is read when it does.
    """
    settings = runtime.settings
    liveness = await asyncio.to_thread(Liveness, runtime.database)
    client = make_client(runtime)
    sms = make_text_messages(runtime)
    templates = TemplateBook(settings.wechat_templates)
    subscriptions = TemplateBook(settings.wechat_subscriptions, subscriptions=True)
    learning: asyncio.Task[None] | None = None
    if patient:
        learning = asyncio.create_task(_keep_learning([templates, subscriptions], client))
    else:
        await templates.learn(client)
        await subscriptions.learn(client)
    house = House(
        runtime.database,
        runtime.vault,
        runtime.district,
        runtime.clock,
        liveness.worker,
        liveness.alive,
        templates,
        settings.public_url,
        subscriptions=subscriptions,
        sms=sms,
        sms_templates=TemplateBook(settings.sms_templates),
        is_due=calendar_of(runtime),
        meter=DeliveryMeter(),
    )
    try:
        yield Delivery(house, client)
    finally:
        if learning is not None:
            learning.cancel()
        await client.close()
        if sms is not None:
            await sms.close()
        await asyncio.to_thread(liveness.close)


@asynccontextmanager
async def delivery_running(runtime: Runtime) -> AsyncIterator[None]:
    """A delivery worker that drains while the block runs, and finishes what it took."""
    async with delivering(runtime, patient=True) as delivery:
        running = asyncio.create_task(delivery.run())
        try:
            yield
        finally:
            delivery.stop()
            await running


@asynccontextmanager
async def timetable_running(runtime: Runtime) -> AsyncIterator[None]:
    """The timetable's tick while the block runs; videos and certificates sent to the account are fetched beside it."""
    chores = [
        ("fetch-videos", FETCH_SECONDS, lambda: fetch_now(runtime, make_client)),
        ("fetch-certificates", FETCH_SECONDS, lambda: certificate_fetch.fetch_now(runtime, make_client)),
    ]
    async with ticking(make_timetable(runtime), runtime.clock, chores):
        yield


@asynccontextmanager
async def unparking(runtime: Runtime, dispatcher: Dispatcher) -> AsyncIterator[None]:
    """Parked messages get their turn while the block runs."""

    def work() -> None:
        while handle_parked(runtime, dispatcher):
            pass

    async with ticking(None, runtime.clock, [("unpark", 1.0, work)]):
        yield
