"""The two spellings of INSERT … ON CONFLICT, chosen by the connection's engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite


def insert(connection: Connection, table: Any) -> Any:
    """An INSERT that knows ON CONFLICT on this engine."""
    return (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)


def prepared(build: Callable[[Any], Any]) -> Callable[[Connection], Any]:
    """A statement built once per engine and used ever after: building one costs more than running it.

    build: gets the engine's `insert` (which knows ON CONFLICT) and gives the statement.
    """
    made: dict[str, Any] = {}

    def statement(connection: Connection) -> Any:
        name = connection.dialect.name
        if name not in made:
            made[name] = build((sqlite if name == "sqlite" else postgresql).insert)
        return made[name]

    return statement


def values(row: Any) -> tuple[Any, ...]:
    """A row's columns in order, for a dataclass with the same fields."""
    return tuple(row)
