"""doctor: is everything as it must be, and if not, what to do."""

from __future__ import annotations

from pathlib import Path

import typer

from app.process.doctor import examine


def doctor() -> None:
    """检查设置、数据库、时钟、公众号凭证、模板、回调地址等，逐项说明怎样处理。"""
    wrong = 0
    for finding in examine(Path.cwd()):
        print(finding, flush=True)
        wrong += not finding.is_ok
    if wrong:
        raise typer.Exit(1)
