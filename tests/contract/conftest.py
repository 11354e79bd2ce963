"""The product as the platform and an operator reach it: signed posts in, answers and exports out."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.files.exports.columns import COLUMNS
from app.files.exports.rows import ROWS, Source
from bots.engine.registry import Registry, discover
from models.database import Database, database_url
from models.tables import Base
from tests.cast import MONDAY, Cast, at, openid
from tests.house import ACCOUNT, Open, StageClock, Web, make_runtime, seat

#: Every name the cast has: somebody without rights must never read one of another family.
NAMES = ("林林", "林森", "王乐乐", "李小明", "赵可", "周舟")


@dataclass
class Line:
    """One account's line: `say` posts a text and gives what the phone shows."""

    web: Web
    cast: Cast
    clock: StageClock
    _msg_id: int = 7_000_000_000_000_000_000

    async def say(self, who: str, text: str, *, sent_at: datetime | None = None, msg_id: int | None = None) -> str:
        if msg_id is None:
            self._msg_id += 1
            msg_id = self._msg_id
        said = await self.web.say(who, text, msg_id=msg_id, sent_at=sent_at)
        self.clock.move(seconds=1)
        return said

    async def talk(self, who: str, *texts: str) -> str:
        """Several lines; gives the last answer."""
        answer = ""
        for text in texts:
            answer = await self.say(who, text)
        return answer

    async def event(self, who: str, event: str, key: str = "", extra: str = "", created: int | None = None) -> str:
        moment = created if created is not None else int(self.clock().timestamp())
        xml = (
            f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName><FromUserName><![CDATA[{openid(who)}]]></FromUserName>"
            f"<CreateTime>{moment}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{event}]]></Event>"
            f"<EventKey><![CDATA[{key}]]></EventKey>{extra}</xml>"
        )
        response = await self.web.post(xml)
        assert response.status_code == 200
        self.clock.move(seconds=1)
        return self.web.platform.heard(response)

    def clock_at(self, clock: str, day: date = MONDAY) -> None:
        self.clock.moment = at(clock, day)

    def export(self, kind: str, first: date = MONDAY, last: date | None = None) -> list[dict[str, Any]]:
        runtime = self.web.runtime
        with runtime.database.read() as connection:
            source = Source(runtime, connection, first, last or first)
            return [dict(zip(COLUMNS[kind], row, strict=True)) for row in ROWS[kind](source)]

    def report(self, name: str, day: date = MONDAY) -> dict[str, Any]:
        """Somebody's row in the export `checkins`."""
        (row,) = [row for row in self.export("checkins", day) if row["name"] == name]
        return row

    def owed(self, who: str, kind: str | None = None) -> list[str]:
        """What is owed to somebody unasked, oldest first."""
        from models.tables import Outbox

        runtime = self.web.runtime
        with runtime.database.read() as connection:
            rows = connection.execute(
                select(Outbox.kind, Outbox.body).where(Outbox.account_id == self.cast.accounts[who]).order_by(Outbox.id)
            ).all()
        return [
            str(runtime.vault.open_json("outbox.body", row.body).get("text", ""))
            for row in rows
            if kind in (None, row.kind)
        ]

    def counts(self) -> dict[str, int]:
        """Rows in every table."""
        with self.web.runtime.database.read() as connection:
            return {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in Base.metadata.sorted_tables
            }


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@lru_cache
def registry() -> Registry:
    """All conversations, found once."""
    return discover()


@pytest.fixture(scope="session")
def seated(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Cast]:
    """A database file with the cast in it, to copy."""
    path = tmp_path_factory.mktemp("seated") / "seated.db"
    shutil.copy(sqlite_template, path)
    database = Database(database_url(f"sqlite:///{path}", Path.cwd()))
    cast = seat(make_runtime(database))
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path, cast


@pytest.fixture
async def line(seated: tuple[Path, Cast], tmp_path: Path) -> AsyncIterator[Line]:
    """The cast at 07:31 of its Monday."""
    template, cast = seated
    shutil.copy(template, tmp_path / "line.db")
    database = Database(database_url(f"sqlite:///{tmp_path}/line.db", Path.cwd()))
    clock = StageClock(at("07:31"))
    async with Open(make_runtime(database, clock), registry()) as web:
        yield Line(web, cast, clock)
    database.close()
