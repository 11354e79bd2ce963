"""The commands as an operator types them, against a real database in a folder of their own."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pypdf
import pytest
from typer.testing import CliRunner, Result

from app.__main__ import make_cli
from app.demo.district import write_demo_roster
from app.process import wiring
from tests.cast import SECRET, at
from tests.house import StageClock


@pytest.fixture
def folder(tmp_path: Path, sqlite_address: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", sqlite_address)
    monkeypatch.setenv("SECRET_KEY", SECRET)
    monkeypatch.setattr(wiring, "Clock", lambda: StageClock(at("10:00")))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(make_cli(), list(arguments), catch_exceptions=False)


def fill(path: Path, *rows: tuple[str, ...]) -> None:
    """Take the template as an operator does and put rows below the example."""
    assert run("roster", "template", str(path)).exit_code == 0
    book = openpyxl.load_workbook(path)
    for row in rows:
        book["学生"].append(row)
    book["人员"].append(("T1", "陈静", "13900000002", "红旗小学", "班主任", "三年级/2班"))
    book.save(path)


LIN = ("红旗小学", "三年级", "2班", "S001", "林林", "女", "13900000001")


def test_from_the_template_to_the_codes(folder: Path) -> None:
    fill(folder / "r.xlsx", LIN)
    tried = run("roster", "import", "r.xlsx", "--dry-run")
    assert tried.exit_code == 0
    assert "将新增 2 人（学生 1，人员 1）" in tried.stdout
    done = run("roster", "import", "r.xlsx")
    assert "已新增 2 人（学生 1，人员 1）" in done.stdout
    assert "没有变化：2 人" in run("roster", "import", "r.xlsx").stdout
    assert run("roster", "codes", "--out", "c.csv", "--unit", "红旗小学/三年级/2班").exit_code == 0
    with (folder / "c.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert list(row) == ["kind", "school", "grade", "class", "number", "name", "code"]
    assert (row["kind"], row["class"], row["name"], len(row["code"])) == ("student", "2班", "林林", 8)


def test_a_bad_workbook_lists_every_row_and_stores_nothing(folder: Path) -> None:
    fill(folder / "r.xlsx", LIN, (*LIN[:6], "12"), ("红旗小学", "", "2班", "S3", "", "女", ""))
    done = run("roster", "import", "r.xlsx")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "工作表「学生」第 4 行「学号」：「S001」与第 3 行重复" in done.stderr
    assert "工作表「学生」第 4 行「家长手机」：不是手机号码" in done.stderr
    assert "工作表「学生」第 5 行「年级」：没有填写" in done.stderr
    assert "名册有 4 处问题，什么都没有写入" in done.stderr
    assert run("roster", "slips", "--out", "s.pdf").exit_code == 1


def test_missing_people_are_listed(folder: Path) -> None:
    fill(folder / "r.xlsx", LIN, ("红旗小学", "三年级", "2班", "S002", "王乐乐", "男", ""))
    run("roster", "import", "r.xlsx")
    fill(folder / "r.xlsx", LIN)
    assert "学生 S002 王乐乐 红旗小学/三年级/2班" in run("roster", "import", "r.xlsx").stdout
    assert "已离册 1 人" in run("roster", "import", "r.xlsx", "--retire-missing", "--date", "2026-03-09").stdout


def test_slips_of_the_demonstration_district(folder: Path) -> None:
    write_demo_roster(folder / "demo.xlsx")
    assert run("roster", "import", "demo.xlsx").exit_code == 0
    done = run("roster", "slips", "--unit", "红旗小学", "--out", "s.pdf")
    assert done.exit_code == 0
    assert "没有连上公众号" in done.stdout
    assert len(pypdf.PdfReader(folder / "s.pdf").pages) == 21  # 7 classes of 23–26, ten a page


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("roster", "import", "none.xlsx"), 1, "找不到文件"),
        (("roster", "template", "t.csv"), 2, "应以 .xlsx 结尾"),
        (("roster", "codes", "--out", "c.csv", "--unit", "无此校"), 2, "没有「无此校」这个单位"),
        (("mode", "set", "weekend"), 2, "没有「weekend」这种模式"),
        (("mode", "set", "school_day"), 1, "还没有名册"),
        (("calendar", "import", "none.csv"), 1, "找不到文件"),
        (("regions", "add", "朝阳"), 2, "「朝阳」有几处"),
        (("regions", "add", "某地"), 2, "查不到"),
        (("regions", "end", "湖北省"), 1, "不是重点地区"),
    ],
)
def test_wrong_use_ends_in_one_clear_line(folder: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    done = run(*arguments)
    assert done.exit_code == code
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_modes_calendar_and_regions(folder: Path) -> None:
    fill(folder / "r.xlsx", LIN)
    run("roster", "import", "r.xlsx")
    done = run("mode", "set", "school_day", "--unit", "红旗小学", "--from", "2026-03-02")
    assert "红旗小学 自 2026-03-02 起：school_day" in done.stdout
    assert "宽松" in done.stderr
    assert "红旗小学 school_day" in run("mode", "show", "--from", "2026-03-02").stdout
    shown = run("calendar", "show", "--from", "2026-02-28", "--days", "2").stdout.splitlines()
    assert [line[-8:] for line in shown] == ["应报学校 1/1", "应报学校 1/1"]
    (folder / "d.csv").write_text("日期,上班,名称\n2035-10-01,否,国庆\n", encoding="utf-8")
    assert "新增或改动 1 天" in run("calendar", "import", "d.csv").stdout
    assert "待核对" in run("calendar", "show", "--from", "2035-10-01", "--days", "2").stderr
    assert "湖北省（420000）" in run("regions", "add", "湖北", "--from", "2026-02-01").stdout
    assert "420000 湖北省 2026-02-01 至 今后 有效" in run("regions", "list").stdout
    assert run("regions", "end", "湖北省").exit_code == 0
