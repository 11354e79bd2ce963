"""Opening the database: SQLite in WAL mode, or PostgreSQL; synchronous, Core statements only.

SQLite runs with synchronous=FULL (what is answered must be durable) and every writing unit starts with BEGIN IMMEDIATE:
a read that later wants to write would otherwise fail at once, whatever the busy timeout.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

BUSY_MS = 15_000
#: How often the log is written back into the file while a server runs, and from what size it is cut when idle.
CHECKPOINT_SECONDS = 0.5
LONG_LOG = 32 * 2**20


def database_url(value: str, folder: Path) -> URL:
    """The driver URL for a `DATABASE_URL`; a relative SQLite path is taken from `folder`.

    Raises ValueError for anything but SQLite and PostgreSQL.
    """
    try:
        url = make_url(value)
    except ArgumentError:  # its own words repeat the value, which may hold a password
        raise ValueError("DATABASE_URL: sqlite:///… or postgresql://… is expected") from None
    backend = url.get_backend_name()
    if backend == "sqlite":
        name = url.database or ""
        if not name or name == ":memory:":
            raise ValueError("DATABASE_URL: a file is needed, for example sqlite:///var/pinganbao.db")
        return url.set(drivername="sqlite", database=str((folder / name).resolve()))
    if backend in {"postgresql", "postgres"}:
        return url.set(drivername="postgresql+psycopg")
    raise ValueError("DATABASE_URL: sqlite:///… or postgresql://… is expected")


class Database:
    """One engine, and the two kinds of unit of work: `write()` (one transaction, committed at its end) and `read()`."""

    def __init__(self, url: URL, pool_size: int = 5) -> None:
        self.url = url
        self.is_sqlite = url.get_backend_name() == "sqlite"
        options: dict[str, Any] = {}
        if self.is_sqlite:
            Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
            options = {
                "poolclass": QueuePool,
                "connect_args": {
                    "check_same_thread": False,
                    "timeout": BUSY_MS / 1000,
                    "cached_statements": 1024,  # the hot texts, for each number of rows
                },
            }
        self.engine: Engine = create_engine(
            url, pool_size=pool_size, max_overflow=10, pool_pre_ping=not self.is_sqlite, **options
        )
        self._writing = self.engine
        self._autocheckpoint = True
        if self.is_sqlite:
            event.listen(self.engine, "connect", self._prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
            self._writing = self.engine.execution_options(immediate=True)
        else:
            event.listen(self.engine, "connect", _prepare_postgres)

    def _prepare_sqlite(self, connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours to say
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            f"busy_timeout={BUSY_MS}",
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "cache_size=-65536",
            f"wal_autocheckpoint={1000 if self._autocheckpoint else 0}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may write; commits at the end, rolls back on an exception."""
        with self._writing.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads; on SQLite it does not queue behind writers."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    def has_work(self, look: Callable[[Connection], bool]) -> bool:
        """Whether `look` finds something, or would change something. Asked on SQLite alone, where one writer shuts out all
        others: its lock is not to be taken every minute for nothing. Elsewhere always True, and nobody looks."""
        if not self.is_sqlite:
            return True
        with self.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA query_only = ON")
            try:
                return look(connection)
            except OperationalError:  # it wanted to write
                return True
            finally:
                connection.rollback()
                connection.exec_driver_sql("PRAGMA query_only = OFF")
                connection.rollback()

    @contextmanager
    def checkpointing(self) -> Iterator[None]:
        """While the block runs, SQLite's log is written back by a thread of its own: no commit waits for it.

        Nothing on PostgreSQL. A log that has grown long is cut when nothing was written for a while.
        """
        if not self.is_sqlite:
            yield
            return
        self._autocheckpoint = False
        ended = threading.Event()
        thread = threading.Thread(target=self._checkpoint, args=(ended,), name="checkpoints", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join(timeout=BUSY_MS / 1000)
            self._autocheckpoint = True

    def _checkpoint(self, ended: threading.Event) -> None:
        name = self.url.database or ""
        connection = sqlite3.connect(name, timeout=0, isolation_level=None)
        try:
            before = 0
            while not ended.wait(CHECKPOINT_SECONDS):
                with suppress(sqlite3.OperationalError, FileNotFoundError):  # somebody else is at it
                    _, pages, _ = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
                    if pages == before and Path(f"{name}-wal").stat().st_size > LONG_LOG:
                        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                    before = pages
        finally:
            connection.close()

    def keeper(self) -> Keeper:
        """A connection for one worker that writes all day."""
        return Keeper(self._writing, [] if self.is_sqlite else ["SET enable_seqscan = off"])

    def close(self) -> None:
        self.engine.dispose()


class Keeper:
    """One connection kept between transactions: no pool and no ping a batch. After an error it is a new one.

    On PostgreSQL it never reads a table from end to end where an index leads to the rows: its plans live as long as it
    does, and one made on the first morning, when the tables are nearly empty, would read them whole ever after.
    """

    def __init__(self, engine: Engine, settings: Sequence[str] = ()) -> None:
        self._engine, self._settings = engine, settings
        self._connection: Connection | None = None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may write; commits at the end, rolls back on an exception."""
        connection = self._connection
        if connection is None:
            connection = self._connection = self._open()
        try:
            with connection.begin():
                yield connection
        except BaseException:
            self.close()
            raise

    def _open(self) -> Connection:
        connection = self._engine.connect()
        if self._settings:
            with connection.begin():
                for setting in self._settings:
                    connection.exec_driver_sql(setting)
            connection.detach()  # it never goes back to the pool with its own settings
        return connection

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(SQLAlchemyError):  # it may be what was broken
                connection.close()


def _prepare_postgres(connection: Any, _record: Any) -> None:
    """Compiling a statement costs the server more than any of ours takes; sums of a thousand schools stay in memory."""
    connection.autocommit = True  # what is set in a transaction ends with it
    connection.execute("SET jit = off")
    connection.execute("SET work_mem = '16MB'")
    connection.autocommit = False


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
