"""Migrations only add: what the code of the release before reads and writes is there after each of them.

A release is rolled out process by process, so for a while old code works on the new schema (docs/operations.md). Each
step of the history is taken on its own, on both engines, and the schema before it is compared with the one after.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, Table, inspect, literal_column, select

from models import schema
from models.database import Database, database_url
from models.schema import ROOT

CONFIG = Config()
CONFIG.set_main_option("script_location", str(ROOT / "alembic"))
STEPS = [script.revision for script in reversed(list(ScriptDirectory.from_config(CONFIG).walk_revisions()))]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.long)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path}/empty.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("empty_postgres_address")
    opened = Database(database_url(url, tmp_path))
    yield opened
    opened.close()


def upgrade(connection: Connection, to: str) -> None:
    CONFIG.attributes["connection"] = connection
    command.upgrade(CONFIG, to)


def tables_of(connection: Connection) -> dict[str, Table]:
    found = MetaData()
    found.reflect(connection)
    return {table.name: table for table in found.sorted_tables if table.name != "alembic_version"}


def unique_sets(connection: Connection, table: str) -> set[tuple[str, ...]]:
    seen = inspect(connection)
    made = {tuple(sorted(one["column_names"])) for one in seen.get_unique_constraints(table)}
    return made | {
        tuple(sorted(name or "" for name in one["column_names"])) for one in seen.get_indexes(table) if one["unique"]
    }


def what_old_code_misses(connection: Connection, before: dict[str, Table], rules: dict[str, Any]) -> list[str]:
    """In words, what a statement of the code before would stumble over."""
    after, lost = tables_of(connection), []
    for name, old in before.items():
        new = after.get(name)
        if new is None:
            lost.append(f"table {name} is gone")
            continue
        for column in old.columns:
            now = new.columns.get(column.name)
            if now is None:
                lost.append(f"{name}.{column.name} is gone")
            elif str(now.type) != str(column.type):
                lost.append(f"{name}.{column.name} was {column.type} and is {now.type}")
            elif column.nullable and not now.nullable:
                lost.append(f"{name}.{column.name} may not be empty any more")
        for column in new.columns:
            if column.name not in old.columns and not column.nullable and column.server_default is None:
                lost.append(f"{name}.{column.name} is new, and old code leaves it out")
        for columns in unique_sets(connection, name) - rules[name]:
            if set(columns) <= set(old.columns.keys()):
                lost.append(f"{name}: {columns} must be unique now")
        # The very statement: everything the old code knew of the table, read.
        kept = [literal_column(f'"{one.name}"') for one in old.columns if one.name in new.columns]
        connection.execute(select(*kept).select_from(old).limit(1))
    return lost


def test_after_each_migration_the_statements_of_the_code_before_it_still_work(empty: Database) -> None:
    with empty.write() as connection:
        upgrade(connection, STEPS[0])
    for step in STEPS[1:]:
        with empty.write() as connection:
            before = tables_of(connection)
            rules = {name: unique_sets(connection, name) for name in before}
            upgrade(connection, step)
            assert what_old_code_misses(connection, before, rules) == [], step


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("ALTER TABLE versions RENAME TO counters", "table versions is gone"),
        (
            "ALTER TABLE versions RENAME COLUMN value TO number",
            "versions.value is gone; versions.number is new, and old code leaves it out",
        ),
        ("ALTER TABLE accounts ADD COLUMN nick VARCHAR(8) NOT NULL DEFAULT ''", ""),
        ("ALTER TABLE accounts ADD COLUMN nick VARCHAR(8)", ""),
        ("CREATE UNIQUE INDEX u ON persons (name)", "persons: ('name',) must be unique now"),
    ],
)
def test_a_change_that_would_break_old_code_is_seen(database: Database, change: str, said: str) -> None:
    with database.write() as connection:
        before = tables_of(connection)
        rules = {name: unique_sets(connection, name) for name in before}
        connection.exec_driver_sql(change)
        assert "; ".join(what_old_code_misses(connection, before, rules)) == said


def test_a_process_of_the_release_before_works_on_a_schema_it_has_never_heard_of() -> None:
    assert schema.fits(schema.newest())
    assert schema.fits("20991231_9999")
    assert not schema.fits(STEPS[0])
    assert not schema.fits(None)
