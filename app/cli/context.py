"""What every command needs: the runtime of the folder one stands in, and one way to end badly."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import typer

from app.process import wiring
from app.process.runtime import Runtime
from app.process.settings import Settings, read_settings


def fail(sentence: str) -> NoReturn:
    """One clear line on stderr, exit 1."""
    print(sentence, file=sys.stderr)
    raise typer.Exit(1)


@contextmanager
def open_house(*, needs_schema: bool = True) -> Iterator[Runtime]:
    """The runtime of the current folder. needs_schema: refuse, with what to do, when the database is not migrated."""
    from models import schema

    runtime = wiring.open_runtime()
    try:
        if needs_schema and not schema.fits(schema.current(runtime.database)):
            fail("数据库结构不是最新版本，请先运行：pinganbao migrate")
        yield runtime
    finally:
        runtime.close()


def settings_here() -> Settings:
    """The settings alone, for commands that need no database."""
    return read_settings(Path.cwd())
