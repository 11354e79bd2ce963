"""campaign add: not open yet, and says so."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.context import fail

app = typer.Typer(help="视频、通知、学习指导的推送（暂未开通）。", no_args_is_help=True)


@app.callback()
def _campaign() -> None:
    """视频、通知、学习指导的推送（暂未开通）。"""


@app.command("add")
def add(file: Annotated[Path, typer.Argument(help="推送文件 .toml")]) -> None:
    """登记一次推送（暂未开通）。"""
    fail(f"推送功能暂未开通，{file.name} 没有登记")
