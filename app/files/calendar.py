"""A file of legal holidays and make-up days → rows of the calendar."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from app.files.sheets import BadSheet, read_tables
from models.actions.calendar import LegalDay
from models.rules.organisation import plain
from models.rules.roster import Cell

_DAY = ("日期", "day", "date")
_WORKS = ("上班", "是否上班", "类型", "is_workday", "workday")
_NAME = ("名称", "说明", "节日", "name")
_YES = {"是", "上班", "调休", "调休上班", "补班", "工作日", "1", "true", "yes"}
_NO = {"否", "放假", "休", "休息", "节假日", "假期", "0", "false", "no"}


def read_days(path: Path) -> list[LegalDay]:
    """The days of a workbook or CSV with the columns 日期, 上班 (是/否) and, if wanted, 名称.

    Raises BadSheet with every fault, one a line.
    """
    tables = read_tables(path)
    if not tables:
        raise BadSheet(f"{path.name} 里没有工作表")
    sheet = tables[0]
    headings = [plain(column).lower() for column in sheet.columns]
    day_at, works_at, name_at = (_find(headings, words) for words in (_DAY, _WORKS, _NAME))
    if day_at is None or works_at is None:
        raise BadSheet(f"{path.name} 首行应有列名：日期 上班 名称（上班填 是 或 否；名称可省略）")
    faults: list[str] = []
    days: dict[date, LegalDay] = {}
    for number, cells in sheet.rows:
        values = [cells[at] if at is not None and at < len(cells) else "" for at in (day_at, works_at, name_at)]
        if all(value == "" for value in values):
            continue
        day, works = _day(values[0]), plain(str(values[1])).lower()
        if day is None:
            faults.append(f"{path.name} 第 {number} 行「日期」：「{values[0]}」不是日期，应为 2027-02-06 这样的日期")
        elif works not in _YES | _NO:
            faults.append(f"{path.name} 第 {number} 行「上班」：「{values[1]}」，应为 是 或 否")
        elif day in days and days[day].is_workday != (works in _YES):
            faults.append(f"{path.name} 第 {number} 行「日期」：{day} 前面填过，内容相反")
        else:
            days[day] = LegalDay(day, works in _YES, str(values[2]).strip())
    if not faults and not days:
        faults.append(f"{path.name} 里没有一行日期")
    if faults:
        raise BadSheet("\n".join(faults))
    return sorted(days.values(), key=lambda day: day.day)


def _find(headings: list[str], words: tuple[str, ...]) -> int | None:
    return next((headings.index(word) for word in words if word in headings), None)


def _day(cell: Cell) -> date | None:
    if isinstance(cell, date):
        return cell
    found = re.fullmatch(r"(20\d\d)[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?", plain(str(cell)))
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
