"""Putting the stand-in together as an ASGI application, and running it alone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import FrameType

import httpx
import uvicorn
from fastapi import FastAPI

from app.sandbox.control.api import create_control
from app.sandbox.phones.morning import Morning, read_morning
from app.sandbox.phones.pages import add_pages
from app.sandbox.platform.api import create_platform
from app.sandbox.platform.clock import SandboxClock
from app.sandbox.platform.push import Pause
from app.sandbox.platform.settings import SandboxSettings
from app.sandbox.platform.world import Outside, World


def create_sandbox(
    settings: SandboxSettings,
    clock: SandboxClock,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
    pause: Pause = asyncio.sleep,
) -> FastAPI:
    """The stand-in as one application, to be served alone or mounted under a prefix.

    `/control/…` is the control API, `/platform/cgi-bin/…` the platform's API (also at `/cgi-bin/…`), `/` the phones
    page. `transport` and `pause` replace the network and asyncio.sleep in tests. A parent application that mounts it
    must await `app.state.world.close()` when it ends, since mounted applications get no lifespan of their own, and
    should call `app.state.world.feed.close()` as soon as it is asked to stop: open pages keep a live stream open.
    """
    world = World(settings, clock, Outside(transport, pause))

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await world.close()

    app = FastAPI(title="WeChat stand-in", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.world = world
    platform = create_platform(world)
    morning = Morning(world, settings.morning or read_morning())
    add_pages(app, world, morning)
    app.mount("/control", create_control(world, morning))
    app.mount("/platform", platform)
    app.mount("/", platform)
    return app


def run(
    settings: SandboxSettings, host: str = "127.0.0.1", port: int = 8001, *, clock: SandboxClock | None = None
) -> None:
    """Serve the stand-in alone until it is interrupted; the back end then sets WECHAT_API_URL to this address."""
    app = create_sandbox(settings, clock or SandboxClock())
    config = uvicorn.Config(app, host=host, port=port, log_level="warning", access_log=False, ws="none")
    _Server(config, app.state.world).run()


class _Server(uvicorn.Server):
    """Ends live streams when asked to stop, since uvicorn waits for them."""

    def __init__(self, config: uvicorn.Config, world: World) -> None:
        super().__init__(config)
        self._world = world

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._world.feed.close()
        super().handle_exit(sig, frame)
