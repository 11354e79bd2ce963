"""The way it runs for real: an empty folder, `.env`, migrate, import, serve, beside a platform of its own process."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from tests.outside.site import Phone, Site


@pytest.fixture
def zone() -> ZoneInfo:
    """Where on earth it is eight in the morning: with the real clock, an answer given later is late or a backfill."""
    behind = (datetime.now(UTC).hour - 8 + 11) % 24 - 11
    return ZoneInfo(f"Etc/GMT{behind:+d}")


def write_roster(path: Path) -> None:
    """A school of one class, and a bureau."""
    book = xlsxwriter.Workbook(str(path))
    pupils = book.add_worksheet("学生")
    for number, row in enumerate(
        [
            ("学校", "年级", "班级", "学号", "姓名", "性别", "家长手机"),
            ("向阳小学", "三年级", "2班", "P001", "林小禾", "女", "13900000001"),
            ("向阳小学", "三年级", "2班", "P002", "周小满", "男", ""),
        ]
    ):
        pupils.write_row(number, 0, row)
    staff = book.add_worksheet("人员")
    for number, row in enumerate(
        [
            ("编号", "姓名", "手机", "单位", "职务", "管辖"),
            ("T001", "陈一禾", "13900000002", "向阳小学", "班主任", "三年级/2班"),
            ("T002", "何青", "13900000003", "向阳小学", "疫情报告人", ""),
            ("B001", "韩安", "13900000004", "春江区教育局", "区报告人", ""),
        ]
    ):
        staff.write_row(number, 0, row)
    book.close()


def codes_of(site: Site) -> dict[str, str]:
    """Everybody's binding code, by number."""
    site.run("roster", "codes", "--out", "codes.csv")
    rows = csv.DictReader(io.StringIO((site.folder / "codes.csv").read_text("utf-8-sig")))
    return {row["number"]: row["code"] for row in rows}


@pytest.fixture(params=["sqlite", "postgresql"])
def site(request: pytest.FixtureRequest, tmp_path: Path, zone: ZoneInfo) -> Iterator[Site]:
    folder = tmp_path / "site"
    folder.mkdir()
    given = {}
    if request.param == "postgresql":
        given = {"database_url": request.getfixturevalue("empty_postgres_address")}
    (folder / "district.toml").write_text(f'[district]\nname = "春江区"\ncode = "230717"\ntime_zone = "{zone.key}"\n')
    made = Site(folder, **given)
    yield made
    made.close()


@pytest.mark.long
def test_from_an_empty_folder_to_a_class_report(site: Site, zone: ZoneInfo) -> None:
    assert "pinganbao migrate" in site.run("jobs", "list", expect=1).stderr
    site.run("migrate")
    write_roster(site.folder / "roster.xlsx")
    site.run("roster", "import", "roster.xlsx", "--dry-run")
    site.run("roster", "import", "roster.xlsx")
    assert "没有变化" in site.run("roster", "import", "roster.xlsx").stdout
    codes = codes_of(site)

    control = site.platform()
    server = site.serve()
    assert control.post("/verify").json()["ok"]
    mother, teacher, reporter = (Phone(control, name) for name in ("妈妈", "老师", "报告人"))
    for phone, number in ((mother, "P001"), (teacher, "T001"), (reporter, "T002")):
        assert "同意" in phone.say(f"绑定 {codes[number]}")
        phone.say("同意")
    assert "林小禾" in mother.say("36.5")
    assert "周小满" in teacher.say("班级")
    assert "确认" in teacher.say("班级")
    assert teacher.say("确认")
    assert "1" in reporter.say("零报告")
    reporter.say("确认")

    now = datetime.now(zone)
    tomorrow = (now + timedelta(days=1)).replace(hour=7, minute=30, second=0, microsecond=0)
    first = site.run("jobs", "run", "checkin-prompt", "--at", tomorrow.isoformat()).stdout
    site.run("jobs", "run", "checkin-prompt", "--at", tomorrow.isoformat())
    assert "checkin-prompt" in first
    prompts = [text for text in mother.pushed() if "林小禾" in text]
    assert len(prompts) == 1

    day = now.date().isoformat()
    site.run("export", "checkins", "--from", day, "--to", day, "--format", "json", "--out", "checkins.json")
    checkins = json.loads((site.folder / "checkins.json").read_text("utf-8-sig"))
    own = next(row for row in checkins if row["number"] == "P001")
    assert (own["temperature_c"], own["result"]) == (36.5, "normal")
    assert {row["number"] for row in checkins} == {"P001", "P002", "T001", "T002", "B001"}
    assert next(row for row in checkins if row["number"] == "P002")["state"] == "unreported"
    site.run("export", "class-reports", "--from", day, "--to", day, "--format", "csv", "--out", "classes.csv")
    (report,) = csv.DictReader(io.StringIO((site.folder / "classes.csv").read_text("utf-8-sig")))
    assert (report["due"], report["reported"], report["unreported"]) == ("2", "1", "1")
    assert (report["is_zero"], report["zero_kind"]) == ("true", "qualified")
    assert json.loads(site.run("jobs", "list", "--json").stdout)[0].keys() == {
        "name",
        "next_at",
        "last_due_at",
        "last_result",
    }
    assert site.stop(server) in (0, 143, -15)
    for line in site.logs().splitlines():
        assert "林小禾" not in line
        assert "36.5" not in line
