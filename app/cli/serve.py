"""migrate, serve, timetable, deliver: the processes."""

from __future__ import annotations

import asyncio
import signal
from contextlib import AbstractAsyncContextManager, suppress
from typing import Annotated

import typer
import uvicorn
import uvloop
from prometheus_client import start_http_server

from app.cli.context import open_house
from app.cli.working import working
from app.main import Beside, create_app, make_dispatcher
from app.process import logs
from app.process.runtime import Runtime
from app.process.serving import delivery_running, timetable_running, unparking
from models import schema
from models.actions.regions import seed_regions

GRACE_SECONDS = 10


def migrate() -> None:
    """把数据库升级到最新结构。"""
    with open_house(needs_schema=False) as runtime:
        before, after = schema.migrate(runtime.database)
        with working(runtime) as work:
            seed_regions(work)
    print(f"数据库结构：{before or '空'} → {after}" if before != after else f"数据库结构已是最新：{after}")


def serve(
    host: Annotated[str, typer.Option(help="监听地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="监听端口")] = 8000,
    web_only: Annotated[bool, typer.Option("--web-only", help="只接收消息；定时与发送由其他进程负责")] = False,
) -> None:
    """启动后端：接收消息、定时任务、发送，都在一个进程里。"""
    with open_house() as runtime:
        logs.set_up(runtime.settings.log_format)
        run_web(runtime, host, port, web_only=web_only)


def run_web(runtime: Runtime, host: str, port: int, *, web_only: bool = False) -> None:
    """Serve until told to stop; what was taken is finished first."""
    dispatcher = make_dispatcher(runtime)
    beside: list[Beside] = [lambda: unparking(runtime, dispatcher)]
    if not web_only:
        beside += [lambda: delivery_running(runtime), lambda: timetable_running(runtime)]
    app = create_app(runtime, beside)
    with suppress(KeyboardInterrupt):  # Ctrl-C is how it ends by hand
        uvicorn.run(
            app,
            host=host,
            port=port,
            loop="uvloop",
            http="httptools",
            ws="none",
            proxy_headers=False,  # nothing here asks who the caller was
            access_log=False,
            log_level="warning",
            timeout_graceful_shutdown=GRACE_SECONDS,
            server_header=False,
        )


def timetable() -> None:
    """只运行定时任务（可与其他进程同时运行，每次推送仍只发生一次）。"""
    with open_house() as runtime:
        logs.set_up(runtime.settings.log_format)
        uvloop.run(_until_told(timetable_running(runtime)))


def deliver(
    metrics_port: Annotated[
        int, typer.Option(help="在 127.0.0.1 的这个端口给出本进程的 Prometheus 指标；0 为不给")
    ] = 0,
) -> None:
    """只运行一个发送进程。"""
    with open_house() as runtime:
        logs.set_up(runtime.settings.log_format)
        if metrics_port:
            start_http_server(metrics_port, "127.0.0.1")
        uvloop.run(_until_told(delivery_running(runtime)))


async def _until_told(block: AbstractAsyncContextManager[None]) -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    async with block:
        await told.wait()
