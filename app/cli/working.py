"""One unit of work for a command, kept or thrown away, and who is at the keyboard."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import NoReturn

import typer

from app.process.runtime import Runtime
from models.work import Work


class _Undo(Exception):
    """Ends a dry run's transaction without keeping anything."""


@contextmanager
def working(runtime: Runtime, keep: bool = True) -> Iterator[Work]:
    """One unit of work as of now; stored at its end, or thrown away where `keep` is false."""
    try:
        with runtime.database.write() as connection:
            work = runtime.work(connection)
            yield work
            work.flush()
            _keep_or_undo(keep)
    except _Undo:
        pass


def _keep_or_undo(keep: bool) -> None:
    if not keep:
        raise _Undo


def operator() -> str:
    """Who is at the keyboard, for the trail."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError, ImportError):  # a container without a name for its user
        return "cli"


def wrong_use(sentence: str) -> NoReturn:
    """One clear line on stderr, exit 2."""
    print(sentence, file=sys.stderr)
    raise typer.Exit(2)


def day_given(option: str, text: str) -> date:
    """The day an option names; wrong use where it names none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        wrong_use(f"{option} 应为日期，例如 2026-03-02，现为 {text}")
