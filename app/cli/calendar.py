"""`pinganbao calendar …` and `pinganbao mode …`: legal days, and which mode holds for whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from app.cli.context import fail, open_house
from app.cli.working import operator, working, wrong_use
from app.files.calendar import read_days
from app.files.roster import unit_at
from app.files.sheets import BadSheet
from models.actions import calendar as actions
from models.queries import calendar as queries
from models.rules.calendar import FOLLOW, NAMES, STRICTNESS
from models.rules.district import MODES

app = typer.Typer(no_args_is_help=True, help="日历：法定节假日和调休上班日。")
mode_app = typer.Typer(no_args_is_help=True, help="日历模式：全区、学校、年级或班级从哪一天起按哪种模式上报。")

Day = Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="从哪一天起，默认今天")]
Unit = Annotated[str | None, typer.Option("--unit", help="单位，例如 红旗小学 或 红旗小学/三年级/2班；默认全区")]


@app.command("import")
def import_(file: Annotated[Path, typer.Argument(help="工作簿或 CSV，列名：日期 上班 名称")]) -> None:
    """导入法定节假日和调休上班日（国务院办公厅每年的通知）。"""
    with open_house() as runtime:
        try:
            days = read_days(file)
        except BadSheet as error:
            fail(str(error))
        with working(runtime) as work:
            changed = actions.import_days(work, days, file.name, operator())
    print(f"已导入 {len(days)} 天，其中新增或改动 {changed} 天（{days[0].day} 至 {days[-1].day}）")


@app.command("show")
def show(
    day: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="从哪一天起，默认今天")] = None,
    count: Annotated[int, typer.Option("--days", min=1, max=400, help="多少天")] = 14,
) -> None:
    """逐日列出：是否上班，谁应上报。"""
    with open_house() as runtime:
        first = day.date() if day else runtime.district.day_of(runtime.clock())
        with runtime.database.read() as connection:
            calendar, units = queries.load(connection, runtime.district), runtime.units.get(connection)
        days = [first + timedelta(days=number) for number in range(count)]
        schools = units.schools()
        for each in days:
            fact = calendar.workday(each)
            due = sum(calendar.is_due(units, school.id, each) for school in schools)
            mark = "" if fact.is_verified else "  待核对"
            works = "上班" if fact.is_workday else "休息"
            print(
                f"{each} 周{'一二三四五六日'[each.weekday()]} {works} {fact.name}  应报学校 {due}/{len(schools)}{mark}"
            )
        if calendar.unverified(days):
            fail_softly(
                "有的日子超出已公布的日历，只按星期推算（待核对）；请用 pinganbao calendar import 导入当年的通知"
            )


@mode_app.command("show")
def show_mode(unit: Unit = None, day: Day = None) -> None:
    """列出某天各单位的模式。"""
    with open_house() as runtime:
        on = day.date() if day else runtime.district.day_of(runtime.clock())
        with runtime.database.read() as connection:
            calendar, units = queries.load(connection, runtime.district), runtime.units.get(connection)
        top = units.district
        at = unit_at(units, unit, runtime.district) if unit else (top.id if top else None)
        if at is None:
            print(f"全区 {runtime.district.mode} {NAMES[runtime.district.mode]}（尚未导入名册）")
            return
        for each in units.within(at):
            if each.id == at or calendar.modes_of(each.id) or each.kind == "school":
                mode = calendar.mode(units, each.id, on)
                orders = "；".join(f"{order.from_date} 起 {order.mode}" for order in calendar.modes_of(each.id))
                print(f"{each.path} {mode} {NAMES[mode]}" + (f"（{orders}）" if orders else ""))


@mode_app.command("set")
def set_mode(
    mode: Annotated[str, typer.Argument(help=" ".join((*MODES, FOLLOW)))],
    unit: Unit = None,
    day: Day = None,
) -> None:
    """设定模式。follow 为取消本单位的设定，随上级。"""
    if mode not in (*MODES, FOLLOW):
        wrong_use(f"没有「{mode}」这种模式；应为 " + " ".join((*MODES, FOLLOW)) + " 之一")
    with open_house() as runtime:
        on = day.date() if day else runtime.district.day_of(runtime.clock())
        with working(runtime) as work:
            top = work.units.district
            if top is None:
                fail("还没有名册；请先运行 pinganbao roster import")
            at = unit_at(work.units, unit, runtime.district) if unit else top.id
            if at is None:
                wrong_use(f"没有「{unit}」这个单位；应为 红旗小学/三年级/2班 这样的名称")
            parent = work.units[at].parent_id
            before = queries.load(work.connection, runtime.district)
            above = before.mode(work.units, parent, on) if parent else ""
            changed = actions.set_mode(work, at, mode, on, operator())
            path = work.units[at].path
            looser = [
                work.units[each.id].path
                for each in work.units.within(at)
                if each.id != at
                and before.modes_of(each.id)
                and STRICTNESS.get(before.mode(work.units, each.id, on), 0) < STRICTNESS.get(mode, 0)
            ]
    print(f"{path} 自 {on} 起：{mode} {NAMES[mode]}" + ("" if changed else "（原来就是，没有变化）"))
    if above and STRICTNESS.get(mode, 9) < STRICTNESS[above]:
        fail_softly(f"请留意：比上级的 {above}（{NAMES[above]}）宽松")
    if looser:
        fail_softly("请留意：这些下级单位另有较宽松的设定，仍按各自的执行：" + "、".join(looser))


def fail_softly(sentence: str) -> None:
    """A warning: on stderr, the command still succeeds."""
    typer.echo(sentence, err=True)
