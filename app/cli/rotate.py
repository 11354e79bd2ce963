"""rotate: after a change of SECRET_KEY, seal everything under the new one."""

from __future__ import annotations

from typing import Any

from app.cli.context import open_house
from app.cli.working import operator, working
from models.actions import rotation, trail


def rotate() -> None:
    """更换 SECRET_KEY 之后，把库里的加密内容改用新密钥（旧密钥先写进 SECRET_KEY_PREVIOUS，完成后可去掉）。"""
    total = 0
    with open_house() as runtime:
        for table, columns in rotation.sealed_columns():
            after: tuple[Any, ...] | None = None
            while True:
                with runtime.database.write() as connection:
                    changed, after = rotation.reseal_slice(connection, runtime.vault, table, columns, after)
                total += changed
                if after is None:
                    break
        with working(runtime) as work:
            trail.note(work, operator(), "rotate", "secret key", f"{total} rows sealed again")
    print(f"已用新密钥重新加密 {total} 行。两天后（收件去重记录到期）可从 SECRET_KEY_PREVIOUS 去掉旧密钥。")
