"""Sheets → a PDF to print, or a workbook: a page, or a worksheet, a person."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
import xlsxwriter
from pylopdf_fonts_zh_cn import sans_path

from app.files.records.rows import GAPS, Line, Sheet

_SOURCE = Path(__file__).with_name("sheet.typ")
#: (title, what the number is called, who signs, what is signed), by kind of person.
KINDS = {
    "student": (
        "学生健康监测记录表",
        "学号",
        ("家长签字", "班主任签字", "校医签字"),
        "家长确认：以上为孩子在家期间的监测记录，内容属实；有出入的已在备注栏写明。",
    ),
    "staff": (
        "教职工健康监测记录表",
        "编号",
        ("本人签字", "年级主任签字", "校医签字"),
        "本人确认：以上为本人的监测记录，内容属实；有出入的已在备注栏写明。",
    ),
}
HEADINGS = ("日期", "星期", "体温（℃）", "身体情况", "行程", "上报人", "上报时间", "备注")
_WIDTHS = (12, 6, 22, 26, 26, 14, 14, 30)
_MATRIX = "汇总"
_EARLIER = "更正前的记录"


def as_pdf(sheets: Sequence[Sheet], made: datetime, by: str, fever: float) -> bytes:
    """One page a person. made: when, in the district's zone; fever: where it begins, in °C."""
    return _typeset(sheets, made, by, fever, "pdf")[0]


def as_pictures(sheets: Sequence[Sheet], made: datetime, by: str, fever: float) -> list[bytes]:
    """The same pages as PNG pictures, to look at."""
    return _typeset(sheets, made, by, fever, "png")


def _typeset(sheets: Sequence[Sheet], made: datetime, by: str, fever: float, output: str) -> list[bytes]:
    compiler: Any = typst.compile  # its overloads do not know a format chosen at run time
    data = {
        "made": f"{made:%Y-%m-%d %H:%M}",
        "by": by,
        "sheets": [_page(sheet, fever) for sheet in sheets],
    }
    done: bytes | list[bytes] = compiler(
        _SOURCE.read_bytes(),
        font_paths=[sans_path().parent],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        format=output,
        ppi=110.0,
    )
    return done if isinstance(done, list) else [done]


#: What the checksum is for, in the words of whoever files the sheet.
CHECK = "页末的编码由表中内容算出，任何一处不同它就不同；按同样的起止日期再打印一次，即可核对。"


def _page(sheet: Sheet, fever: float) -> dict[str, Any]:
    title, numbering, signatures, statement = KINDS[sheet.kind]
    return {
        "title": title,
        "statement": statement,
        "numbering": numbering,
        "signatures": signatures,
        "school": sheet.school,
        "unit": sheet.unit,
        "name": sheet.name,
        "number": sheet.number,
        "sex": sheet.sex,
        "first": f"{sheet.first:%Y年%m月%d日}",
        "last": f"{sheet.last:%m月%d日}" if sheet.first.year == sheet.last.year else f"{sheet.last:%Y年%m月%d日}",
        "due": sheet.due,
        "reported": sheet.reported,
        "fevers": sheet.fevers,
        "highest": "—" if sheet.highest is None else f"{sheet.highest / 10:.1f}",
        "threshold": f"{fever:.1f}℃",
        "checksum": sheet.checksum,
        "check": CHECK,
        "lines": [
            {
                "day": f"{line.day:%m-%d} {line.weekday}",
                "reported": line.why == "reported",
                "fever": line.is_fever,
                "temperature": line.temperature,
                "symptoms": line.symptoms,
                "journey": line.journey,
                "by": line.by,
                "at": line.at,
                "note": line.note,
            }
            for line in sheet.lines
        ],
    }


def as_workbook(sheets: Sequence[Sheet], made: datetime, by: str, fever: float) -> bytes:
    """First everybody by day at a glance, then a worksheet a person, last what was corrected."""
    done = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(done, options) as book:
        forms = {
            "head": book.add_format({"bold": True, "bg_color": "#ECECEC", "border": 1, "text_wrap": True}),
            "cell": book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"}),
            "fever": book.add_format({"border": 1, "text_wrap": True, "bold": True, "bg_color": "#FCE4E4"}),
            "gap": book.add_format({"border": 1, "font_color": "#767676"}),
            "title": book.add_format({"bold": True, "font_size": 14}),
            "note": book.add_format({"font_color": "#767676"}),
        }
        _matrix(book.add_worksheet(_MATRIX), sheets, forms)
        taken = {_MATRIX, _EARLIER}
        for sheet in sheets:
            _person(book.add_worksheet(_name_of(sheet, taken)), sheet, made, by, fever, forms)
        _earlier(book.add_worksheet(_EARLIER), sheets, forms)
    return done.getvalue()


def _name_of(sheet: Sheet, taken: set[str]) -> str:
    """A worksheet's name: the person's, with the number where two bear it; at most 31 characters, none forbidden."""
    plain = "".join("-" if sign in "[]:*?/\\'" else sign for sign in sheet.name)[:31] or sheet.number[:31]
    if plain in taken:
        plain = f"{plain[:18]} {sheet.number[-12:]}"
    taken.add(plain)
    return plain


def _matrix(page: Any, sheets: Sequence[Sheet], forms: dict[str, Any]) -> None:
    days = [line.day for line in sheets[0].lines] if sheets else []
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.freeze_panes(1, 3)
    page.set_column(0, 1, 12)
    page.set_column(2, 2, 10)
    heads = ["班级", "学号/编号", "姓名", *(f"{day:%m-%d}" for day in days), "应报", "已报", "发热"]
    for at, head in enumerate(heads):
        page.write_string(0, at, head, forms["head"])
    for row, sheet in enumerate(sheets, start=1):
        for at, text in enumerate((sheet.unit, sheet.number, sheet.name)):
            page.write_string(row, at, text, forms["cell"])
        for at, line in enumerate(sheet.lines, start=3):
            if line.highest is not None:
                page.write_number(row, at, line.highest / 10, forms["fever" if line.is_fever else "cell"])
            else:
                page.write_string(row, at, "有记录" if line.why == "reported" else GAPS[line.why], forms["gap"])
        for at, count in enumerate((sheet.due, sheet.reported, sheet.fevers), start=3 + len(days)):
            page.write_number(row, at, count, forms["cell"])


def _person(page: Any, sheet: Sheet, made: datetime, by: str, fever: float, forms: dict[str, Any]) -> None:
    title, numbering, signatures, _ = KINDS[sheet.kind]
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(3)
    for at, width in enumerate(_WIDTHS):
        page.set_column(at, at, width)
    page.write_string(0, 0, title, forms["title"])
    page.write_string(
        1, 0, f"{sheet.school} {sheet.unit}　姓名：{sheet.name}　{numbering}：{sheet.number}　性别：{sheet.sex or '—'}"
    )
    highest = "—" if sheet.highest is None else f"{sheet.highest / 10:.1f}"
    page.write_string(
        2,
        0,
        f"{sheet.first} 至 {sheet.last}　应报{sheet.due}天，已报{sheet.reported}天，发热{sheet.fevers}天，最高{highest}",
    )
    for at, head in enumerate(HEADINGS):
        page.write_string(3, at, head, forms["head"])
    for row, line in enumerate(sheet.lines, start=4):
        form = forms["fever" if line.is_fever else "cell" if line.why == "reported" else "gap"]
        for at, text in enumerate(_cells(line)):
            page.write_string(row, at, text, form)
    end = 5 + len(sheet.lines)
    page.write_string(end, 0, f"“未报”指应报而未收到，不等于正常。{fever:.1f}℃及以上按发热处理。{CHECK}", forms["note"])
    page.write_string(end + 2, 0, "　　".join(f"{who}：____________" for who in signatures) + "　　日期：____________")
    page.write_string(end + 4, 0, f"校验码 {sheet.checksum}　生成于 {made:%Y-%m-%d %H:%M}　由 {by} 生成", forms["note"])


def _cells(line: Line) -> tuple[str, ...]:
    return (
        f"{line.day:%Y-%m-%d}",
        line.weekday,
        line.temperature,
        line.symptoms,
        line.journey,
        line.by,
        line.at,
        line.note,
    )


def _earlier(page: Any, sheets: Sequence[Sheet], forms: dict[str, Any]) -> None:
    heads = ("姓名", "学号/编号", "日期", "当时上报时间", "上报人", "体温（℃）", "身体情况")
    page.set_column(0, 4, 14)
    page.set_column(5, 6, 26)
    page.freeze_panes(1, 0)
    for at, head in enumerate(heads):
        page.write_string(0, at, head, forms["head"])
    row = 1
    for sheet in sheets:
        for line in sheet.lines:
            for before in line.before:
                for at, text in enumerate((sheet.name, sheet.number, f"{line.day:%Y-%m-%d}", *before)):
                    page.write_string(row, at, text, forms["cell"])
                row += 1
