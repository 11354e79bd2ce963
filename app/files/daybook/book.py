"""Parts → a workbook that prints as it is: A4 landscape, headings on every page, page numbers, a line to sign on."""

from __future__ import annotations

import io

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.files.daybook.forms import FORMS, Part
from models.queries.figures.day_table import DayTable
from models.rules.district import District

_A4 = 9
_SIGN = (
    "填表人（签字）：____________　　审核人（签字）：____________　　单位负责人（签字）：____________　　单位（盖章）："
)


def workbook(table: DayTable, layout: str, district: District) -> bytes:
    """The workbook of a layout (a key of `FORMS`)."""
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    made = f"{district.local(table.made_at):%Y-%m-%d %H:%M}"
    with xlsxwriter.Workbook(out, options) as book:
        local = district.local(table.made_at).replace(tzinfo=None)
        book.set_properties({"title": f"{table.district} {table.day}", "company": table.bureau, "created": local})
        looks = _Looks(book)
        for part in FORMS[layout](table, district):
            _sheet(book.add_worksheet(part.name), part, table, made, looks)
    return out.getvalue()


class _Looks:
    """The formats, made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        base = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
        cell = {**base, "border": 1, "text_wrap": True}
        self.title: Format = book.add_format({**base, "font_size": 16, "bold": True, "align": "center"})
        self.small: Format = book.add_format({**base, "font_size": 9, "text_wrap": True})
        self.head: Format = book.add_format({**cell, "bold": True, "align": "center", "bg_color": "#EFEFEF"})
        self.text: Format = book.add_format({**cell, "align": "left"})
        self.number: Format = book.add_format({**cell, "align": "center"})
        self.total: Format = book.add_format({**cell, "bold": True, "align": "center", "bg_color": "#F7F7F7"})
        self.doubt: Format = book.add_format(
            {**cell, "align": "center", "bold": True, "pattern": 6, "fg_color": "#C9CED6"}
        )
        self.sign: Format = book.add_format({**base, "font_size": 11, "text_wrap": True})


def _sheet(sheet: Worksheet, part: Part, table: DayTable, made: str, looks: _Looks) -> None:
    last = len(part.headings) - 1
    day, when = table.day, "已锁定" if table.is_locked else "未锁定，数据仍可能变化"
    sheet.merge_range(0, 0, 0, last, part.title, looks.title)
    sheet.set_row(0, 30)
    head = f"填报单位：{table.bureau}　　日期：{day.year}年{day.month}月{day.day}日（{when}）　　生成时间：{made}"
    sheet.merge_range(1, 0, 1, last, head, looks.small)
    top = 2
    if part.note:
        sheet.merge_range(top, 0, top, last, part.note, looks.small)
        sheet.set_row(top, 30 if len(part.note) > 70 else 16)
        top += 1
    below = _headings(sheet, part, top, looks)
    for number, row in enumerate(part.rows):
        if lines := max(_lines(value, part.headings[place][2]) for place, value in enumerate(row)) - 1:
            sheet.set_row(below + number, 15 + 13 * lines)
        for place, value in enumerate(row):
            look = looks.text if place == 0 or part.headings[place][1] in {"学校", "备注"} else looks.number
            _write(sheet, below + number, place, value, looks.doubt if value == "未报" else look)
    line = below + len(part.rows)
    for place, value in enumerate(part.total):
        _write(sheet, line, place, value, looks.total)
    line += bool(part.total)
    sheet.merge_range(line + 1, 0, line + 1, last, _SIGN, looks.sign)
    sheet.set_row(line + 1, 26 * _lines(_SIGN, sum(width for _, _, width in part.headings)))
    foot = f"数据校验码 {table.check}（同一数据打印多少次都相同）　斜线底纹为未报，情况不明，不等于零。"
    sheet.merge_range(line + 2, 0, line + 2, last, foot, looks.small)
    _print_setup(sheet, part, below, line + 2, table, made)


def _lines(value: str | int | None, width: int) -> int:
    """How many lines a cell takes: a Chinese character is two of a column's units wide."""
    long = sum(1 if sign.isascii() else 2 for sign in str(value)) if isinstance(value, str) else 0
    return max(1, -(-long // max(1, width)))


def _headings(sheet: Worksheet, part: Part, top: int, looks: _Looks) -> int:
    """One line of headings, or two where some are grouped; gives the first line below them."""
    grouped = any(group for group, _, _ in part.headings)
    place = 0
    while place < len(part.headings):
        group, heading, width = part.headings[place]
        sheet.set_column(place, place, width)
        if not grouped:
            sheet.write_string(top, place, heading, looks.head)
        elif not group:
            sheet.merge_range(top, place, top + 1, place, heading, looks.head)
        else:
            end = place
            while end + 1 < len(part.headings) and part.headings[end + 1][0] == group:
                end += 1
            if end > place:
                sheet.merge_range(top, place, top, end, group, looks.head)
            else:
                sheet.write_string(top, place, group, looks.head)
            for one in range(place, end + 1):
                sheet.set_column(one, one, part.headings[one][2])
                sheet.write_string(top + 1, one, part.headings[one][1], looks.head)
            place = end
        place += 1
    return top + (2 if grouped else 1)


def _write(sheet: Worksheet, line: int, place: int, value: str | int | None, look: Format) -> None:
    if value is None or value == "":
        sheet.write_blank(line, place, None, look)
    elif isinstance(value, int):
        sheet.write_number(line, place, value, look)
    else:
        sheet.write_string(line, place, value, look)


def _print_setup(sheet: Worksheet, part: Part, below: int, end: int, table: DayTable, made: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, below - 1)
    sheet.freeze_panes(below, 2 if len(part.headings) > 6 else 0)
    sheet.print_area(0, 0, end, len(part.headings) - 1)
    sheet.center_horizontally()
    sheet.set_footer(f"&L&8校验码 {table.check}&C&8第 &P 页，共 &N 页&R&8生成时间 {made}")
