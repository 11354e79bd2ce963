"""Bringing a database to the newest schema, and asking whether it is there."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from models.database import Database

ROOT = Path(__file__).resolve().parent.parent


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "alembic"))
    return config


def newest() -> str | None:
    """The newest schema version this code knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def fits(at: str | None) -> bool:
    """Whether this code can work on a database at version `at`: its own newest, or one it has never heard of.

    The second is the future: while a release is rolled out, processes of the old one work on the schema of the new.
    Migrations only add (see docs/operations.md), so what the old code reads and writes is still there.
    """
    if at is None or at == newest():
        return at is not None
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    return at not in known


def current(database: Database) -> str | None:
    """The version the database is at; None before the first migration."""
    with database.read() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def migrate(database: Database) -> tuple[str | None, str | None]:
    """Upgrade to the newest version; gives (before, after). Two callers at once: the second finds nothing to do."""
    config = _config()
    with database.write() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(730517)"))
        before = MigrationContext.configure(connection).get_current_revision()
        if before != newest():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    return before, current(database)
