"""record: health records for the school's files, as PDF, workbook, or both in an archive a school."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from app.cli.context import fail, open_house
from app.cli.working import day_given, operator, working, wrong_use
from app.files.exports.writers import opened
from app.files.records.make import as_pdf, as_workbook
from app.files.records.rows import Sheet, Source, sheets
from app.files.roster import unit_at
from app.process.runtime import Runtime
from models.actions import trail
from models.queries import health_records as stored
from models.queries.calendar import load as load_calendar
from models.queries.retention import kept_from
from models.queries.units import UnitInfo

#: Domain handbook 1.2 home_monitoring_sheet: the fourteen days before term, where nothing else is asked for.
DAYS = 14
_Maker = Callable[[list[Sheet], datetime, str, float], bytes]
_MAKERS: dict[str, _Maker] = {".pdf": as_pdf, ".xlsx": as_workbook}


def record(
    out: Annotated[Path, typer.Option("--out", help="要写的文件：.pdf、.xlsx，或 .zip（每班一份 PDF 和表格）")],
    unit: Annotated[str | None, typer.Option("--unit", help="班级、年级或学校，例如 红旗小学/三年级/2班")] = None,
    number: Annotated[str | None, typer.Option("--number", help="只要一个人：学号，或加 --staff 为工号")] = None,
    first: Annotated[str, typer.Option("--from", help="第一天；不写为最近14天")] = "",
    last: Annotated[str, typer.Option("--to", help="最后一天（含）；不写为今天")] = "",
    staff: Annotated[bool, typer.Option("--staff", help="教职工的，而不是学生的")] = False,
) -> None:
    """健康记录表（一人一档）：每人一页，每个数值写明谁、何时、怎么量的，空缺写明原因，带校验码和签字栏（留痕）。"""
    suffix = out.suffix.lower()
    if suffix not in {*_MAKERS, ".zip"}:
        wrong_use(f"--out 应以 .pdf、.xlsx 或 .zip 结尾，现为 {out.name}")
    if (unit is None) == (number is None):
        wrong_use("请写 --unit 单位 或 --number 学号，二者选一")
    kind = "staff" if staff else "student"
    with open_house() as runtime:
        begins, ends = _span(runtime, first, last)
        with working(runtime) as work:  # noted before anything leaves
            scope = f"{unit or f'{kind} {number}'}"
            trail.note(work, operator(), "record", scope, f"{begins}..{ends} {suffix.removeprefix('.')}")
        with runtime.database.read() as connection:
            source = Source(
                runtime=runtime,
                connection=connection,
                units=runtime.units.get(connection),
                calendar=load_calendar(connection, runtime.district),
                first=begins,
                last=ends,
                today=runtime.district.day_of(runtime.clock()),
                kept_from=kept_from(connection),
            )
            groups = _one(source, kind, number) if number is not None else _of_unit(source, kind, unit or "")
            try:
                count = _write(out, suffix, runtime, groups)
            except OSError as error:
                fail(f"写不了 {out}：{error.strerror}")
    print(f"已写好 {count} 人的健康记录（{begins} 至 {ends}）{out}")


def _span(runtime: Runtime, first: str, last: str) -> tuple[date, date]:
    ends = day_given("--to", last) if last else runtime.district.day_of(runtime.clock())
    begins = day_given("--from", first) if first else ends - timedelta(days=DAYS - 1)
    if ends < begins:
        wrong_use(f"--to（{ends}）早于 --from（{begins}）")
    return begins, ends


def _one(source: Source, kind: str, number: str) -> list[tuple[str, list[Sheet]]]:
    person = stored.person_numbered(source.connection, kind, number)
    if person is None:
        fail(f"名册里没有{'工号' if kind == 'staff' else '学号'} {number}")
    return [(person.name, sheets(source, [person]))]


def _of_unit(source: Source, kind: str, path: str) -> Iterator[tuple[str, list[Sheet]]]:
    named = unit_at(source.units, path, source.runtime.district)
    top = source.units.get(named)
    if top is None:
        wrong_use(f"没有「{path}」这个单位；应为 红旗小学/三年级/2班 这样的名称")
    found = False
    for place in source.units.within(top.id):
        people = stored.people_of(source.connection, place.id, kind, source.first, source.last)
        if people:
            found = True
            yield _called(place), sheets(source, people)
    if not found:
        fail(f"{top.path} 在 {source.first} 至 {source.last} 没有在册的{'教职工' if kind == 'staff' else '学生'}")


def _called(place: UnitInfo) -> str:
    return place.path.replace("/", "-")


def _write(out: Path, suffix: str, runtime: Runtime, groups: Iterable[tuple[str, list[Sheet]]]) -> int:
    made, by = runtime.district.local(runtime.clock()), operator().removeprefix("cli:")
    fever = runtime.district.disease.fever_tenths / 10
    count = 0
    with opened(str(out)) as file:
        if suffix == ".zip":
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, of_class in groups:
                    for ending, maker in _MAKERS.items():
                        archive.writestr(f"{name}{ending}", maker(of_class, made, by, fever))
                    count += len(of_class)
                    typer.echo(f"… {name} {len(of_class)} 人", err=True)
            return count
        everybody = [sheet for _, of_class in groups for sheet in of_class]
        file.write(io.BytesIO(_MAKERS[suffix](everybody, made, by, fever)).getbuffer())
        return len(everybody)
