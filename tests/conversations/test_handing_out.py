"""导出: links to files that only they who asked may open, for two hours, while they hold the post (domain handbook 2.4)."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from app.process.runtime import Runtime
from models.database import Database
from models.tables import Audit, Binding, Post
from tests.cast import at
from tests.house import Open, StageClock, make_runtime, seat

pytestmark = pytest.mark.anyio
_ADDRESS = re.compile(r'<a href="[^"]*(/h5/x/[^"]+)">([^<]+)</a>')


@pytest.fixture
def runtime(sqlite: Database) -> Runtime:
    made = make_runtime(sqlite, StageClock(at("08:10")))
    seat(made)
    return made


def addresses(said: str) -> dict[str, str]:
    """What a message offers: "三年级2班缺勤 表格" → the address."""
    found = {}
    for line in said.splitlines():
        for address, form in _ADDRESS.findall(line):
            found[f"{line.partition('：')[0]} {form}"] = address
    return found


def move(runtime: Runtime, **step: float) -> None:
    clock = runtime.clock
    assert isinstance(clock, StageClock)
    clock.move(**step)


def texts(content: bytes) -> str:
    book = load_workbook(io.BytesIO(content))
    return " ".join(
        str(cell) for page in book.worksheets for row in page.iter_rows(values_only=True) for cell in row if cell
    )


async def test_a_family_takes_its_own_record_and_nobody_elses(runtime: Runtime) -> None:
    async with Open(runtime) as web:
        await web.say("妈妈", "林林38.2 咳嗽")
        said = await web.say("妈妈", "导出")
        offered = addresses(said)
        assert set(offered) == {
            "林林的健康记录表 打印版PDF",
            "林林的健康记录表 表格",
            "林森的健康记录表 打印版PDF",
            "林森的健康记录表 表格",
        }
        assert len(said.encode()) < 2048
        printed = await web.client.get(offered["林林的健康记录表 打印版PDF"])
        assert printed.content.startswith(b"%PDF")
        assert printed.headers["cache-control"] == "no-store"
        table = await web.client.get(offered["林林的健康记录表 表格"])
        assert "38.2" in texts(table.content)
        # an address with another person's id in it is not ours
        other = offered["林林的健康记录表 表格"].replace("record.p1.", "record.p2.")
        assert (await web.client.get(other)).status_code == 403
    with runtime.database.read() as connection:
        trail = connection.execute(select(Audit.action, Audit.object).where(Audit.action == "file.record")).all()
    assert [tuple(row) for row in trail] == [("file.record", "person:1")] * 2


async def test_a_link_ends_with_its_hours_and_with_the_binding(runtime: Runtime) -> None:
    async with Open(runtime) as web:
        (address, *_) = addresses(await web.say("爸爸", "导出")).values()
        assert (await web.client.get(address)).status_code == 200
        with runtime.database.write() as connection:
            connection.execute(update(Binding).where(Binding.account_id == 2).values(ended_at=at("08:20")))
        assert (await web.client.get(address)).status_code == 403
        mother = next(iter(addresses(await web.say("妈妈", "导出")).values()))
        move(runtime, hours=2, seconds=2)
        assert (await web.client.get(mother)).status_code == 403


async def test_a_teacher_takes_the_class_as_an_archive_while_holding_the_post(runtime: Runtime) -> None:
    async with Open(runtime) as web:
        await web.say("妈妈", "林林38.2，林森36.5")
        await web.say("陈老师", "缺勤 王乐乐 病假 感冒")
        offered = addresses(await web.say("陈老师", "导出"))
        assert set(offered) == {
            "三年级2班健康记录表 打印版PDF",
            "三年级2班健康记录表 表格",
            "三年级2班健康记录表 打包",
            "三年级2班缺勤 表格",
        }
        archive = zipfile.ZipFile(io.BytesIO((await web.client.get(offered["三年级2班健康记录表 打包"])).content))
        assert sorted(archive.namelist()) == ["红旗小学-三年级-2班.pdf", "红旗小学-三年级-2班.xlsx"]
        of_class = texts(archive.read("红旗小学-三年级-2班.xlsx"))
        assert "王乐乐" in of_class
        assert "林森" not in of_class
        absences = texts((await web.client.get(offered["三年级2班缺勤 表格"])).content)
        assert "王乐乐" in absences
        with runtime.database.write() as connection:
            connection.execute(
                update(Post).where(Post.role == "head_teacher").values(to_date=at("08:00").date() - timedelta(days=1))
            )
        assert (await web.client.get(offered["三年级2班缺勤 表格"])).status_code == 403


async def test_each_post_is_offered_what_it_may_see_and_no_more(runtime: Runtime) -> None:
    async with Open(runtime) as web:
        await web.say("小明爸爸", "38.5，社区通知我们是密接")
        await web.say("舟妈", "38.5，社区通知我们是密接")
        reporter = addresses(await web.say("报告人", "导出"))
        assert "红旗小学健康记录表 打包" in reporter
        cases = texts((await web.client.get(reporter["红旗小学事件 表格"])).content)
        assert "李小明" in cases
        assert "周舟" not in cases
        assert not any("健康记录" in name for name in addresses(await web.say("校医", "导出")))
        assert "没有找到" in await web.say("报告人", "导出 江畔中学")
        bureau = addresses(await web.say("区报告人", "导出"))
        assert list(bureau) == ["春江区教育局学校日报 表格"]
        counts = texts((await web.client.get(bureau["春江区教育局学校日报 表格"])).content)
        assert "红旗小学" in counts
        assert "李小明" not in counts
        assert "没有可以导出的名单" in await web.say("孙主任", "导出")
        assert "绑定" in await web.say("新人", "导出")


async def test_the_days_can_be_named(runtime: Runtime) -> None:
    async with Open(runtime) as web:
        said = await web.say("妈妈", "导出 2月25日到3月1日")
        assert "2月25日至3月1日" in said
        assert all(".20260225.20260301." in address for address in addresses(said).values())


async def test_records_in_the_chat_are_shown_to_those_who_may_see_every_value(runtime: Runtime) -> None:
    async with Open(runtime) as web:
        await web.say("妈妈", "林林38.2 咳嗽，林森36.5")
        for who in ("陈老师", "报告人", "妈妈"):
            assert "3/2 38.2℃，咳嗽" in await web.say(who, "记录 林林")
        for who in ("黄老师", "校医", "孙主任", "江畔报告人", "区报告人", "奶奶"):
            assert "38.2" not in await web.say(who, "记录 林林")
    with runtime.database.read() as connection:
        read = connection.execute(select(Audit.actor).where(Audit.action == "record.read")).scalars().all()
    assert len(read) == 2
