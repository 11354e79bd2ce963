"""The two spellings of INSERT … ON CONFLICT, chosen by the connection's engine."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite


def insert(connection: Connection, table: Any) -> Any:
    """An INSERT that knows ON CONFLICT on this engine."""
    return (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)


def values(row: Any) -> tuple[Any, ...]:
    """A row's columns in order, for a dataclass with the same fields."""
    return tuple(row)
