"""demo: a district, the back end and the WeChat sandbox in one command."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.demo import serving
from app.process import logs


def demo(
    port: Annotated[int, typer.Option(help="端口")] = 8000,
    host: Annotated[str, typer.Option(help="监听地址")] = "127.0.0.1",
    folder: Annotated[Path, typer.Option(help="演示数据放在哪里（每次重新开始）")] = Path("var/demo"),
) -> None:
    """演示：示范学区、后端与微信沙箱一起启动，不需要公众号，也不需要网络。"""
    logs.set_up("console", quiet=True)
    print("正在准备示范学区（三所学校、约三百名学生）……", flush=True)

    def ready(now: datetime) -> None:
        print(f"\n  请在浏览器打开  http://127.0.0.1:{port}/sandbox/\n", flush=True)
        print("  您会看到四部手机：家长、班主任、报告人、区教育局。按 Ctrl-C 结束。", flush=True)

    serving.serve(host, port, folder.resolve(), ready)
