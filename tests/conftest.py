"""The test run's own servers: a SQLite file always, a private PostgreSQL where the machine has the binaries."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from app.process import logs
from models.database import Database, database_url
from models.schema import migrate
from tests.play import Play
from tests.postgres import Cluster, binaries

# As a process does at its start: structlog's own default would print an exception's local variables.
logs.set_up("json")

BACKENDS = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str | None]:
    """The address of a PostgreSQL whose template database is migrated; None, said aloud, where there is none."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield given
        return
    server = binaries()
    if server is None:
        yield None
        return
    cluster = Cluster(server)
    cluster.start()
    try:
        _make_template(cluster.url("postgres"), cluster.url("template_pinganbao"))
        yield cluster.url("postgres")
    finally:
        cluster.stop()


def _make_template(admin: str, template: str) -> None:
    engine = create_engine(database_url(admin, Path.cwd()), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE template_pinganbao"))
    engine.dispose()
    database = Database(database_url(template, Path.cwd()))
    migrate(database)
    database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(database_url(f"sqlite:///{path}", Path.cwd()))
    migrate(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path


@pytest.fixture
def sqlite_address(sqlite_template: Path, tmp_path: Path) -> str:
    """DATABASE_URL of a fresh, migrated SQLite file."""
    path = tmp_path / "pinganbao.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_address(postgres_url: str | None) -> Iterator[str]:
    """DATABASE_URL of a fresh, migrated PostgreSQL database."""
    if postgres_url is None:
        pytest.skip("NO POSTGRESQL: install the server binaries, or set TEST_POSTGRES_URL")
    name = f"t_{uuid.uuid4().hex[:12]}"
    admin = create_engine(database_url(postgres_url, Path.cwd()), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template_pinganbao"))
    url = database_url(postgres_url, Path.cwd()).set(drivername="postgresql", database=name)
    try:
        yield url.render_as_string(hide_password=False)
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()


@pytest.fixture(params=BACKENDS)
def address(request: pytest.FixtureRequest) -> str:
    """DATABASE_URL of a fresh, migrated database: the test runs once on each engine."""
    return str(request.getfixturevalue(f"{'sqlite' if request.param == 'sqlite' else 'postgres'}_address"))


@pytest.fixture
def database(address: str) -> Iterator[Database]:
    """The database behind `address`, on each engine in turn."""
    opened = Database(database_url(address, Path.cwd()))
    yield opened
    opened.close()


@pytest.fixture
def sqlite(sqlite_address: str) -> Iterator[Database]:
    """A database on SQLite only, for what does not differ between engines."""
    opened = Database(database_url(sqlite_address, Path.cwd()))
    yield opened
    opened.close()


@pytest.fixture
def play(sqlite: Database) -> Play:
    """The cast on a stage, on SQLite."""
    return Play(sqlite)


@pytest.fixture
def play_on_both(database: Database) -> Play:
    """The cast on a stage, once on each engine."""
    return Play(database)


@pytest.fixture
def empty_postgres_address(postgres_url: str | None) -> Iterator[str]:
    """DATABASE_URL of a fresh PostgreSQL database without any table."""
    if postgres_url is None:
        pytest.skip("NO POSTGRESQL: install the server binaries, or set TEST_POSTGRES_URL")
    name = f"e_{uuid.uuid4().hex[:12]}"
    admin = create_engine(database_url(postgres_url, Path.cwd()), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield (
            database_url(postgres_url, Path.cwd())
            .set(drivername="postgresql", database=name)
            .render_as_string(hide_password=False)
        )
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        admin.dispose()
