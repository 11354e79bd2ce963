"""`pinganbao roster …`: the template, the import, the codes and the slips."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.cli.context import fail, open_house
from app.cli.working import operator, working, wrong_use
from app.files.roster import load, unit_at, write_template
from app.files.sheets import BadSheet, write_csv
from app.files.slips.make import make_slips
from app.process.runtime import Runtime
from app.process.serving import make_client
from bots.engine.sender import SendError
from models.actions import trail
from models.actions.roster import Changes, Touched
from models.queries import roster as stored
from models.queries import units as unit_queries
from models.rules.roster import BadRoster

app = typer.Typer(no_args_is_help=True, help="名册：模板、导入、绑定码、可打印的绑定单。")

KINDS = {"student": "学生", "staff": "人员"}
CODE_COLUMNS = ("kind", "school", "grade", "class", "number", "name", "code")
#: how many people of each list are shown before the rest is only counted
_SHOWN = 50
#: scene codes asked for at once; one shared connection slows down beyond
_AT_ONCE = 5

Unit = Annotated[str | None, typer.Option("--unit", help="只要这个单位，例如 红旗小学/三年级/2班")]


@app.command()
def template(file: Annotated[Path, typer.Argument(help="要写的文件，.xlsx")]) -> None:
    """写一份空白名册：各工作表、列名、一行示例和填写说明。"""
    if file.suffix.lower() != ".xlsx":
        wrong_use(f"{file} 应以 .xlsx 结尾")
    try:
        write_template(file)
    except OSError as error:
        fail(f"写不了 {file}：{error.strerror}")
    print(f"已写好空白名册 {file}")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="名册（.xlsx、.xls），或其中一张表（.csv）")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查和列出，不写入")] = False,
    retire_missing: Annotated[bool, typer.Option("--retire-missing", help="名册里没有的人自该日起离册")] = False,
    day: Annotated[
        datetime | None,
        typer.Option("--date", formats=["%Y-%m-%d"], help="新增、转班、离册从哪一天算起（默认第二天）"),
    ] = None,
) -> None:
    """导入或更新名册：有一处问题就全部不写入；同一份导入两次不会有变化。"""
    on: date | None = day.date() if day else None
    with open_house() as runtime:
        try:
            with working(runtime, keep=not dry_run) as work:
                changes, roster = load(work, file, on=on, retire_missing=retire_missing, actor=operator())
        except BadSheet as error:
            fail(str(error))
        except BadRoster as error:
            faults = "\n".join(map(str, error.faults))
            fail(f"{faults}\n名册有 {len(error.faults)} 处问题，什么都没有写入")
    _show(changes, roster.notices, dry_run)


def _show(changes: Changes, notices: tuple[str, ...], dry_run: bool) -> None:
    done = "将" if dry_run else "已"
    for notice in notices:
        print(f"请留意：{notice}")
    if changes.is_empty:
        print(f"没有变化：{changes.unchanged} 人与已存的名册一致")
    else:
        added, students, staff = changes.added, changes.added["student"], changes.added["staff"]
        print(f"{done}新增 {added.total()} 人（学生 {students}，人员 {staff}），单位 {len(changes.units)} 个")
        print(
            f"{done}变更 {len(changes.changed)} 处，转班转校 {len(changes.moved)} 人，"
            f"职务新增 {changes.posts_begun} 个、结束 {changes.posts_ended} 个，绑定码 {changes.codes} 个"
        )
        print(f"不变 {changes.unchanged} 人")
    _list(f"{done}变更", changes.changed)
    _list(f"{done}转班转校", changes.moved)
    _list(f"{done}离册", changes.retired)
    _list("这次名册里没有、未作改动（要让他们离册，请加 --retire-missing）", changes.missing)
    if dry_run:
        print("这是试运行，什么都没有写入")


def _list(title: str, people: list[Touched]) -> None:
    if not people:
        return
    print(f"{title} {len(people)} 人：")
    for person in people[:_SHOWN]:
        print(f"  {KINDS[person.kind]} {person.number} {person.name} {person.what}")
    if len(people) > _SHOWN:
        print(f"  … 另有 {len(people) - _SHOWN} 人")


def rows_of(runtime: Runtime, unit: str | None) -> list[stored.CodeRow]:
    """The codes of a unit (None: of the district); ends the command where there is no such unit."""
    with runtime.database.read() as connection:
        tree = unit_queries.load(connection)
        within = unit_at(tree, unit, runtime.district) if unit else None
        if unit and within is None:
            wrong_use(f"没有「{unit}」这个单位；应为 红旗小学/三年级/2班 这样的名称")
        return stored.codes(connection, runtime.vault, tree, within)


@app.command()
def codes(
    out: Annotated[Path, typer.Option("--out", help="要写的文件，.csv")],
    unit: Unit = None,
) -> None:
    """把绑定码写成 CSV：kind,school,grade,class,number,name,code。"""
    with open_house() as runtime:
        rows = rows_of(runtime, unit)
        try:
            write_csv(
                out,
                CODE_COLUMNS,
                ((row.kind, row.school, row.grade, row.class_name, row.number, row.name, row.code) for row in rows),
            )
        except OSError as error:
            fail(f"写不了 {out}：{error.strerror}")
        with working(runtime) as work:
            trail.note(work, operator(), "roster.codes", unit or "district", f"{len(rows)} codes")
    print(f"已写好 {len(rows)} 个绑定码 {out}")


@app.command()
def slips(
    out: Annotated[Path, typer.Option("--out", help="要写的文件，.pdf")],
    unit: Unit = None,
    staff: Annotated[bool, typer.Option("--staff", help="打印教职工的，而不是学生的")] = False,
) -> None:
    """打印用的绑定单：A4，每班另起一页，带二维码，沿虚线剪开发给家长。"""
    with open_house() as runtime:
        rows = [row for row in rows_of(runtime, unit) if row.kind == ("staff" if staff else "student")]
        if not rows:
            fail("没有可打印的绑定码；请先运行 pinganbao roster import")
        addresses = asyncio.run(_scene_addresses(runtime, rows))
        made = make_slips(rows, addresses.get)
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_bytes(made)
        except OSError as error:
            fail(f"写不了 {out}：{error.strerror}")
        with working(runtime) as work:
            trail.note(work, operator(), "roster.slips", unit or "district", f"{len(rows)} slips")
    classes = len({row.unit.id for row in rows})
    print(f"已写好 {len(rows)} 张绑定单（{classes} 个单位）{out}")
    if addresses:
        print("二维码可直接扫码绑定，30 天内有效；过期后发送“绑定 绑定码”仍可绑定")
    else:
        print("没有连上公众号，二维码里是“绑定 绑定码”这句话，扫出后发送给公众号即可")


async def _scene_addresses(runtime: Runtime, rows: Sequence[stored.CodeRow]) -> dict[str, str]:
    """The scene code's address for each binding code; empty where the platform is not set up or does not answer."""
    if not runtime.settings.wechat_app_id:
        return {}
    client = make_client(runtime)
    addresses: dict[str, str] = {}
    pending = [row.code for row in rows]
    try:
        while pending:
            slice_, pending = pending[:_AT_ONCE], pending[_AT_ONCE:]
            made = await asyncio.gather(*(client.create_qrcode(f"bind_{code}") for code in slice_))
            addresses.update((code, qr.url) for code, qr in zip(slice_, made, strict=True) if qr.url)
            print(f"二维码 {len(addresses)}/{len(rows)}", end="\r" if pending else "\n", file=sys.stderr, flush=True)
    except SendError as error:
        print(f"公众号没有给出二维码（{error.reason}），改用文字二维码", file=sys.stderr)
        return {}
    finally:
        await client.close()
    return addresses
