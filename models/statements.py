"""Statements that differ between the two engines, built once and used ever after.

Building a statement costs more than running it, so the hot ones are module values. Many rows go out as one statement:
an executemany on SQLite, where a call is cheap, and one INSERT … SELECT unnest(…) on PostgreSQL, where a round is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, Connection, bindparam, func, select
from sqlalchemy import update as plain_update
from sqlalchemy.dialects import postgresql, sqlite

Row = Mapping[str, Any]


def insert(connection: Connection, table: Any) -> Any:
    """An INSERT that knows ON CONFLICT on this engine."""
    return _insert(connection.dialect.name)(table)


def _insert(engine: str) -> Callable[[Any], Any]:
    return sqlite.insert if engine == "sqlite" else postgresql.insert


class Among:
    """Conditions for a statement that `prepared` builds: `among(column, name)` is "column is one of :name"."""

    def __init__(self, engine: str) -> None:
        self._engine = engine

    def __call__(self, column: Any, name: str) -> Any:
        if self._engine == "sqlite":
            return column.in_(bindparam(name, expanding=True))
        # One text whatever the number of values, so that the server plans it once.
        return column == func.any(bindparam(name, type_=ARRAY(column.type)))


def prepared(build: Callable[[Among], Any]) -> Callable[[Connection], Any]:
    """A statement built once per engine; `build` gets `among`."""
    made: dict[str, Any] = {}

    def statement(connection: Connection) -> Any:
        name = connection.dialect.name
        if name not in made:
            made[name] = build(Among(name))
        return made[name]

    return statement


class Bulk:
    """INSERT of many rows of `table` as one statement.

    columns: every row has exactly these. conflict: gets the INSERT and its `excluded`-bearing self, gives it with an ON
    CONFLICT clause.
    """

    def __init__(self, table: Any, columns: Sequence[str], conflict: Callable[[Any], Any] = lambda made: made) -> None:
        self._table, self._columns, self._conflict = table, tuple(columns), conflict
        self._made: dict[str, Any] = {}

    def __call__(self, connection: Connection, rows: Sequence[Row]) -> None:
        name = connection.dialect.name
        statement = self._made.get(name)
        if statement is None:
            statement = self._made[name] = self._build(name)
        if name == "sqlite":
            connection.execute(statement, rows)
        else:
            connection.execute(statement, {f"the_{column}": [row[column] for row in rows] for column in self._columns})

    def _build(self, engine: str) -> Any:
        made = _insert(engine)(self._table)
        if engine != "sqlite":
            made = made.from_select(list(self._columns), select(*_unnested(self._table, self._columns)))
        return self._conflict(made)


class BulkUpdate:
    """UPDATE of many rows of `table`, found by `key`, as one statement. Rows hold `key` and `columns`."""

    def __init__(self, table: Any, key: str, columns: Sequence[str]) -> None:
        self._table, self._key, self._columns = table, key, tuple(columns)
        self._made: dict[str, Any] = {}

    def __call__(self, connection: Connection, rows: Sequence[Row]) -> None:
        name = connection.dialect.name
        statement = self._made.get(name)
        if statement is None:
            statement = self._made[name] = self._build(name)
        columns = (self._key, *self._columns)
        if name == "sqlite":
            connection.execute(statement, [{f"the_{column}": row[column] for column in columns} for row in rows])
        else:
            connection.execute(statement, {f"the_{column}": [row[column] for row in rows] for column in columns})

    def _build(self, engine: str) -> Any:
        key = getattr(self._table, self._key)
        if engine == "sqlite":
            changed: dict[str, Any] = {column: bindparam(f"the_{column}") for column in self._columns}
            return plain_update(self._table).where(key == bindparam(f"the_{self._key}")).values(changed)
        given = select(*_unnested(self._table, (self._key, *self._columns))).subquery("given")
        changed = {column: given.c[column] for column in self._columns}
        return plain_update(self._table).where(key == given.c[self._key]).values(changed)


def _unnested(table: Any, columns: Iterable[str]) -> list[Any]:
    types = {column.name: column.type for column in table.__table__.columns}
    return [func.unnest(bindparam(f"the_{column}", type_=ARRAY(types[column]))).label(column) for column in columns]


def values(row: Any) -> tuple[Any, ...]:
    """A row's columns in order, for a dataclass with the same fields."""
    return tuple(row)
