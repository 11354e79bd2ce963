"""The district file: defaults, and every fault with its line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from app.files.district import DistrictFileError, read_district
from models.rules.district import District, KeyRegion
from models.schema import ROOT


def write(folder: Path, text: str) -> Path:
    path = folder / "district.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(DistrictFileError) as caught:
        read_district(write(folder, text))
    return caught.value.faults


def test_a_name_is_enough(tmp_path: Path) -> None:
    assert read_district(write(tmp_path, '[district]\nname = "临江区"\n')) == District(name="临江区")


def test_the_shipped_file_says_what_the_defaults_are() -> None:
    shipped = read_district(ROOT / "district.toml")
    assert shipped.times.starts_on == date(2026, 2, 22)
    expected = District(name="春江区", code="230717", bureau="春江区教育局")
    assert replace(shipped, times=replace(shipped.times, starts_on=None)) == expected


def test_values_are_read_with_their_units(tmp_path: Path) -> None:
    text = """
[district]
name = "临江区"
time_zone = "Asia/Urumqi"
[times]
reminders = ["08:00"]
prompt = 07:05:00
quiet = ["22:00", "6:30"]
[disease]
fever_c = 37.5
high_fever_c = 39
plausible_c = [34, 43.0]
[escalation]
alert_steps = [{ minutes = 5, to = ["principal"] }]
[titles]
academic_office = "德育处"
[[key_region]]
name = "湖北省"
code = "420000"
from = 2026-02-01
to = 2026-03-01
"""
    district = read_district(write(tmp_path, text))
    assert district.zone.key == "Asia/Urumqi"
    assert (district.times.prompt, district.times.quiet) == (time(7, 5), (time(22), time(6, 30)))
    assert district.times.reminders == (time(8),)
    assert (district.disease.fever_tenths, district.disease.plausible_tenths) == (375, (340, 430))
    assert district.escalation.alert_steps == ((5, ("principal",)),)
    assert district.titles == {"academic_office": "德育处"}
    assert district.key_regions == (KeyRegion("湖北省", "420000", date(2026, 2, 1), date(2026, 3, 1)),)


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ('[times]\nprompt = "7点半"', '第 4 行：times.prompt 应为 "HH:MM"，现为 "7点半"'),
        ('[times]\nprompt = "25:00"', '第 4 行：times.prompt 应为 "HH:MM"'),
        ("[times]\n\npromt = 1", "第 5 行：times.promt 不认识"),
        ('[times]\nreminders = ["09:00", "08:00"]', "第 4 行：times.reminders 应为"),
        ('[times]\nstarts_on = "soon"', "第 4 行：times.starts_on 应为日期"),
        ("[times]\nreadings_per_day = 3", "第 4 行：times.readings_per_day 应为 1 到 2 的整数，现为 3"),
        ("[disease]\nfever_c = 37.35", "第 4 行：disease.fever_c 应为 30.0 到 45.0 的摄氏度"),
        ("[disease]\nfever_c = 373", "第 4 行：disease.fever_c 应为 30.0 到 45.0 的摄氏度"),
        ("[disease]\nfever_c = 40.0", "第 4 行：disease.fever_c 应在 plausible_c"),
        ("[disease]\nplausible_c = [42.0, 34.0]", "第 4 行：disease.plausible_c 应为 [最低, 最高]"),
        ('[escalation]\nschool_first = ["boss"]', "第 4 行：escalation.school_first 应为职务代码的列表"),
        ("[messages]\nwindow_reserve = true", "第 4 行：messages.window_reserve 应为 0 到 5 的整数，现为 true"),
        ("[retention]\nraw_text = 0", "第 4 行：retention.raw_text 应为 1 到 36500 的整数"),
        ("[weather]\nsunny = true", "第 3 行：weather 不认识"),
        ('[[key_region]]\nname = "湖北省"', "第 3 行：key_region 缺少 code、from"),
        (
            '[[key_region]]\nname = "湖北省"\ncode = "420000"\nfrom = 2026-03-01\nto = 2026-02-01',
            "第 7 行：key_region.to 应晚于 from",
        ),
        ("[times]\nprompt = 7:30", "第 4 行：不合 TOML 的写法"),
        ("[times]\nprompt = [", "行：不合 TOML 的写法"),
    ],
)
def test_a_fault_names_file_line_and_what_is_expected(tmp_path: Path, lines: str, fault: str) -> None:
    (said,) = faults(tmp_path, f'[district]\nname = "临江区"\n{lines}\n')
    assert said.startswith("district.toml 第 ")
    assert fault in said


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('mode = "holiday"', "第 3 行：district.mode 应为"),
        ('code = "23071"', "第 3 行：district.code 应为六位行政区划代码"),
        ('time_zone = "Mars/Olympus"', "第 3 行：district.time_zone 应为时区名"),
        ('bureau = ""', '第 3 行：district.bureau 应为 "文字"'),
    ],
)
def test_the_district_itself_is_checked(tmp_path: Path, line: str, fault: str) -> None:
    (said,) = faults(tmp_path, f'[district]\nname = "临江区"\n{line}\n')
    assert fault in said


def test_all_faults_come_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    said = faults(tmp_path, '[times]\nprompt = 1\nlock = 2\n[district]\nmode = "x"\n')
    assert [line.split("：")[0] for line in said] == [f"district.toml 第 {number} 行" for number in (2, 3, 4, 5)]


def test_a_missing_or_garbled_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(DistrictFileError, match="读不了"):
        read_district(tmp_path / "none.toml")
    (tmp_path / "district.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DistrictFileError, match="UTF-8"):
        read_district(tmp_path / "district.toml")
