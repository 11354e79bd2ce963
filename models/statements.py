"""Statements that differ between the two engines, built once and used ever after.

Building a statement costs more than running it, so the hot ones are module values. SQLAlchemy writes their text once;
after that the text goes to the driver as it is, because compiling parameters and wrapping results costs more than the
database does. Many rows go out as few statements: on SQLite as one INSERT of many VALUES (each step of a statement gives
up the interpreter's lock, so a step a row is dear), on PostgreSQL as one JSON value that the server takes apart.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    ARRAY,
    Connection,
    Date,
    DateTime,
    LargeBinary,
    Text,
    TypeDecorator,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
)
from sqlalchemy import update as plain_update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

Row = Mapping[str, Any]


def insert(connection: Connection, table: Any) -> Any:
    """An INSERT that knows ON CONFLICT on this engine."""
    return _insert(connection.dialect.name)(table)


def _insert(engine: str) -> Callable[[Any], Any]:
    return sqlite.insert if engine == "sqlite" else postgresql.insert


class Among:
    """Conditions for a statement that is built once: `among(column, name)` is "column is one of :name"."""

    def __init__(self, engine: str) -> None:
        self.is_sqlite = engine == "sqlite"
        self.names: set[str] = set()

    def __call__(self, column: Any, name: str) -> Any:
        self.names.add(name)
        if self.is_sqlite:
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


# --- values on their way in and out --------------------------------------------------------------------------------
Convert = Callable[[Any], Any]


@lru_cache(maxsize=4096)
def _moment_to_sqlite(value: datetime | None) -> str | None:
    """As SQLAlchemy writes it: UTC, no zone, microseconds. A batch holds few moments, many times each."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


@lru_cache(maxsize=4096)
def _moment_from_sqlite(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


@lru_cache(maxsize=1024)
def _date_to_text(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


@lru_cache(maxsize=1024)
def _date_from_sqlite(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


@lru_cache(maxsize=4096)
def _moment_to_json(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return value.isoformat()


def _bytes_to_json(value: bytes | None) -> str | None:
    return None if value is None else b64encode(value).decode()


def _moment_from_postgresql(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


def _is_moment(type_: Any) -> bool:
    """Whether a column holds moments as our tables do: aware, in UTC."""
    return isinstance(type_, TypeDecorator) and isinstance(type_.impl_instance, DateTime)


def _inward(type_: Any, connection: Connection) -> Convert | None:
    """What makes a value of a column of this type one for the driver."""
    if connection.dialect.name == "sqlite":
        if _is_moment(type_):
            return _moment_to_sqlite
        if isinstance(type_, Date):
            return _date_to_text
        if isinstance(type_, LargeBinary):
            return None
    made: Convert | None = type_.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    return made


def _outward(type_: Any, connection: Connection) -> Convert | None:
    """What makes a value of the driver one of this column."""
    is_sqlite = connection.dialect.name == "sqlite"
    if _is_moment(type_):
        return _moment_from_sqlite if is_sqlite else _moment_from_postgresql
    if isinstance(type_, Date):
        return _date_from_sqlite if is_sqlite else None
    if isinstance(type_, LargeBinary):
        return None if is_sqlite else bytes
    made: Convert | None = type_.dialect_impl(connection.dialect).result_processor(connection.dialect, None)
    return made


def _nullable(convert: Convert) -> Convert:
    return lambda value: None if value is None else convert(value)


def _types(table: Any) -> dict[str, Any]:
    return {column.name: column.type for column in table.__table__.columns}


def run(connection: Connection, text: str, given: Any) -> Any:
    """Run a statement in the driver's own words, inside the connection's transaction; gives the driver's cursor.

    Who listens to an engine's statements hears of these too. Raises SQLAlchemy's errors, without the values.
    """
    if connection.dispatch.before_cursor_execute:
        result = connection.exec_driver_sql(text, given if isinstance(given, dict) else tuple(given))
        return result.cursor or _Nothing(result.rowcount)
    cursor = connection.connection.cursor()
    try:
        cursor.execute(text, given)
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(
            text, None, error, connection.dialect.loaded_dbapi.Error, hide_parameters=True, dialect=connection.dialect
        ) from error
    return cursor


@contextmanager
def together(connection: Connection) -> Iterator[None]:
    """Statements run inside go to PostgreSQL without waiting for each other: one round trip for all of them. What one of
    them raises is raised at the end at the latest. Only `run` for statements that give no rows, and `Question.ask`, may
    be used inside."""
    if not _can_wait(connection):
        yield
        return
    driver: Any = connection.connection.dbapi_connection
    with _as_sqlalchemys(connection, "several statements"), driver.pipeline():
        yield


def _can_wait(connection: Connection) -> bool:
    """Whether statements may be on their way together; whoever listens to an engine's statements hears them one by one."""
    return connection.dialect.name != "sqlite" and not connection.dispatch.before_cursor_execute


@contextmanager
def _as_sqlalchemys(connection: Connection, text: str) -> Iterator[None]:
    try:
        yield
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(
            text, None, error, connection.dialect.loaded_dbapi.Error, hide_parameters=True, dialect=connection.dialect
        ) from error


class _Nothing:
    """What is left of a cursor that SQLAlchemy has closed, because its statement gives no rows."""

    def __init__(self, rowcount: int) -> None:
        self.rowcount = rowcount

    def fetchall(self) -> list[tuple[Any, ...]]:
        return []

    def close(self) -> None: ...


#: What a question that is on its way will give; ask for it when the block of `together` has ended.
Rows = Callable[[], list[tuple[Any, ...]]]


# --- questions -----------------------------------------------------------------------------------------------------
class Question:
    """A SELECT asked in every batch. Called with a connection and the values of its parameters; gives plain tuples,
    in Python's own types, of the selected columns in order."""

    def __init__(self, build: Callable[[Among], Any]) -> None:
        self._build = build
        self._made: dict[str, tuple[Callable[[Mapping[str, Any]], tuple[str, Any]], list[tuple[int, Convert]]]] = {}

    def __call__(self, connection: Connection, **given: Any) -> list[tuple[Any, ...]]:
        cursor, convert = self._run(connection, given)
        return _fetched(cursor, convert)

    def ask(self, connection: Connection, **given: Any) -> Rows:
        """Send the question with others (see `together`); on SQLite, where nothing waits, it is answered at once."""
        cursor, convert = self._run(connection, given)
        if not _can_wait(connection):
            rows = _fetched(cursor, convert)
            return lambda: rows
        return lambda: _fetched(cursor, convert)

    def _run(self, connection: Connection, given: Mapping[str, Any]) -> tuple[Any, list[tuple[int, Convert]]]:
        made = self._made.get(connection.dialect.name)
        if made is None:
            made = self._made[connection.dialect.name] = self._compile(connection)
        write, convert = made
        text, values = write(given)
        return run(connection, text, values), convert

    def _compile(self, connection: Connection) -> Any:
        engine = connection.dialect.name
        among = Among(engine)
        statement = self._build(among)
        convert = [
            (number, made if engine == "sqlite" or made is not bytes else _nullable(made))
            for number, column in enumerate(statement.selected_columns)
            if (made := _outward(column.type, connection)) is not None
        ]
        if engine != "sqlite":
            text, fixed = _with_fixed_lists(statement.compile(dialect=connection.dialect))
            lists = among.names
            return (
                lambda given: (text, fixed | {k: _filled(v) if k in lists else v for k, v in given.items()}),
                convert,
            )
        return _SqliteText(statement.compile(dialect=connection.dialect), connection), convert


#: PostgreSQL reckons with ten values where it does not know how many there are. Asked for fewer, it would find its plan
#: for any number too dear and plan each batch anew, which costs as much as the answer.
_RECKONED = 10


def _filled(values: list[Any]) -> list[Any]:
    """A short list filled up by repeating its last value, which changes no answer."""
    return values + values[-1:] * (_RECKONED - len(values)) if 0 < len(values) < _RECKONED else values


def _fetched(cursor: Any, convert: Sequence[tuple[int, Convert]]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    cursor.close()
    return [_converted(row, convert) for row in rows] if convert and rows else rows


def _converted(row: tuple[Any, ...], convert: Sequence[tuple[int, Convert]]) -> tuple[Any, ...]:
    made = list(row)
    for number, to in convert:
        made[number] = to(made[number])
    return tuple(made)


def _with_fixed_lists(compiled: Any) -> tuple[str, dict[str, Any]]:
    """The text and the values it brings with it; lists that belong to the statement are written out."""
    text, fixed = compiled.string, dict(compiled.params)
    for name, value in compiled.params.items():
        hole = f"__[POSTCOMPILE_{name}]"
        if hole in text:
            names = [f"{name}_{number}" for number in range(len(value))]
            text = text.replace(hole, ", ".join(f"%({one})s" for one in names))
            fixed |= dict(zip(names, value, strict=True))
            del fixed[name]
    return text, fixed


class _SqliteText:
    """The text and the values of a compiled SELECT for this many values. Lists are filled up to a power of two by
    repeating their last value: few texts, which the driver keeps prepared."""

    _HOLE = re.compile(r"__\[POSTCOMPILE_\w+\]|\?")

    def __init__(self, compiled: Any, connection: Connection) -> None:
        self._pieces = self._HOLE.split(compiled.string)
        self._names: list[str] = list(compiled.positiontup)
        self._fixed = dict(compiled.params)
        self._expands = [hole != "?" for hole in self._HOLE.findall(compiled.string)]
        types = {name: bind.type for bind, name in compiled.bind_names.items()}
        self._inward = [_inward(types[name], connection) for name in self._names]

    def __call__(self, given: Mapping[str, Any]) -> tuple[str, tuple[Any, ...]]:
        text = [self._pieces[0]]
        values: list[Any] = []
        for name, expands, convert, piece in zip(
            self._names, self._expands, self._inward, self._pieces[1:], strict=True
        ):
            value = given[name] if name in given else self._fixed[name]
            if expands:
                listed = list(value) if convert is None else [convert(one) for one in value]
                size = _round_up(len(listed))
                listed += listed[-1:] * (size - len(listed))
                values += listed
                text.append(_holes(size))
            else:
                values.append(value if convert is None else convert(value))
                text.append("?")
            text.append(piece)
        return "".join(text), tuple(values)


def _round_up(count: int) -> int:
    """The next power of two; 0 stays."""
    return 1 << (count - 1).bit_length() if count else 0


@lru_cache(maxsize=64)
def _holes(count: int) -> str:
    return ", ".join("?" * count) if count else "NULL"


# --- writes --------------------------------------------------------------------------------------------------------
#: Rows in one statement of many VALUES: a whole batch, and within SQLite's 32,766 values.
_MOST_ROWS = 500


class Bulk:
    """INSERT of many rows of `table` with as few statements as the engine likes.

    columns: every row has exactly these. conflict: gets the INSERT and its `excluded`-bearing self, gives it with an ON
    CONFLICT clause.
    """

    def __init__(self, table: Any, columns: Sequence[str], conflict: Callable[[Any], Any] = lambda made: made) -> None:
        self._table, self._columns, self._conflict = table, tuple(columns), conflict
        self._made: dict[str, Callable[[Connection, Sequence[Row]], int]] = {}

    def __call__(self, connection: Connection, rows: Sequence[Row]) -> int:
        """Gives how many rows were written; 0 inside `together`, where nobody waits for the answer."""
        if not rows:
            return 0
        name = connection.dialect.name
        made = self._made.get(name)
        if made is None:
            build = self._for_sqlite if name == "sqlite" else self._for_postgresql
            made = self._made[name] = build(connection)
        return made(connection, rows)

    def _for_sqlite(self, connection: Connection) -> Callable[[Connection, Sequence[Row]], int]:
        statement = self._conflict(sqlite.insert(self._table))
        text = str(statement.compile(dialect=connection.dialect, column_keys=list(self._columns)))
        one = f"({', '.join('?' * len(self._columns))})"
        before, after = text.split(f"VALUES {one}", 1)
        # The columns stand in the table's order in SQLAlchemy's text.
        names = [name for name in _types(self._table) if name in self._columns]
        return _ManyValues(before + "VALUES ", one, after, _Reader(self._table, names, connection))

    def _for_postgresql(self, connection: Connection) -> Callable[[Connection, Sequence[Row]], int]:
        made = postgresql.insert(self._table).from_select(
            list(self._columns), select(*_from_json(self._table, self._columns))
        )
        return _OneJson(self._conflict(made), self._table, self._columns, connection)


class BulkUpdate:
    """UPDATE of many rows of `table`, found by `key`. Rows hold `key` and `columns`.

    sets: columns that do not simply take the row's value → what they take, in SQL that both engines know, where `given`
    is the row that was handed in. where: a further condition, likewise.
    """

    def __init__(
        self, table: Any, key: str, columns: Sequence[str], sets: Mapping[str, str] | None = None, where: str = ""
    ) -> None:
        self._table, self._key, self._columns = table, key, tuple(columns)
        self._sets = {name: f"given.{name}" for name in self._columns} | dict(sets or {})
        self._where = where
        self._made: dict[str, Callable[[Connection, Sequence[Row]], int]] = {}

    def __call__(self, connection: Connection, rows: Sequence[Row]) -> int:
        """Gives how many rows were written; 0 inside `together`, where nobody waits for the answer."""
        if not rows:
            return 0
        name = connection.dialect.name
        made = self._made.get(name)
        if made is None:
            build = self._for_sqlite if name == "sqlite" else self._for_postgresql
            made = self._made[name] = build(connection)
        return made(connection, rows)

    def _for_sqlite(self, connection: Connection) -> Callable[[Connection, Sequence[Row]], int]:
        names = (self._key, *self._columns)
        sets = ", ".join(f"{name} = {value}" for name, value in self._sets.items())
        named = ", ".join(f"column{number} AS {name}" for number, name in enumerate(names, 1))
        table = self._table.__tablename__
        one = f"({', '.join('?' * len(names))})"
        more = f" AND {self._where}" if self._where else ""
        return _ManyValues(
            f"UPDATE {table} SET {sets} FROM (SELECT {named} FROM (VALUES ",  # noqa: S608 (names of our own columns)
            one,
            f")) AS given WHERE {table}.{self._key} = given.{self._key}{more}",
            _Reader(self._table, names, connection),
        )

    def _for_postgresql(self, connection: Connection) -> Callable[[Connection, Sequence[Row]], int]:
        names = (self._key, *self._columns)
        given = select(*_from_json(self._table, names)).subquery("given")
        changed: dict[str, Any] = {name: literal_column(value) for name, value in self._sets.items()}
        made = plain_update(self._table).where(getattr(self._table, self._key) == given.c[self._key]).values(changed)
        if self._where:
            made = made.where(literal_column(self._where))
        return _OneJson(made, self._table, names, connection)


class _Reader:
    """Rows as the driver wants them: the columns' values in order, one after the other."""

    def __init__(self, table: Any, columns: Sequence[str], connection: Connection) -> None:
        types = _types(table)
        self.pick = itemgetter(*columns)
        self.convert = [
            (number, made)
            for number, name in enumerate(columns)
            if (made := _inward(types[name], connection)) is not None
        ]
        self.width = len(columns)

    def __call__(self, rows: Sequence[Row]) -> list[Any]:
        flat: list[Any] = []
        for row in rows:
            flat += self.pick(row)
        width = self.width
        for number, convert in self.convert:
            flat[number::width] = [convert(value) for value in flat[number::width]]
        return flat


class _ManyValues:
    """A statement around rows of VALUES, on SQLite."""

    def __init__(self, before: str, one: str, after: str, read: _Reader) -> None:
        self._before, self._one, self._after, self._read = before, one, after, read
        self._texts: dict[int, str] = {}

    def __call__(self, connection: Connection, rows: Sequence[Row]) -> int:
        count = 0
        for start in range(0, len(rows), _MOST_ROWS):
            some = rows[start : start + _MOST_ROWS]
            text = self._texts.get(len(some))
            if text is None:
                text = f"{self._before}{', '.join([self._one] * len(some))}{self._after}"
                self._texts[len(some)] = text
            cursor = run(connection, text, self._read(some))
            count += max(cursor.rowcount, 0)
            cursor.close()
        return count


class _OneJson:
    """A statement that takes its rows from one JSON value, on PostgreSQL."""

    def __init__(self, statement: Any, table: Any, columns: Sequence[str], connection: Connection) -> None:
        compiled = statement.compile(dialect=connection.dialect)
        self._text = str(compiled)
        self._fixed = {name: value for name, value in compiled.params.items() if name != "rows"}
        types = _types(table)
        self._pick = itemgetter(*columns)
        self._names = [f"c{number}" for number in range(len(columns))]
        self._convert = [
            (f"c{number}", made)
            for number, name in enumerate(columns)
            if (made := _json_convert(types[name])) is not None
        ]

    def __call__(self, connection: Connection, rows: Sequence[Row]) -> int:
        made = [dict(zip(self._names, self._pick(row), strict=True)) for row in rows]
        for name, convert in self._convert:
            for row in made:
                row[name] = convert(row[name])
        cursor = run(connection, self._text, {**self._fixed, "rows": _to_json(made)})
        count = max(int(cursor.rowcount), 0)
        cursor.close()
        return count


_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _json_convert(type_: Any) -> Convert | None:
    if _is_moment(type_):
        return _moment_to_json
    if isinstance(type_, Date):
        return _date_to_text
    return _bytes_to_json if isinstance(type_, LargeBinary) else None


def _from_json(table: Any, columns: Iterable[str]) -> list[Any]:
    """The columns of the rows in the parameter `rows`: an array of objects with the fields c0, c1 …"""
    types = _types(table)
    names = tuple(columns)
    sent = [Text() if isinstance(types[name], LargeBinary) else types[name] for name in names]
    given = (
        func.json_to_recordset(cast(bindparam("rows", type_=Text()), postgresql.JSON))
        .table_valued(*(column(f"c{number}", type_) for number, type_ in enumerate(sent)))
        .render_derived(name="sent", with_types=True)
    )
    return [
        (
            func.decode(given.c[f"c{number}"], "base64")
            if isinstance(types[name], LargeBinary)
            else given.c[f"c{number}"]
        ).label(name)
        for number, name in enumerate(names)
    ]


def values(row: Any) -> tuple[Any, ...]:
    """A row's columns in order, for a dataclass with the same fields."""
    return tuple(row)
