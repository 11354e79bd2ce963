"""Workbooks and CSV files ⇄ plain rows: python-calamine reads, XlsxWriter writes.

Limits come before parsing: a file that is too big, or that unpacks to too much, is refused unread.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from models.rules.roster import COLUMNS, PUPILS, STAFF, Cell, Sheet

MAX_BYTES = 50 * 2**20
MAX_UNPACKED = 1000 * 2**20
MAX_ROWS = 300_000
#: Excel keeps 15 digits; a whole number beyond has lost its last ones
_EXACT = 10**15


class BadSheet(Exception):
    """The file cannot be read as a table. The text is a sentence for the operator, in Chinese."""


def read_tables(path: Path) -> list[Sheet]:
    """Every sheet of an .xlsx/.xls/.ods file, or the one table of a .csv file (UTF-8 or GB18030).

    Raises BadSheet.
    """
    try:
        size = path.stat().st_size
    except OSError:
        raise BadSheet(f"找不到文件 {path}") from None
    if size > MAX_BYTES:
        raise BadSheet(f"{path.name} 太大（{size // 2**20} MB）；应不超过 {MAX_BYTES // 2**20} MB")
    if path.suffix.lower() == ".csv":
        return [_csv_sheet(path)]
    if path.suffix.lower() not in {".xlsx", ".xlsm", ".xls", ".ods", ".et"}:
        raise BadSheet(f"{path.name} 不是表格文件；应为 .xlsx、.xls 或 .csv")
    _refuse_bombs(path)
    try:
        with CalamineWorkbook.from_path(path) as book:
            return [_sheet(name, book) for name in book.sheet_names]
    except (CalamineError, OSError, ValueError, zipfile.BadZipFile) as error:
        raise BadSheet(f"{path.name} 打不开，可能已损坏或加了密码；请用 Excel 另存为 .xlsx 后再试") from error


def _refuse_bombs(path: Path) -> None:
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as packed:
        total = sum(part.file_size for part in packed.infolist())
    if total > MAX_UNPACKED:
        raise BadSheet(f"{path.name} 解压后太大；请删去多余的工作表和空行后再试")


def _sheet(name: str, book: CalamineWorkbook) -> Sheet:
    rows: list[tuple[int, tuple[Cell, ...]]] = []
    sheet = book.get_sheet_by_name(name)
    for number, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        if number > MAX_ROWS:
            raise BadSheet(f"工作表「{name}」超过 {MAX_ROWS} 行；请分成几个文件")
        rows.append((number, tuple(_cell(cell) for cell in cells)))
    return _with_headings(name, rows)


def _csv_sheet(path: Path) -> Sheet:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise BadSheet(f"{path.name} 的文字编码读不懂；应为 UTF-8 或 GBK")
    try:
        table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise BadSheet(f"{path.name} 不是完好的 CSV 文件（{error}）") from None
    if len(table) > MAX_ROWS:
        raise BadSheet(f"{path.name} 超过 {MAX_ROWS} 行；请分成几个文件")
    headings = set(table[0]) if table else set()
    name = max((PUPILS, STAFF), key=lambda sheet: len(headings.intersection(COLUMNS[sheet])))
    return _with_headings(name, [(number, tuple(row)) for number, row in enumerate(table, start=1)])


def _with_headings(name: str, rows: list[tuple[int, tuple[Cell, ...]]]) -> Sheet:
    headings = tuple(str(cell).strip() for cell in rows[0][1]) if rows else ()
    return Sheet(name, headings, rows[1:])


def _cell(value: Any) -> Cell:
    """13900000001.0 → "13900000001"; a number that text cannot carry without guessing stays a float."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case int() | float():
            if value != value or abs(value) >= _EXACT:
                return float(value)
            return str(int(value)) if value == int(value) else repr(value)
        case datetime():
            return value.date()
        case date():
            return value
        case time() | timedelta():
            return str(value)
        case _:
            return str(value)


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """A CSV file that Excel opens as UTF-8 (with BOM); gives how many rows it holds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for row in rows:
            writer.writerow(["" if cell is None else cell for cell in row])
            count += 1
    return count


def write_xlsx(
    path: Path,
    sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[object]]]],
    notes: Mapping[tuple[str, str], str] | None = None,
    text_columns: frozenset[str] = frozenset(),
) -> None:
    """A workbook: sheet → (headings, rows). Headings in row 1, nothing above.

    notes: (sheet, heading) → the comment shown on it. text_columns: headings whose columns are text, so that Excel does
    not damage long numbers typed there. Nothing becomes a formula or a link.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        bold = book.add_format({"bold": True, "bg_color": "#E8F3EC", "border": 1})
        as_text, as_date = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
        for name, (columns, rows) in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for at, column in enumerate(columns):
                sheet.set_column(at, at, 16, as_text if column in text_columns else None)
                sheet.write_string(0, at, column, bold)
                if note := (notes or {}).get((name, column)):
                    sheet.write_comment(0, at, note, {"x_scale": 2})
            for number, row in enumerate(rows, start=1):
                for at, value in enumerate(row):
                    if value is None or value == "":
                        continue
                    if isinstance(value, date) and not isinstance(value, datetime):
                        sheet.write_datetime(number, at, datetime(value.year, value.month, value.day), as_date)  # noqa: DTZ001
                    elif isinstance(value, bool | int | float):
                        sheet.write(number, at, value)
                    else:
                        sheet.write_string(number, at, str(value), as_text if columns[at] in text_columns else None)
