"""The web application: routes on a runtime, and what runs beside them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

import httpx
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from app.h5 import pages as h5
from app.h5.sign_in import SignIn
from app.process.runtime import Runtime
from app.process.turn_loop import TurnLoop
from app.routes import certificates, daybook, files, health
from app.routes.wechat import WeChatCallback
from bots.engine.dispatcher import Dispatcher
from bots.engine.registry import Registry, discover
from bots.wechat.menu import MENU_WORDS
from bots.wechat.wire import Wire

#: Something that runs as long as the application does.
Beside = Callable[[], AbstractAsyncContextManager[None]]


def make_dispatcher(runtime: Runtime, registry: Registry | None = None) -> Dispatcher:
    """The dispatcher over all conversations, or over a given few."""
    return Dispatcher(registry or discover(), runtime.settings.public_url, MENU_WORDS)


def make_wire(runtime: Runtime) -> Wire:
    """The wire of the configured account."""
    settings = runtime.settings
    return Wire(
        settings.wechat_token.get_secret_value(),
        settings.wechat_app_id,
        settings.wechat_account_id,
        settings.wechat_aes_key.get_secret_value(),
        [key.get_secret_value() for key in settings.wechat_aes_key_previous],
    )


class Site(FastAPI):
    """The application, with the platform's callback in front of routing and middleware: a third of a request's cost."""

    callback: WeChatCallback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/wechat":
            await self.callback(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def create_app(
    runtime: Runtime,
    beside: Sequence[Beside] = (),
    registry: Registry | None = None,
    platform: httpx.AsyncBaseTransport | None = None,
) -> FastAPI:
    """The back end as one ASGI application. beside: delivery and timetable, where they live in this process.

    platform: a stand-in for the network to the platform, for tests.
    """
    settings = runtime.settings
    sign_in = SignIn(runtime, platform)
    turns = TurnLoop(runtime, make_dispatcher(runtime, registry), settings.turn_workers, settings.turn_queue)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            stack.enter_context(runtime.database.checkpointing())
            turns.start()
            stack.callback(turns.stop)
            stack.push_async_callback(sign_in.close)
            for start in beside:
                await stack.enter_async_context(start())
            yield

    app = Site(title="平安报", lifespan=lifespan, openapi_url="/api/openapi.json", docs_url="/docs", redoc_url=None)
    app.callback = WeChatCallback(runtime, make_wire(runtime), turns)
    app.include_router(health.make_router(runtime))
    app.include_router(daybook.make_router(runtime))
    app.include_router(files.make_router(runtime))
    app.include_router(certificates.make_router(runtime))
    app.include_router(h5.make_router(runtime, sign_in))
    return app
