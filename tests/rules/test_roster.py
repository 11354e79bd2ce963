"""Rows of a workbook → a checked roster, or every fault at once."""

from __future__ import annotations

from datetime import date

import pytest

from models.rules.organisation import class_name, grade_name
from models.rules.roster import COLUMNS, JOINED, BadRoster, Cell, Known, Roster, Sheet
from models.rules.roster_reading import read_roster

BUREAU = "春江区教育局"
LIN = ("红旗小学", "三年级", "2班", "S001", "林林", "女", "13900000001")
CHEN = ("T001", "陈静", "13900000002", "红旗小学", "班主任", "三年级/2班")


def sheet(name: str, *rows: tuple[Cell, ...], columns: tuple[str, ...] | None = None) -> Sheet:
    return Sheet(name, columns or COLUMNS[name], list(enumerate(rows, start=2)))


def read(*sheets: Sheet, known: Known | None = None, partial: bool = False) -> Roster:
    return read_roster(list(sheets), known or Known(), BUREAU, frozenset({"教育局"}), partial)


def faults(*sheets: Sheet, known: Known | None = None) -> list[str]:
    with pytest.raises(BadRoster) as caught:
        read(*sheets, known=known)
    return [str(fault) for fault in caught.value.faults]


def with_staff(*rows: tuple[Cell, ...]) -> tuple[Sheet, Sheet]:
    return sheet("学生", LIN), sheet("人员", *rows)


def test_a_good_workbook_becomes_people_with_units_and_posts() -> None:
    roster = read(
        sheet("学生", LIN, ("红旗小学", "3年级", "二班", "S002", "王 乐", "", "")),
        sheet(
            "人员",
            CHEN,
            ("T001", "陈静", "", "红旗小学", "疫情报告人", ""),
            ("B1", "韩平", "13900000003", BUREAU, "区报告人", ""),
        ),
    )
    lin, wang, chen, han = roster.people
    assert (lin.unit, lin.sex, lin.phone) == ("红旗小学/三年级/2班", "女", "13900000001")
    assert (wang.unit, wang.name, wang.sex, wang.phone) == ("红旗小学/三年级/2班", "王乐", None, None)
    assert [(post.role, post.unit) for post in chen.posts] == [
        ("head_teacher", "红旗小学/三年级/2班"),
        ("designated_reporter", "红旗小学"),
    ]
    assert chen.unit == "红旗小学"
    assert (han.school, han.unit, han.posts[0].role) == ("", BUREAU, "district_officer")
    assert [(school.name, school.kind) for school in roster.schools] == [("红旗小学", "primary")]


@pytest.mark.parametrize(
    ("duty", "scope", "collected_by"),
    [
        ("任课教师", "三年级", "红旗小学/三年级"),
        ("任课教师", "", "红旗小学"),
        ("任课教师", "三年级/2班", "红旗小学/三年级"),
        ("职工", "三年级", "红旗小学/三年级"),
        ("职工", "", "红旗小学"),
        ("班主任", "三年级/2班", "红旗小学/三年级"),
        ("年级主任", "三年级", "红旗小学"),
        ("校长", "", "红旗小学"),
    ],
)
def test_who_collects_a_member_of_staff(duty: str, scope: str, collected_by: str) -> None:
    roster = read(*with_staff(("T1", "陈静", "13900000002", "红旗小学", duty, scope)))
    assert roster.people[-1].unit == collected_by


def test_two_words_for_one_duty_make_one_post() -> None:
    row = ("T1", "褚明", "13900000002", "红旗小学")
    post = read(*with_staff((*row, "校长", ""), (*row, "书记", ""))).people[-1].posts
    assert [(each.title, each.role) for each in post] == [("校长、书记", "principal")]


def test_the_kind_given_wins_over_the_name() -> None:
    roster = read(sheet("学校", ("红旗小学", "九年一贯", "东校区")), *with_staff(CHEN))
    assert (roster.schools[0].kind, roster.schools[0].campus) == ("nine_year", "东校区")


def test_every_fault_is_listed_with_its_place() -> None:
    found = faults(
        sheet(
            "学生",
            LIN,
            ("红旗小学", "三年级", "2班", "S001", "王乐乐", "男", ""),
            ("", "三年级", "2班", "S003", "", "男生", "1390000"),
            ("红旗小学", "三班", "", 1.23e18, "李小明", "男", ""),
        ),
        sheet(
            "人员",
            ("T1", "陈静", "13900000002", "红旗小学", "班主任", ""),
            ("T1", "陈敬", "13900000002", "红旗小学", "校医", ""),
            ("T2", "黄河", "123", "红旗小", "教师", ""),
            ("T3", "吴越", "13900000002", "红旗小学", "辅导员", ""),
            ("T4", "孙勤", "13900000002", "红旗小学", "年级主任", "四年级"),
            ("T5", "钱进", "13900000002", "红旗小学", "区报告人", ""),
            ("T6", "何清", "13900000002", "红旗小学", "校医", "三年级"),
            ("T7", "郑好", "13900000002", "红旗小学", "班主任", "三年级"),
            ("T8", "冯康", "13900000002", "红旗小学", "年级主任", "三年级/2班"),
        ),
    )
    for expected in (
        "工作表「学生」第 3 行「学号」：「S001」与第 2 行重复",
        "工作表「学生」第 4 行「学校」：没有填写",
        "工作表「学生」第 4 行「姓名」：没有填写",
        "工作表「学生」第 4 行「性别」：「男生」不是性别",
        "工作表「学生」第 4 行「家长手机」：不是手机号码",
        "工作表「学生」第 5 行「年级」：「三班」不是年级",
        "工作表「学生」第 5 行「学号」：长数字已被 Excel 改坏",
        "工作表「人员」第 2 行「管辖」：班主任没有填管辖",
        "工作表「人员」第 3 行「姓名」：编号「T1」在第 2 行是另一个姓名",
        "工作表「人员」第 4 行「手机」：不是手机号码",
        "工作表「人员」第 4 行「单位」：没有「红旗小」这所学校",
        "工作表「人员」第 5 行「职务」：「辅导员」不是规定的职务",
        "工作表「人员」第 6 行「管辖」：在红旗小学找不到「四年级」",
        "工作表「人员」第 7 行「职务」：「区报告人」只用于教育局",
        "工作表「人员」第 8 行「管辖」：校医管的是整个单位",
        "工作表「人员」第 9 行「管辖」：「三年级」是年级，班主任要填到班",
        "工作表「人员」第 10 行「管辖」：「三年级/2班」是班级，年级主任管的是年级",
    ):
        assert any(line.startswith(expected) for line in found), expected
    assert all("；" in line for line in found)


def test_a_fault_never_repeats_a_phone_number() -> None:
    assert not any("1377777" in line for line in faults(sheet("学生", (*LIN[:6], "1377777")), sheet("人员", CHEN)))


@pytest.mark.parametrize("missing", ["班级", "学号", "姓名"])
def test_a_missing_column_is_named(missing: str) -> None:
    columns = tuple(column for column in COLUMNS["学生"] if column != missing)
    found = faults(sheet("学生", LIN[:6], columns=columns), sheet("人员", CHEN))
    assert found[0].startswith(f"工作表「学生」第 1 行「{missing}」：缺少这一列")


def test_a_class_without_a_grade_is_refused() -> None:
    found = faults(sheet("学生", ("红旗小学", "", "2班", "S1", "林林", "女", "")), sheet("人员"))
    assert found == ["工作表「学生」第 2 行「年级」：没有填写；应填写年级"]


def test_a_missing_sheet_says_which_ones_there_are() -> None:
    found = faults(Sheet("学生名单", COLUMNS["学生"], []), sheet("人员", CHEN))
    assert "缺少这张工作表（文件里有：学生名单、人员）" in found[0]


def test_one_sheet_alone_will_do_for_a_csv_file() -> None:
    assert read(sheet("学生", LIN), partial=True).kinds == frozenset({"student"})


def test_columns_may_stand_in_any_order_and_extra_ones_are_mentioned() -> None:
    columns = ("备注", *reversed(COLUMNS["学生"]), JOINED)
    row = ("走读", *reversed(LIN), date(2026, 3, 9))
    roster = read(sheet("学生", row, columns=columns), sheet("人员", CHEN))
    assert roster.people[0].joined_on == date(2026, 3, 9)
    assert "工作表「学生」的列 备注 没有用到" in roster.notices


@pytest.mark.parametrize("text", ["2026-03-09", "2026/3/9", "2026.3.9", "2026年3月9日", "20260309"])
def test_a_day_may_be_written_in_many_ways(text: str) -> None:
    roster = read(sheet("学生", (*LIN, text), columns=(*COLUMNS["学生"], JOINED)), sheet("人员", CHEN))
    assert roster.people[0].joined_on == date(2026, 3, 9)


def test_a_day_that_is_none_is_a_fault() -> None:
    found = faults(sheet("学生", (*LIN, "2月30日"), columns=(*COLUMNS["学生"], JOINED)), sheet("人员", CHEN))
    assert "「2月30日」不是日期" in found[0]


def test_the_templates_example_rows_and_blank_rows_are_passed_over() -> None:
    example = ("春江实验小学", "三年级", "2班", "示例0001", "林小禾", "女", "")
    roster = read(sheet("学生", example, ("", " ", "", "", "", "", ""), LIN), sheet("人员", CHEN))
    assert [person.name for person in roster.people] == ["林林", "陈静"]


def stored() -> Known:
    third = grade_name("三年级")
    assert third is not None
    return Known(
        {"红旗小学": "primary", "江畔中学": "junior"},
        {"红旗小学": {third: {"2": class_name("2班", third)}}},
        {("student", "S001"): ("林林", "红旗小学"), ("staff", "T001"): ("陈静", "红旗小学")},
    )


def test_a_stored_number_for_another_name_at_another_school_is_a_slip() -> None:
    row = ("江畔中学", "七年级", "1班", "S001", "周舟", "女", "")
    found = faults(sheet("学生", row), sheet("人员"), known=stored())
    assert found[0].startswith("工作表「学生」第 2 行「学号」：「S001」已是红旗小学另一个人的学号")


def test_the_same_name_at_another_school_is_a_transfer_and_another_name_at_the_same_a_correction() -> None:
    moved = ("江畔中学", "七年级", "1班", "S001", "林林", "女", "")
    assert read(sheet("学生", moved), sheet("人员"), known=stored()).people[0].school == "江畔中学"
    renamed = (*LIN[:4], "林琳", *LIN[5:])
    assert read(sheet("学生", renamed), sheet("人员"), known=stored()).people[0].name == "林琳"


def test_staff_alone_may_refer_to_classes_that_are_stored() -> None:
    roster = read(sheet("学生"), sheet("人员", CHEN), known=stored())
    assert roster.people[0].posts[0].unit == "红旗小学/三年级/2班"


def test_a_school_whose_kind_nothing_tells_is_asked_for() -> None:
    found = faults(sheet("学生", ("春江学校", "2025级", "1班", "S1", "林林", "女", "")), sheet("人员"))
    assert found[0].startswith("工作表「学校」「类别」：从校名「春江学校」看不出类别")
