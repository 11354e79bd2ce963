"""What runs beside the web: delivery, the timetable, and the small chores, as blocks to enter and leave."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx
import structlog

from app import metrics
from app.liveness import Liveness
from app.parking import handle_parked
from app.runtime import Runtime
from bots.dispatcher import Dispatcher
from bots.sender import SendError
from bots.wechat.client import WeChatClient
from schedules.delivery import Delivery, House, Template
from schedules.registry import discover
from schedules.runner import ticking
from schedules.timetable import Timetable

log = structlog.get_logger()

#: Which of a template's own keys takes which of our fields, by the type in the key's name (wechat-platform 6.2).
_TIME_KEYS = ("time", "date")
_TEXT_FIELDS = ("title", "unit", "note")


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
    return Timetable(discover(), runtime.database, runtime.district, runtime.work, runtime.settings.public_url)


class TemplateBook:
    """The configured templates by kind; those without field names learn them from the account's own list, once."""

    def __init__(self, configured: Mapping[str, object]) -> None:
        self._book: dict[str, Template] = {}
        self._to_learn: dict[str, str] = {}
        for kind, entry in configured.items():
            if isinstance(entry, Mapping) and "id" in entry:
                fields = entry.get("fields") or {}
                named = (
                    {str(ours): str(theirs) for ours, theirs in fields.items()} if isinstance(fields, Mapping) else {}
                )
                self._book[kind] = Template(str(entry["id"]), named)
                if not named:
                    self._to_learn[kind] = str(entry["id"])
            else:
                self._book[kind] = Template(str(entry))
                self._to_learn[kind] = str(entry)

    def __call__(self) -> Mapping[str, Template]:
        return self._book

    @property
    def is_complete(self) -> bool:
        """Whether every template's fields are known."""
        return not self._to_learn

    async def learn(self, client: WeChatClient) -> None:
        """Read the field names of the templates that were configured by id alone."""
        if not self._to_learn:
            return
        try:
            known = {template.id: template.fields for template in await client.list_templates()}
        except SendError as error:
            log.warning("template list not read", errcode=error.errcode)
            return
        for kind, template_id in list(self._to_learn.items()):
            if template_id in known:
                self._book[kind] = Template(template_id, assign_fields(known[template_id]))
                del self._to_learn[kind]
            else:
                log.warning("template not in the account's list", kind=kind)
                del self._to_learn[kind]


def assign_fields(keys: tuple[str, ...]) -> dict[str, str]:
    """Our fields to a template's keys: times to the time key, texts to the others in order."""
    times = [key for key in keys if key.rstrip("0123456789").startswith(_TIME_KEYS)]
    texts = [key for key in keys if key not in times]
    made = dict(zip(_TEXT_FIELDS, texts, strict=False))
    if times:
        made["time"] = times[0]
    return made


#: Seconds between tries to read the account's template list.
LEARN_AGAIN = 5.0


async def _keep_learning(book: TemplateBook, client: WeChatClient) -> None:
    while not book.is_complete:
        await book.learn(client)
        if not book.is_complete:
            await asyncio.sleep(LEARN_AGAIN)


@asynccontextmanager
async def delivering(runtime: Runtime, *, patient: bool = False) -> AsyncIterator[Delivery]:
    """A delivery worker, not yet running: its client, its sign of life, its templates.

    patient: the platform need not answer yet; the template list is read when it does.
    """
    liveness = await asyncio.to_thread(Liveness, runtime.database)
    client = make_client(runtime)
    book = TemplateBook(runtime.settings.wechat_templates)
    learning: asyncio.Task[None] | None = None
    if patient:
        learning = asyncio.create_task(_keep_learning(book, client))
    else:
        await book.learn(client)
    house = House(
        runtime.database,
        runtime.vault,
        runtime.district,
        runtime.clock,
        liveness.worker,
        liveness.alive,
        book,
        runtime.settings.public_url,
        metrics.count_deliveries,
    )
    try:
        yield Delivery(house, client)
    finally:
        if learning is not None:
            learning.cancel()
        await client.close()
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
    """The timetable's tick while the block runs."""
    async with ticking(make_timetable(runtime), runtime.clock):
        yield


@asynccontextmanager
async def unparking(runtime: Runtime, dispatcher: Dispatcher) -> AsyncIterator[None]:
    """Parked messages get their turn while the block runs."""

    def work() -> None:
        while handle_parked(runtime, dispatcher):
            pass

    async with ticking(None, runtime.clock, [("unpark", 1.0, work)]):
        yield
