"""export KIND: the district's records as files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from app.cli.context import fail, open_house
from app.cli.working import day_given, operator, working, wrong_use
from app.files.exports.columns import COLUMNS
from app.files.exports.rows import ROWS, Cell, Source
from app.files.exports.writers import WRITERS, opened
from models.actions import trail

#: Long exports say that they are alive.
_EVERY = 50_000


def export(
    kind: Annotated[str, typer.Argument(help=f"导出什么：{'、'.join(COLUMNS)}")],
    first: Annotated[str, typer.Option("--from", help="第一天，例如 2026-03-02")],
    last: Annotated[str, typer.Option("--to", help="最后一天（含）")],
    out: Annotated[str, typer.Option("--out", help="写到哪个文件；- 为标准输出")],
    form: Annotated[str, typer.Option("--format", help="csv、xlsx 或 json；不写则看文件名")] = "",
) -> None:
    """导出记录（每次导出都留痕）。"""
    if kind not in COLUMNS:
        wrong_use(f"没有 {kind} 这种导出；可用：{'、'.join(COLUMNS)}")
    form = form or Path(out).suffix.removeprefix(".") or "csv"
    if form not in WRITERS:
        wrong_use(f"--format 应为 {'、'.join(WRITERS)}，现为 {form}")
    begins, ends = day_given("--from", first), day_given("--to", last)
    if ends < begins:
        wrong_use(f"--to（{ends}）早于 --from（{begins}）")
    with open_house() as runtime:
        # Noted before anything leaves, so that an export broken off is on the trail too.
        with working(runtime) as work:
            trail.note(work, operator(), "export", kind, f"{begins}..{ends} {form}")
        try:
            with runtime.database.read() as connection, opened(out) as file:
                rows = _counted(ROWS[kind](Source(runtime, connection, begins, ends)))
                count = WRITERS[form](file, COLUMNS[kind], rows)
        except BrokenPipeError:
            raise typer.Exit(1) from None
        except OSError as error:
            fail(f"写不了 {out}：{error.strerror}")
    typer.echo(f"{kind}：{count} 行" + ("" if out == "-" else f" → {out}"), err=True)


def _counted(rows: Iterator[tuple[Cell, ...]]) -> Iterator[tuple[Cell, ...]]:
    for number, row in enumerate(rows, start=1):
        if number % _EVERY == 0:
            typer.echo(f"… {number} 行", err=True)
        yield row
