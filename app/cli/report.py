"""report day: the day's workbook for the bureau."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from app.cli.context import fail, open_house
from app.cli.working import operator, working, wrong_use
from app.files.daybook.book import workbook
from app.files.daybook.forms import FORMS
from app.files.exports.writers import opened
from models.actions import trail
from models.queries.due import due_of
from models.queries.figures.day_table import day_table

app = typer.Typer(help="上报用的日报工作簿。", no_args_is_help=True)


@app.callback()
def _report() -> None:
    """上报用的日报工作簿。"""


@app.command("day")
def day(
    on: Annotated[str, typer.Option("--date", help="哪一天，例如 2026-03-02")],
    out: Annotated[str, typer.Option("--out", help="写到哪个 .xlsx 文件；- 为标准输出")],
    layout: Annotated[str, typer.Option("--layout", help=f"版式：{'、'.join(FORMS)}")] = "district",
) -> None:
    """一天的日报工作簿：区级汇总、市级报表或疾控症状监测，可直接打印（每次都留痕）。"""
    if layout not in FORMS:
        wrong_use(f"--layout 应为 {'、'.join(FORMS)}，现为 {layout}")
    try:
        wanted = date.fromisoformat(on)
    except ValueError:
        wrong_use(f"--date 应为日期，例如 2026-03-02，现为 {on}")
    with open_house() as runtime:
        with working(runtime) as work:
            trail.note(work, operator(), "day-workbook", f"day:{wanted}", layout)
            table = day_table(work.flush(), work.units, work.district, due_of(work), wanted, work.now)
        if not table.rows:
            fail(f"{wanted} 按日历没有学校需要上报，没有可打印的内容")
        try:
            with opened(out) as file:
                file.write(workbook(table, layout, runtime.district))
        except OSError as error:
            fail(f"写不了 {out}：{error.strerror}")
    typer.echo(
        f"{wanted} {layout}：{len(table.rows)} 校，校验码 {table.check}" + ("" if out == "-" else f" → {out}"), err=True
    )
