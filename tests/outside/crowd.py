"""A school with many families, already bound, behind a site; and how their messages reach it."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import xlsxwriter
from sqlalchemy import func, select

from app.files.roster import load
from app.process.runtime import Clock, Runtime
from app.process.wiring import open_runtime
from models.actions import accounts
from models.actions.bindings import bind
from models.queries import roster as stored
from models.queries.bindings import by_code
from models.rules.binding import canonical
from models.schema import migrate
from models.tables import Account, CheckIn, Inbox
from tests.house import Platform
from tests.outside.site import ACCOUNT, AES_KEY, APP_ID, TOKEN, Site


def family(number: int) -> str:
    """The openid's key of a family; `tests.cast.openid` makes the openid of it."""
    return f"family-{number:04d}"


def settle(site: Site, families: int) -> Runtime:
    """Migrate, import a school with that many pupils in classes of forty, and bind each to a family."""
    path = site.folder / "crowd.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        pupils = book.add_worksheet("学生")
        pupils.write_row(0, 0, ("学校", "年级", "班级", "学号", "姓名", "性别", "家长手机"))
        for number in range(families):
            row = ("向阳小学", "三年级", f"{number // 40 + 1}班", f"P{number:04d}", f"林{number}", "", "")
            pupils.write_row(number + 1, 0, row)
        staff = book.add_worksheet("人员")
        staff.write_row(0, 0, ("编号", "姓名", "手机", "单位", "职务", "管辖"))
        staff.write_row(1, 0, ("T001", "何青", "", "向阳小学", "疫情报告人", ""))
    runtime = open_runtime(site.folder)
    migrate(runtime.database)
    with runtime.database.write() as connection:
        work = runtime.work(connection)
        load(work, path)
        work.flush()
    with runtime.database.write() as connection:
        work = runtime.work(connection)
        rows = stored.codes(connection, runtime.vault, work.units, None)
        codes = {f"o-{family(int(row.number[1:]))}": row.code for row in rows if row.kind == "student"}
        speakers = accounts.ensure(work, codes)
        today = work.district.day_of(work.now)
        for openid, code in codes.items():
            holder = by_code(connection, work.vault, canonical(code), today)
            assert holder is not None
            speakers[openid].followed_at = speakers[openid].typed_at = work.now
            bind(work, speakers[openid], holder, 1, "test", work.now)
        accounts.write_back(work, speakers.values())
        work.flush()
    return runtime


@dataclass
class Crowd:
    """Families that write while the server comes and goes. `confirmed`: (family, MsgId) that were answered 200."""

    site: Site
    families: int
    lines: int
    seed: int
    #: seconds between the deliveries of one message
    spacing: float = 1.0
    #: where a delivery may arrive, as behind a proxy; the site's own port where none is given
    ports: tuple[int, ...] = ()
    #: seconds at most between an answer and the family's next line
    pause: float = 0.4
    #: how often the last line is a fever: one family in so many; 0 never
    fevers: int = 0
    confirmed: set[tuple[str, int]] = field(default_factory=set)
    given_up: set[tuple[str, int]] = field(default_factory=set)
    deliveries: int = 0

    async def write(self) -> None:
        """Everybody writes their lines, one after the other; each is delivered up to three times, as WeChat does."""
        rng = random.Random(self.seed)
        limits = httpx.Limits(max_connections=64, keepalive_expiry=1.0)
        async with httpx.AsyncClient(timeout=5, limits=limits, trust_env=False) as client:
            pauses = [rng.uniform(0, 1.5) for _ in range(self.families)]
            await asyncio.gather(*(self._one(client, number, pauses[number]) for number in range(self.families)))

    async def _one(self, client: httpx.AsyncClient, number: int, pause: float) -> None:
        rng = random.Random(f"{self.seed} {number}")
        await asyncio.sleep(pause)
        platform = Platform(Clock(), TOKEN, APP_ID, AES_KEY, ACCOUNT)
        for line in range(self.lines):
            msg_id = 1_000_000 * (number + 1) + line
            hot = self.fevers and number % self.fevers == 0 and line == self.lines - 1
            text = "38.6" if hot else f"36.{line}"
            xml = platform.text_xml(family(number), text, msg_id=msg_id, sent_at=datetime.now(UTC))
            await self._deliver(client, platform, xml, (family(number), msg_id))
            await asyncio.sleep(rng.uniform(0, self.pause))

    async def _deliver(self, client: httpx.AsyncClient, platform: Platform, xml: str, name: tuple[str, int]) -> None:
        ports = self.ports or (self.site.port,)
        for turn in range(3):
            query, body = platform.request(xml)
            self.deliveries += 1
            port = ports[(name[1] + turn) % len(ports)]
            try:
                response = await client.post(f"http://127.0.0.1:{port}/wechat", params=query, content=body)
            except httpx.HTTPError:
                await asyncio.sleep(self.spacing)
                continue
            if response.status_code == httpx.codes.OK:
                self.confirmed.add(name)
                return
            await asyncio.sleep(self.spacing)
        self.given_up.add(name)

    async def kill_now_and_then(self, kills: int, between: tuple[float, float]) -> None:
        """Kill −9 and start again at seeded random moments."""
        rng = random.Random(f"kills {self.seed}")
        for _ in range(kills):
            await asyncio.sleep(rng.uniform(*between))
            await asyncio.to_thread(self.site.kill, self.site.processes[-1])
            await asyncio.to_thread(self.site.serve, "--web-only")


def stored_messages(runtime: Runtime) -> dict[tuple[str, int], int]:
    """(family, MsgId) → how many revisions it made."""
    with runtime.database.read() as connection:
        rows = connection.execute(
            select(Account.openid, CheckIn.msg_id, func.count())
            .join(Account, Account.id == CheckIn.reporter_account_id)
            .group_by(Account.openid, CheckIn.msg_id)
        )
        return {(openid.removeprefix("o-"), msg_id): count for openid, msg_id, count in rows}


def still_parked(runtime: Runtime) -> int:
    with runtime.database.read() as connection:
        return int(connection.execute(select(func.count()).where(Inbox.state == "parked")).scalar_one())


def folder_of(path: Path) -> Path:
    made = path / "site"
    made.mkdir()
    return made
