"""Rows → csv, json or xlsx, one row at a time, to a file that appears whole or not at all.

`raw` is what a person wrote, unchanged: no cell is altered to disarm formulas. In a workbook nothing becomes a formula;
a csv with such a text is safe in every program that imports its columns as text.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

import xlsxwriter

from app.files.exports.columns import HEADINGS
from app.files.exports.rows import Cell

#: Rows of one worksheet, its headings included.
SHEET_ROWS = 1_048_576
_BOM = b"\xef\xbb\xbf"
Rows = Iterable[Sequence[Cell]]


def write_csv(out: IO[bytes], columns: Sequence[str], rows: Rows) -> int:
    """UTF-8 with BOM; true/false; null is empty. Gives the number of rows."""
    out.write(_BOM)
    text = io.TextIOWrapper(out, "utf-8", newline="", write_through=False)
    writer = csv.writer(text)
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow([_text(cell) for cell in row])
        count += 1
    text.flush()
    text.detach()
    return count


def _text(cell: Cell) -> Cell:
    if cell is None:
        return ""
    return str(cell).lower() if isinstance(cell, bool) else cell


def write_json(out: IO[bytes], columns: Sequence[str], rows: Rows) -> int:
    """A list of objects, one a line."""
    out.write(b"[")
    count = 0
    for row in rows:
        out.write(b",\n" if count else b"\n")
        out.write(json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False).encode())
        count += 1
    out.write(b"\n]\n" if count else b"]\n")
    return count


def write_xlsx(out: IO[bytes], columns: Sequence[str], rows: Rows, sheet_rows: int = SHEET_ROWS) -> int:
    """Headings in row 1 of the first sheet; what one sheet cannot hold goes on in the next."""
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xlsx"
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "tmpdir": folder,
        }
        with xlsxwriter.Workbook(str(path), options) as book:
            bold, tenth = book.add_format({"bold": True}), book.add_format({"num_format": "0.0"})
            sheet, line = _sheet(book, columns, bold), 1
            for row in rows:
                if line >= sheet_rows:
                    sheet, line = _sheet(book, columns, bold), 1
                for place, cell in enumerate(row):
                    if isinstance(cell, bool):
                        sheet.write_boolean(line, place, cell)
                    elif isinstance(cell, float):
                        sheet.write_number(line, place, cell, tenth)
                    elif isinstance(cell, int):
                        sheet.write_number(line, place, cell)
                    elif cell is not None:
                        sheet.write_string(line, place, cell)
                line += 1
                count += 1
        with path.open("rb") as made:
            shutil.copyfileobj(made, out)
    return count


def _sheet(book: xlsxwriter.Workbook, columns: Sequence[str], bold: object) -> xlsxwriter.workbook.Worksheet:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(columns) - 1, 14)
    for place, name in enumerate(columns):
        sheet.write_string(0, place, HEADINGS[name], bold)
    return sheet


WRITERS: Mapping[str, Callable[[IO[bytes], Sequence[str], Rows], int]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "json": write_json,
}


@contextlib.contextmanager
def opened(out: str) -> Iterator[IO[bytes]]:
    """The file to write, or stdout for "-". A file appears under its name only when all of it is written.

    Raises OSError.
    """
    if out == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = Path(out)
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f".{target.name}.part")
    try:
        with half.open("wb") as file:
            yield file
        half.replace(target)
    finally:
        half.unlink(missing_ok=True)
