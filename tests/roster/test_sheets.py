"""Workbooks in and out: numbers, dates, limits and damage; XlsxWriter's files are checked by openpyxl."""

from __future__ import annotations

import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from app.files import sheets
from app.files.roster import write_template
from app.files.sheets import BadSheet, read_tables, write_csv, write_xlsx
from models.rules.roster import COLUMNS, EXAMPLE


def make(path: Path, *rows: list[object], name: str = "学生") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def test_numbers_become_text_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    path = make(
        tmp_path / "a.xlsx",
        ["学号", "家长手机", "入册日期"],
        [20200301, 13900000001.0, date(2026, 3, 2)],
        [],
        ["007", "", 36.5],
    )
    (table,) = read_tables(path)
    assert table.columns == ("学号", "家长手机", "入册日期")
    assert table.rows[0] == (2, ("20200301", "13900000001", date(2026, 3, 2)))
    assert table.rows[-1] == (4, ("007", "", "36.5"))


def test_a_long_number_stays_a_number_so_that_it_can_be_refused(tmp_path: Path) -> None:
    (table,) = read_tables(make(tmp_path / "a.xlsx", ["学号"], [230717201309012345]))
    assert isinstance(table.rows[0][1][0], float)


def test_rows_are_counted_from_the_top_of_the_sheet_even_below_empty_ones(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["A5"] = "学号", "S1"
    book.save(path)
    (table,) = read_tables(path)
    assert (5, ("S1",)) in table.rows


def test_formulas_and_links_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_xlsx(path, {"学生": (("姓名", "备注"), [("=1+1", "http://x.test"), ("@林林", "+86")])})
    sheet = openpyxl.load_workbook(path)["学生"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["姓名", "备注"],
        ["=1+1", "http://x.test"],
        ["@林林", "+86"],
    ]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_a_csv_file_is_read_in_the_usual_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text("编号,姓名,单位,职务\r\nT1,陈静,红旗小学,校医\r\n", encoding=encoding, newline="")
    (table,) = read_tables(path)
    assert (table.name, table.rows) == ("人员", [(2, ("T1", "陈静", "红旗小学", "校医"))])


def test_a_csv_file_for_excel_begins_with_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.csv"
    assert write_csv(path, ("name",), [("林林",), (None,)]) == 2
    assert path.read_bytes() == b'\xef\xbb\xbfname\r\n\xe6\x9e\x97\xe6\x9e\x97\r\n""\r\n'


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", b"not a workbook", "打不开"),
        ("a.xlsx", b"PK\x03\x04broken", "打不开"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "打不开"),
        ("a.docx", b"", "不是表格文件"),
        ("a.csv", b"\xff\xff\xff\x00\xfe", "编码"),
        ("a.csv", '学号,姓名\r\n"S1'.encode(), "不是完好的 CSV"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_a_sentence(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadSheet, match=said):
        read_tables(path)


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(BadSheet, match="找不到文件"):
        read_tables(tmp_path / "none.xlsx")


def test_too_big_a_file_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(tmp_path / "a.xlsx", ["学号"], ["S1"], ["S2"])
    monkeypatch.setattr(sheets, "MAX_ROWS", 2)
    with pytest.raises(BadSheet, match="超过 2 行"):
        read_tables(path)
    monkeypatch.setattr(sheets, "MAX_BYTES", 100)
    with pytest.raises(BadSheet, match="太大"):
        read_tables(path)


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)
    monkeypatch.setattr(sheets, "MAX_UNPACKED", 1_000_000)
    with pytest.raises(BadSheet, match="解压后太大"):
        read_tables(path)


def test_the_template_has_the_sheets_columns_one_example_and_notes(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    write_template(path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["学生", "人员", "学校", "说明"]
    for name, columns in COLUMNS.items():
        sheet = book[name]
        headings = [cell.value for cell in sheet[1]]
        assert headings[: len(columns)] == list(columns)
        assert sheet.max_row == 2
        assert any(str(cell.value).startswith(EXAMPLE) for cell in sheet[2])
        assert any(cell.comment for cell in sheet[1])
    assert book["学生"]["D2"].number_format == "@"
