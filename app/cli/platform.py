"""menu push, sandbox: what concerns the platform, or its stand-in."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from app.cli.context import fail, open_house, settings_here
from app.process.runtime import Runtime
from app.process.serving import make_client
from bots.engine.sender import SendError
from bots.wechat.menu import MENU

menu = typer.Typer(help="公众号菜单。", no_args_is_help=True)


@menu.callback()
def _menu() -> None:
    """公众号菜单。"""


@menu.command("push")
def push() -> None:
    """把菜单设置到公众号。"""
    with open_house() as runtime:
        try:
            asyncio.run(_push(runtime))
        except SendError as error:
            fail(f"菜单没有设置成功：{error.reason}（errcode {error.errcode}）。请用 pinganbao doctor 检查账号设置。")
    print("菜单已设置，关注者约 5 分钟内看到。")


async def _push(runtime: Runtime) -> None:
    client = make_client(runtime)
    try:
        await client.create_menu(MENU)
    finally:
        await client.close()


def sandbox(
    port: Annotated[int, typer.Option(help="监听端口")] = 8001,
    host: Annotated[str, typer.Option(help="监听地址")] = "127.0.0.1",
) -> None:
    """单独启动微信沙箱（供后端以 WECHAT_API_URL 指向它）。"""
    from app.sandbox import SandboxSettings, run

    settings = settings_here()
    aes_key = settings.wechat_aes_key.get_secret_value()
    run(
        SandboxSettings(
            app_id=settings.wechat_app_id,
            app_secret=settings.wechat_app_secret.get_secret_value(),
            token=settings.wechat_token.get_secret_value(),
            aes_key=aes_key or None,
            mode="safe" if aes_key else "plain",
            account_id=settings.wechat_account_id,
            callback_url=f"{settings.public_url}/wechat",
        ),
        host,
        port,
    )
