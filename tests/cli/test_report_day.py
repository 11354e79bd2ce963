"""The day's workbook: what a clerk prints. Sums are those of its rows, the unknown is not 0, headings repeat."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.files.daybook.book import workbook
from app.files.daybook.forms import FORMS
from models.queries.due import due_of
from models.queries.figures.day_table import DayTable, day_table
from models.tables import Audit
from tests.cast import DISTRICT, MONDAY, at
from tests.jobs.helper import Counted, run
from tests.play import Play

#: A busy machine makes no rule wrong.
_UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

SUNDAY = MONDAY - timedelta(days=1)


def table_of(play: Play, day: Any = MONDAY) -> DayTable:
    with play.database.read() as connection:
        work = play.work(connection)
        return day_table(connection, work.units, play.district, due_of(work), day, play.now)


def sheet_of(table: DayTable, layout: str, number: int = 0) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(workbook(table, layout, DISTRICT)))
    return [list(row) for row in book.worksheets[number].iter_rows(values_only=True)]


@pytest.fixture
def monday(play: Play) -> Play:
    play.clock("08:00", SUNDAY)
    play.say("舟妈", "36.5")
    play.clock("08:00")
    play.say("舟妈", "36.6 咳嗽")
    play.say("奶奶", "38.2")
    play.say("小明爸爸", "36.5")
    play.clock("10:41")
    play.say("江畔报告人", "零报告")
    play.say("江畔报告人", "确认")
    run(play, "day-lock", "11:30")
    play.clock("11:40")
    return play


def test_the_district_form_has_a_row_a_school_a_total_and_the_lists(monday: Play) -> None:
    rows = sheet_of(table_of(monday), "district")
    heads = next(number for number, row in enumerate(rows) if row[0] == "学校")
    red, river, whole = rows[heads + 2 : heads + 5]
    assert red[:6] == ["红旗小学", "小学", "未报", "未报", None, "—"]
    assert river[:6] == ["江畔中学", "初中", "10:41", "迟11分", 1, "附条件"]
    assert whole[0] == "合计"
    for place in range(6, 22):
        assert whole[place] == red[place] + river[place], rows[heads + 1][place]
    assert (red[6], red[7], red[8]) == (5, 2, 1)
    assert red[24] == "12人未报，情况不明"
    assert (whole[2], whole[3]) == ("1/2", "0.0%")
    assert rows[0][0] == "春江区教育局学校健康日报汇总表"
    assert "生成时间：2026-03-02 11:40" in rows[1][0]
    assert "已锁定" in rows[1][0]
    said = "\n".join(str(cell) for row in rows for cell in row if cell)
    assert "填表人（签字）" in said
    missing = sheet_of(table_of(monday), "district", 1)
    assert [1, "红旗小学", "未报", 3, 9] in missing
    cases = sheet_of(table_of(monday), "district", 2)
    assert [row[1] for row in cases if row[0] in (1, 2)] == ["红旗小学", "江畔中学"]
    compared = {row[0]: row[1:] for row in sheet_of(table_of(monday), "district", 3)}
    assert compared["学生已报"] == ["—", 1, 3, "+2"]
    assert compared["学生发热"] == ["—", 0, 1, "+1"]


def test_the_city_and_the_cdc_form_add_up_to_the_same_day(monday: Play) -> None:
    table = table_of(monday)
    city = sheet_of(table, "city")
    named = {row[0]: row for row in city}
    assert named["小学"][1:4] == [1, 0, 0]
    assert named["初中"][1:4] == [1, 1, 1]
    assert named["合计"][1:4] == [2, 1, 1]
    assert named["合计"][4] == "50.0%"
    assert named["合计"][5:8] == [6, 3, 1]
    cdc = {row[0]: row for row in sheet_of(table, "cdc")}
    # Sunday nobody of 红旗小学 was heard, and Saturday nobody at all: the sum of three days is only what is known.
    assert cdc["红旗小学"][5:7] == [1, "1＊"]
    assert cdc["江畔中学"][7:9] == [1, "1＊"]
    assert cdc["合计"][5] == 1
    assert cdc["江畔中学"][2] == "—"  # a closed campus has nobody in a classroom, which is not 0


def test_it_prints_on_a4_with_headings_page_numbers_and_a_check_that_stays(monday: Play) -> None:
    table = table_of(monday)
    checks = set()
    for layout in FORMS:
        content = workbook(table, layout, DISTRICT)
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            sheets = [packed.read(name).decode() for name in packed.namelist() if "worksheets/sheet" in name]
            names = packed.read("xl/workbook.xml").decode()
        assert names.count("Print_Titles") == len(sheets)
        for sheet in sheets:
            assert re.search(r'paperSize="9"[^>]*orientation="landscape"', sheet)
            assert "第 &amp;P 页，共 &amp;N 页" in sheet
            assert 'fitToHeight="0"' in sheet
            checks.add(re.search(r"校验码 ([0-9a-f]{16})", sheet)[1])  # type: ignore[index]
    assert checks == {table.check}
    monday.clock("12:00")
    assert table_of(monday).check == table.check  # printed again: the same
    monday.say("可妈", "36.5")  # backfill: no figure changes
    monday.say("妈妈", "林林38.5")
    assert table_of(monday).check != table.check


def test_a_day_takes_a_handful_of_statements_whatever_the_size(play_on_both: Play) -> None:
    play = play_on_both
    with play.database.read() as connection:
        work = play.work(connection)
        due = due_of(work)
        with Counted(play) as counted:
            day_table(connection, work.units, play.district, due, MONDAY, play.now)
        assert len(counted) == 7


def test_the_bureau_downloads_it_by_a_link_of_its_own(monday: Play) -> None:
    from bots.engine.links import open_daybook

    said = monday.say("区报告人", "日报表")
    links = re.findall(r'href="https://pinganbao\.test/h5/d/([^"]+)"', said)
    assert len(links) == 3
    asked = open_daybook(monday.vault, links[0], monday.now)
    assert asked is not None
    assert (asked.day, asked.layout, asked.person_id) == (MONDAY, "district", monday.cast.people["区报告人"])
    assert open_daybook(monday.vault, links[0], monday.now + timedelta(hours=3)) is None
    assert open_daybook(monday.vault, links[0].replace("district", "city"), monday.now) is None
    with monday.database.read() as connection:
        assert "day-workbook-link" in set(connection.execute(select(Audit.action)).scalars())
    assert "3月1日日报表" in monday.say("局领导", "日报表 昨天")
    assert monday.say("局领导", "日报表 2月20日").startswith("2月20日按日历没有学校需要上报")
    for who in ("可妈", "陈老师", "报告人", "校长", "应急组", "新人"):
        assert monday.say(who, "日报表").startswith("“日报表”由区教育局的报告人和领导小组下载"), who


@_UNHURRIED
@given(st.sampled_from(sorted(FORMS)))
def test_a_day_without_schools_is_still_a_sheet(layout: str) -> None:
    empty = DayTable("春江区", "春江区教育局", MONDAY, at("11:40"), True, ())
    assert workbook(empty, layout, DISTRICT).startswith(b"PK")
