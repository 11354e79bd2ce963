"""The schema arrives by migration, is what the tables say, and arrives once."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from models import schema
from models.database import Database
from models.tables import Base


def test_the_migrations_lead_to_exactly_the_tables(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_twice_finds_nothing_to_do(database: Database) -> None:
    assert schema.migrate(database) == (schema.newest(), schema.newest())
