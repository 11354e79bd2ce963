"""Runs migrations on the connection it is given, or on DATABASE_URL when called as `alembic` by a developer."""

from __future__ import annotations

import os
from pathlib import Path

from alembic import context
from sqlalchemy import Connection

from models.database import Database, database_url
from models.tables import Base


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    database = Database(database_url(os.environ.get("DATABASE_URL", "sqlite:///var/pinganbao.db"), Path.cwd()))
    with database.write() as connection:
        run(connection)
    database.close()
