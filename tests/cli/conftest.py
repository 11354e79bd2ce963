"""A folder as an operator has it: `.env`, a migrated database with the cast in it, and the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Connection
from typer.testing import CliRunner, Result

from app.__main__ import make_cli
from app.process.settings import Settings
from models.database import Database, database_url
from models.queries.units import load
from models.vault import Vault
from models.work import Work
from tests.cast import DISTRICT, SECRET, Cast, at, build

DISTRICT_TOML = """\
[district]
name = "春江区"
code = "230717"
bureau = "春江区教育局"
[times]
starts_on = 2026-02-22
"""


@dataclass
class Desk:
    """What stands on the operator's desk."""

    folder: Path
    database: Database
    vault: Vault
    cast: Cast

    def run(self, *words: str, given: str | None = None) -> Result:
        """`pinganbao WORDS` in the folder."""
        return CliRunner().invoke(make_cli(), list(words), input=given)

    def work(self, connection: Connection, clock: str = "08:00") -> Work:
        return Work(connection, at(clock), DISTRICT, self.vault, load(connection))


@pytest.fixture
def make_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Desk]]:
    """Puts up a desk on a given DATABASE_URL."""
    opened: list[Database] = []

    def make(address: str) -> Desk:
        folder = tmp_path / "desk"
        folder.mkdir()
        for name in Settings.model_fields:
            monkeypatch.delenv(name.upper(), raising=False)
        (folder / ".env").write_text(f"DATABASE_URL={address}\nSECRET_KEY={SECRET}\n", "utf-8")
        (folder / "district.toml").write_text(DISTRICT_TOML, "utf-8")
        monkeypatch.chdir(folder)
        database = Database(database_url(address, folder))
        opened.append(database)
        vault = Vault(SECRET)
        with database.write() as connection:
            cast = build(connection, vault)
        return Desk(folder, database, vault, cast)

    yield make
    for database in opened:
        database.close()


@pytest.fixture
def desk(sqlite_address: str, make_desk: Callable[[str], Desk]) -> Desk:
    return make_desk(sqlite_address)


@pytest.fixture
def desk_on_both(address: str, make_desk: Callable[[str], Desk]) -> Desk:
    return make_desk(address)
