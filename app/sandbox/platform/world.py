"""One account of the platform with its users: everything the stand-in remembers, put together."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from app.sandbox.platform.account import Account
from app.sandbox.platform.clock import SandboxClock
from app.sandbox.platform.codes import Codes
from app.sandbox.platform.errcodes import Refused
from app.sandbox.platform.faults import Faults
from app.sandbox.platform.feed import Feed, WireLog
from app.sandbox.platform.mass import Mass
from app.sandbox.platform.media import Media
from app.sandbox.platform.menu import Menu
from app.sandbox.platform.people import People
from app.sandbox.platform.push import Pause, Pusher
from app.sandbox.platform.qr import QrCodes
from app.sandbox.platform.quota import Quota
from app.sandbox.platform.settings import SandboxSettings
from app.sandbox.platform.subscriptions import Subscriptions
from app.sandbox.platform.templates import Templates
from app.sandbox.platform.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Outside:
    """How the stand-in reaches the world, replaceable in tests."""

    transport: httpx.AsyncBaseTransport | None = None
    pause: Pause = asyncio.sleep


class World:
    """Owns every part; lives in one event loop, so nothing here needs a lock."""

    def __init__(self, settings: SandboxSettings, clock: SandboxClock, outside: Outside) -> None:
        self.settings = settings
        self.clock = clock
        self.outside = outside
        self.zone = ZoneInfo(settings.time_zone)
        # One generator a purpose: a fault more or less must not change tokens or nonces. Tokens and nonces also depend
        # on the time of the start, since those of another run must not come again.
        started = int(clock.timestamp())
        self.account = Account(settings)
        self.feed = Feed(settings.wire_entries)
        self.wire = WireLog(self.feed, clock)
        self.faults = Faults(random.Random(f"faults {settings.seed}"))
        self.people = People(settings.app_id, settings.custom, self.feed)
        self.tokens = Tokens(settings, random.Random(f"tokens {settings.seed} {started}"))
        self.quota = Quota(settings.quota, settings.kind, self.zone)
        self.templates = Templates(settings.template, settings.templates)
        self.subscriptions = Subscriptions(settings.subscription_templates)
        self.media = Media(settings.media, settings.app_id)
        self.qr = QrCodes(settings.qr)
        self.menu = Menu(settings.menu)
        self.codes = Codes(settings.oauth_code_seconds, random.Random(f"codes {settings.seed} {started}"))
        self.mass = Mass(settings.mass, self.zone)
        self.pusher = Pusher(
            rules=settings.push,
            account=self.account,
            clock=clock,
            people=self.people,
            media=self.media,
            faults=self.faults,
            wire=self.wire,
            rng=random.Random(f"pushes {settings.seed} {started}"),
            transport=outside.transport,
            pause=outside.pause,
        )
        #: what the browser inside each user's WeChat remembers
        self.browsers: dict[str, httpx.Cookies] = {}
        self.cast = settings.cast
        for member in self.cast:
            person = self.people.add(str(member["name"]), str(member["openid"]))
            person.caption = str(member.get("caption", ""))
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def now(self) -> float:
        """Seconds since 1970 by the stand-in's clock."""
        return self.clock.timestamp()

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run something beside the present request: job events, mostly."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Wait until nothing runs beside requests any more."""
        while self._tasks:
            await asyncio.gather(*tuple(self._tasks), return_exceptions=True)

    async def move_clock(self) -> None:
        """Tell the back end's clock where ours is now. Raises ConnectionError when it does not follow."""
        url = self.settings.product_clock_url
        if not url:
            return
        headers = {}
        if self.settings.product_clock_token:
            headers["authorization"] = f"Bearer {self.settings.product_clock_token}"
        try:
            async with httpx.AsyncClient(transport=self.outside.transport, timeout=60, trust_env=False) as client:
                answer = await client.post(url, json={"offset_seconds": self.clock.offset_seconds}, headers=headers)
        except httpx.HTTPError as error:
            raise ConnectionError(f"the back end's clock cannot be reached: {type(error).__name__}") from error
        if answer.status_code >= 300:
            raise ConnectionError(f"the back end's clock answered {answer.status_code}")

    async def close(self) -> None:
        """Stop what runs and close connections."""
        self.feed.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*tuple(self._tasks), return_exceptions=True)
        await self.pusher.close()

    def require(self, *kinds: str) -> None:
        """Refuse what this kind of account may not do. Raises Refused 48001."""
        if self.account.kind not in kinds or (self.account.kind != "test" and not self.settings.verified):
            raise Refused(48001)
