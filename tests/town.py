"""A product and a platform that talk to each other over their wires, in one process, under one clock.

The platform is the sandbox; it pushes to the product's callback and the product calls its API, both as HTTP requests
through ASGI. `async with Town(database) as town` seats the cast, whose accounts follow the account.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import httpx

from app.main import create_app, make_dispatcher
from app.process.parking import handle_parked
from app.process.serving import TemplateBook, calendar_of, make_timetable
from app.sandbox import SandboxClock, SandboxSettings, create_sandbox
from app.sandbox.platform.settings import PushRules
from bots.engine.registry import Registry
from bots.engine.text_messages import TextMessages
from bots.wechat.client import WeChatClient
from models.database import Database
from models.rules.district import District
from schedules.delivery.drain import Delivery, House
from schedules.job import Job
from tests import cast
from tests.house import ACCOUNT, AES_KEY, APP_ID, TOKEN, StageClock, make_runtime, seat

API = "http://wechat.test/platform"


class Cable(httpx.AsyncBaseTransport):
    """Requests to an application; one that ends without an answer is a cut connection, as on a real wire."""

    def __init__(self, app: Any) -> None:
        self._inner = httpx.ASGITransport(app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        try:
            return await self._inner.handle_async_request(request)
        except AssertionError:
            raise httpx.RemoteProtocolError("the connection was cut", request=request) from None


class Town:
    """Use `say`, `tap`, `run`, `drain` and look at `chat`. jobs: instead of those of the product."""

    def __init__(
        self,
        database: Database,
        *,
        district: District = cast.DISTRICT,
        registry: Registry | None = None,
        jobs: Mapping[str, Job] | None = None,
        templates: Mapping[str, Any] | None = None,
        sms: TextMessages | None = None,
        settings: Mapping[str, Any] | None = None,
        seated: bool = True,
        start: datetime | None = None,
        rules: PushRules | None = None,
    ) -> None:
        self.clock = StageClock(start or cast.at("07:20"))
        self.runtime = make_runtime(
            database,
            self.clock,
            district,
            wechat_api_url=API,
            wechat_templates=dict(templates or {}),
            **(settings or {}),
        )
        self.sms = sms
        self.cast = seat(self.runtime) if seated else None
        self.registry = registry
        self.app = create_app(self.runtime, registry=registry)
        self.sandbox = create_sandbox(
            SandboxSettings(
                app_id=APP_ID,
                app_secret="cast-app-secret",
                token=TOKEN,
                aes_key=AES_KEY,
                mode="safe",
                account_id=ACCOUNT,
                callback_url="http://pinganbao.test/wechat",
                push=rules or PushRules(),
            ),
            SandboxClock(real=lambda: self.clock().timestamp()),
            transport=httpx.ASGITransport(self.app),
        )
        self.timetable = make_timetable(self.runtime)
        if jobs is not None:
            self.timetable.jobs = dict(jobs)
        self._opened: list[Any] = []

    async def __aenter__(self) -> Town:
        self._lifespan = self.app.router.lifespan_context(self.app)
        await self._lifespan.__aenter__()
        self.control = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.sandbox), base_url="http://wechat.test/control"
        )
        if self.cast is not None:
            for who in self.cast.accounts:
                await self.arrive(who)
                await self._post(f"/users/{cast.openid(who)}/follow", {})
        return self

    async def __aexit__(self, *error: object) -> None:
        for client in self._opened:
            await client.close()
        await self.control.aclose()
        await self.sandbox.state.world.close()
        await self._lifespan.__aexit__(None, None, None)

    async def arrive(self, who: str) -> None:
        """A WeChat user, not yet following."""
        await self._post("/users", {"name": who, "openid": cast.openid(who)})

    async def _post(self, path: str, body: Mapping[str, Any]) -> Any:
        answer = await self.control.post(path, json=body)
        answer.raise_for_status()
        return answer.json()

    async def say(self, who: str, text: str) -> str:
        """Type one line; gives what the phone shows in answer."""
        done = await self._post(f"/users/{cast.openid(who)}/text", {"content": text})
        self.clock.move(seconds=1)
        reply = done.get("reply")
        return str(reply["text"]) if reply else f"({done['outcome']})" if done["outcome"] != "silent" else ""

    async def do(self, who: str, deed: str, **fields: Any) -> Any:
        """Any other deed of the control API: follow, unfollow, scan, menu, image …"""
        done = await self._post(f"/users/{cast.openid(who)}/{deed}", fields)
        self.clock.move(seconds=1)
        return done

    def at(self, clock: str, day: date = cast.MONDAY) -> None:
        """Move the clock, forward only."""
        moment = cast.at(clock, day)
        assert moment >= self.clock.moment, f"the clock stands at {self.clock.moment}"
        self.clock.moment = moment

    async def worker(self, is_alive: Any = None) -> Delivery:
        """A delivery worker of its own."""
        client = WeChatClient(
            API,
            APP_ID,
            "cast-app-secret",
            self.runtime.database,
            self.runtime.vault,
            self.clock,
            transport=Cable(self.sandbox),
        )
        self._opened.append(client)
        name = f"worker-{uuid.uuid4().hex[:6]}"
        book = TemplateBook(self.runtime.settings.wechat_templates)
        subscriptions = TemplateBook(self.runtime.settings.wechat_subscriptions, subscriptions=True)
        await book.learn(client)
        await subscriptions.learn(client)
        return Delivery(
            House(
                self.runtime.database,
                self.runtime.vault,
                self.runtime.district,
                self.clock,
                name,
                is_alive or (lambda workers: set(workers)),
                book,
                "https://pinganbao.test",
                subscriptions=subscriptions,
                sms=self.sms,
                sms_templates=TemplateBook(self.runtime.settings.sms_templates),
                is_due=calendar_of(self.runtime),
            ),
            client,
        )

    async def run(self, name: str, at: datetime | None = None) -> int:
        """`jobs run NAME --at`: plan the occurrence and deliver it; gives how many pushes were owed anew."""
        planned = self.timetable.run_as_of(self.timetable.jobs[name], at or self.clock(), self.clock())
        assert planned.occurrence_id is not None
        await (await self.worker()).finish(planned.occurrence_id)
        return planned.owed

    async def drain(self) -> None:
        """Deliver whatever is owed now, parked answers included."""
        handle_parked(self.runtime, make_dispatcher(self.runtime, self.registry))
        worker = await self.worker()
        while await worker.drain():
            pass

    async def chat(self, who: str, after: int = 0) -> list[dict[str, Any]]:
        """What the phone shows, oldest first."""
        answer = await self.control.get(f"/users/{cast.openid(who)}/chat", params={"after": after})
        return list(answer.json()["messages"])

    async def pushed(self, who: str) -> list[str]:
        """The texts of what came unasked (customer-service and template messages)."""
        return [
            message["text"]
            for message in await self.chat(who)
            if message["side"] == "account" and message["via"] != "passive"
        ]

    async def wire(self, what: str = "call") -> list[dict[str, Any]]:
        answer = await self.control.get("/wire", params={"what": what})
        return list(answer.json()["entries"])

    async def faults(self, *rules: Mapping[str, Any]) -> None:
        (await self.control.put("/faults", json={"rules": list(rules)})).raise_for_status()


def utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
