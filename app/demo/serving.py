"""One process that shows everything: the back end, the sandbox under /sandbox, one clock that the page moves.

The two still talk HTTP: the sandbox pushes to /wechat, the back end calls /sandbox/platform, and the clock is told to
the back end by a request.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import httpx
import structlog
import uvicorn
from fastapi import FastAPI, HTTPException, Request
from starlette.responses import RedirectResponse

from app.demo.district import load_demo
from app.demo.stage import Seated, raise_curtain, seat
from app.main import Beside, create_app, make_dispatcher
from app.process import wiring
from app.process.runtime import Clock, Runtime
from app.process.serving import delivery_running, make_client, timetable_running, unparking
from app.sandbox import SandboxClock, SandboxSettings, create_sandbox
from bots.wechat.menu import MENU
from models import schema
from models.actions.regions import seed_regions

log = structlog.get_logger()

#: Not secret: the sandbox's account exists only on this machine.
APP_ID, APP_SECRET, ACCOUNT_ID, TOKEN = "wxdemo0000000000", "demo-app-secret", "gh_pinganbao_demo", "pinganbaoDemo"
AES_KEY = "PinganbaoDemoSandboxAESKeyForLocalUse000000"
DAY_BEGINS = "07:20"
TEMPLATES = dict.fromkeys(
    (
        "checkin-prompt",
        "checkin-reminder",
        "class-report",
        "grade-report",
        "school-report",
        "zero-report-nudge",
        "zero-report-escalation",
        "campaign-push",
        "campaign-reminder",
    ),
    "sandboxTemplateTodoNotice000000000000000001",
) | {
    "daily-digest": "sandboxTemplateResultNotice0000000000000002",
    "alert": "sandboxTemplateUrgentNotice0000000000000003",
}


def prepare(folder: Path, port: int) -> tuple[Runtime, Seated]:
    """A fresh demonstration database with the district in it; the clock stands at the next 07:20."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    address = f"http://127.0.0.1:{port}"
    runtime = wiring.open_runtime(
        folder,
        Clock(),
        district_file=str(schema.ROOT / "district.toml"),
        database_url="sqlite:///demo.db",
        secret_key=secrets.token_urlsafe(32),
        wechat_app_id=APP_ID,
        wechat_app_secret=APP_SECRET,
        wechat_account_id=ACCOUNT_ID,
        wechat_token=TOKEN,
        wechat_aes_key=AES_KEY,
        wechat_api_url=f"{address}/sandbox/platform",
        wechat_templates=TEMPLATES,
        wechat_oauth="everywhere",  # the sandbox's phones are browsers of this machine
        public_url=address,
    )
    runtime.clock.move_to_offset(_until_morning(runtime))
    # Nobody owed anything before the curtain rose: without this everybody would have been silent for weeks.
    times = replace(runtime.district.times, starts_on=runtime.district.day_of(runtime.clock()))
    runtime.district = replace(runtime.district, times=times)
    schema.migrate(runtime.database)
    with runtime.database.write() as connection:
        work = runtime.work(connection)
        load_demo(work)
        seed_regions(work)
        work.flush()
    return runtime, seat(runtime)


def _until_morning(runtime: Runtime) -> timedelta:
    now = runtime.clock()
    hour, minute = (int(part) for part in DAY_BEGINS.split(":"))
    morning = runtime.district.local(now).replace(hour=hour, minute=minute, second=0, microsecond=0)
    return (morning if morning >= now else morning + timedelta(days=1)) - now


def build(runtime: Runtime, seated: Seated, host: str, port: int, ready: Callable[[], None]) -> tuple[FastAPI, Any]:
    """The application, and the sandbox's world (whose live streams end when the server is told to stop)."""
    clock_token = secrets.token_urlsafe(16)
    address = f"http://127.0.0.1:{port}"
    sandbox = create_sandbox(
        SandboxSettings(
            app_id=APP_ID,
            app_secret=APP_SECRET,
            token=TOKEN,
            aes_key=AES_KEY,
            mode="safe",
            account_id=ACCOUNT_ID,
            callback_url=f"{address}/wechat",
            public_url=f"{address}/sandbox/platform",
            product_clock_url=f"{address}/demo/clock",
            product_clock_token=clock_token,
            cast=tuple(seated.cast),
        ),
        SandboxClock(start=runtime.clock()),
    )
    dispatcher = make_dispatcher(runtime)

    @asynccontextmanager
    async def curtain() -> AsyncIterator[None]:
        async def play() -> None:
            try:
                await _listening(f"{address}/healthz")
                await raise_curtain(f"{address}/sandbox/control", seated)
                await _hang_up_menu(runtime)
            except Exception:
                log.exception("the demonstration could not be seated")
                raise
            ready()

        task = asyncio.create_task(play())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await sandbox.state.world.close()

    beside: list[Beside] = [
        lambda: unparking(runtime, dispatcher),
        lambda: delivery_running(runtime),
        lambda: timetable_running(runtime),
        curtain,
    ]
    app = create_app(runtime, beside)

    @app.post("/demo/clock", include_in_schema=False)
    async def move_clock(request: Request) -> dict[str, str]:
        """The stand-in's clock has moved; ours follows. Only in the demonstration, only with its token."""
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {clock_token}".encode()):
            raise HTTPException(403)
        body = await request.json()
        try:
            runtime.clock.move_to_offset(timedelta(seconds=float(body["offset_seconds"])))
        except (ValueError, KeyError, TypeError) as error:
            raise HTTPException(409, str(error)) from None
        return {"now": runtime.clock().isoformat()}

    @app.get("/", include_in_schema=False)
    async def home() -> RedirectResponse:
        return RedirectResponse("/sandbox/")

    app.mount("/sandbox", sandbox)
    return app, sandbox.state.world


async def _hang_up_menu(runtime: Runtime) -> None:
    client = make_client(runtime)
    try:
        await client.create_menu(MENU)
    finally:
        await client.close()


async def _listening(url: str) -> None:
    async with httpx.AsyncClient() as client:
        for _ in range(200):
            try:
                await client.get(url)
            except httpx.HTTPError:
                await asyncio.sleep(0.05)
            else:
                return


class Server(uvicorn.Server):
    """Ends live streams when asked to stop, since uvicorn waits for them."""

    def __init__(self, config: uvicorn.Config, world: Any) -> None:
        super().__init__(config)
        self._world = world

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._world.feed.close()
        super().handle_exit(sig, frame)


def serve(host: str, port: int, folder: Path, ready: Callable[[datetime], None]) -> None:
    """Show it until interrupted."""
    runtime, seated = prepare(folder, port)
    try:
        app, world = build(runtime, seated, host, port, lambda: ready(runtime.clock()))
        config = uvicorn.Config(
            app, host=host, port=port, access_log=False, log_level="warning", timeout_graceful_shutdown=5
        )
        with suppress(KeyboardInterrupt):  # Ctrl-C is how it ends
            Server(config, world).run()
    finally:
        runtime.close()
