"""What a command needs of the house, and how an operator is told that something failed."""

from __future__ import annotations

import getpass
import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NoReturn, Protocol, cast

import typer
from sqlalchemy import Connection

from models.database import Database
from models.queries import units
from models.rules.district import District
from models.vault import Vault
from models.work import Work


class House(Protocol):
    """The district's rules, its database and secrets, and the moment."""

    @property
    def district(self) -> District: ...
    @property
    def database(self) -> Database: ...
    @property
    def vault(self) -> Vault: ...
    @property
    def settings(self) -> Any: ...

    def clock(self) -> datetime: ...


def open_house() -> House:
    """The house as the settings say. Imported when a command runs, so that `--help` opens nothing."""
    return cast(House, importlib.import_module("app.cli.context").open_house())


def fail(message: str, code: int = 1) -> NoReturn:
    """Say what is wrong on stderr and end; 1: the work failed, 2: wrong use."""
    typer.echo(message, err=True)
    raise typer.Exit(code)


def operator() -> str:
    """Who is at the keyboard, for the trail."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError, ImportError):  # a container without a name for its user
        return "cli"


class _Undo(Exception):
    """Ends a dry run's transaction without keeping anything."""


@contextmanager
def working(house: House, keep: bool = True) -> Iterator[Work]:
    """One unit of work at the house's moment; stored at its end, or thrown away where `keep` is false."""
    try:
        with house.database.write() as connection:
            work = work_on(house, connection)
            yield work
            work.flush()
            if not keep:
                raise _Undo
    except _Undo:
        pass


def work_on(house: House, connection: Connection) -> Work:
    """A unit of work on a connection that is already open."""
    return Work(connection, house.clock(), house.district, house.vault, units.load(connection))
