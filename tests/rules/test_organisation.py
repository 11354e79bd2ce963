"""Words of the roster: kinds, grades, classes, scopes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.organisation import (
    BUREAU_DUTIES,
    SCHOOL_DUTIES,
    ClassName,
    GradeName,
    chinese_number,
    class_name,
    find_scope,
    grade_name,
    kind_of_school,
    person_name,
    plain,
)

DIGITS = "零一二三四五六七八九"


def grade(text: str) -> GradeName:
    found = grade_name(text)
    assert found is not None
    return found


def in_chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else ("" if tens == 1 else DIGITS[tens]) + "十") + (DIGITS[ones] if ones else "")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("红旗小学", "primary"),
        ("春江第一幼儿园", "kindergarten"),
        ("江畔初级中学", "junior"),
        ("春江九年一贯制学校", "nine_year"),
        ("春江高级中学", "senior"),
        ("春江完全中学", "complete_secondary"),
        ("春江职业技术学校", "vocational"),
        ("春江特殊教育学校", "special"),
        ("江畔中学", "junior"),
        ("春江实验学校", None),
    ],
)
def test_a_schools_name_tells_its_kind(name: str, kind: str | None) -> None:
    assert kind_of_school(name) == kind


@pytest.mark.parametrize(
    ("name", "grades", "kind"),
    [
        ("春江实验学校", ["一年级", "九年级"], "nine_year"),
        ("春江实验学校", ["一年级", "六年级"], "primary"),
        ("春江一中", ["七年级", "高一"], "complete_secondary"),
        ("春江中学", ["高一", "高三"], "senior"),
        ("春江中学", ["初一"], "junior"),
        ("阳光启蒙园", ["小班", "大班"], "kindergarten"),
    ],
)
def test_where_the_name_is_silent_the_grades_tell(name: str, grades: list[str], kind: str) -> None:
    assert kind_of_school(name, [grade(text) for text in grades]) == kind


def test_grades_are_read_out_from_the_youngest_to_the_oldest() -> None:
    order = ["托班", "小班", "中班", "大班", "一年级", "二年级", "六年级", "七年级", "八年级", "九年级", "高一", "高三"]
    positions = [grade(text).position for text in order]
    assert positions == sorted(set(positions))


@pytest.mark.parametrize(
    ("one", "other"),
    [("三年级", "3年级"), ("三年级", "３ 年级"), ("初一", "初1"), ("高二", "高中二年级"), ("小三", "小学三年级")],
)
def test_two_writings_of_a_grade_are_one(one: str, other: str) -> None:
    assert grade(one).key == grade(other).key
    assert grade(one).position == grade(other).position


@pytest.mark.parametrize("text", ["", "三", "三班", "十年级", "年级", "红旗", "0年级", "高四", "2班"])
def test_what_is_no_grade_is_not_read_as_one(text: str) -> None:
    assert grade_name(text) is None


@pytest.mark.parametrize("text", ["一部", "康复班"])
def test_special_schools_name_their_grades_freely(text: str) -> None:
    assert grade_name(text, "special") is not None


@pytest.mark.parametrize(
    "text",
    ["2班", "二班", "02班", "(2)班", "（二）班", "2", "第2班", "三年级2班", "三(2)班", "三2班", "3（2）班", "三年二班"],
)
def test_many_writings_of_the_second_class_are_one(text: str) -> None:
    assert class_name(text, grade("三年级")).key == "2"


def test_the_class_of_a_grades_own_number_is_not_taken_for_the_grade() -> None:
    assert class_name("三班", grade("三年级")).key == "3"
    assert class_name("3班", grade("三年级")).position == 3


def test_the_second_class_comes_before_the_tenth() -> None:
    names = [class_name(text, grade("三年级")) for text in ("10班", "苹果班", "2班")]
    assert [name.name for name in sorted(names, key=lambda name: name.position)] == ["2班", "10班", "苹果班"]


def test_a_kindergartens_class_carries_its_grades_first_letter() -> None:
    assert class_name("小一班", grade("小班")).key == class_name("1班", grade("小班")).key == "1"


@given(st.integers(1, 99))
def test_every_class_number_is_read_in_either_script(number: int) -> None:
    third = grade("三年级")
    assert chinese_number(in_chinese(number)) == number
    for text in (
        f"{number}班",
        f"{in_chinese(number)}班",
        f"（{number}）班",
        f"三年级{number}班",
        f"三年级({in_chinese(number)})班",
    ):
        assert class_name(text, third).position == number


@given(st.integers(1, 9), st.integers(1, 60))
def test_a_class_is_found_again_by_its_path(of_grade: int, number: int) -> None:
    named = grade(f"{DIGITS[of_grade]}年级")
    found = class_name(f"{number}班", named)
    for text in (
        f"{named.name}/{number}班",
        f"{of_grade}年级／{in_chinese(number)}班",
        f"红旗小学/{named.name}/{number}班",
    ):
        assert find_scope(text, "红旗小学", {named: {found.key: found}}) == (named, found)


@given(st.text(max_size=12))
def test_no_text_breaks_the_reading_of_names(text: str) -> None:
    third = grade("三年级")
    read = grade_name(text)
    assert read is None or read.key
    assert isinstance(class_name(text, third), ClassName)
    find_scope(text, "红旗小学", {third: {"2": class_name("2班", third)}})
    assert plain(plain(text)) == plain(text)


def test_a_bare_class_is_found_only_where_it_is_the_only_one() -> None:
    third, fourth = grade("三年级"), grade("四年级")
    classes = {third: {"2": class_name("2班", third)}, fourth: {"2": class_name("2班", fourth)}}
    assert find_scope("2班", "红旗小学", classes) is None
    assert find_scope("三(2)班", "红旗小学", classes) == (third, classes[third]["2"])
    assert find_scope("三年级2班", "红旗小学", classes) == (third, classes[third]["2"])
    assert find_scope("四年级", "红旗小学", classes) == (fourth, None)
    assert find_scope("五年级", "红旗小学", classes) is None
    assert find_scope("三年级/3班", "红旗小学", classes) is None


@pytest.mark.parametrize(
    ("written", "name"),
    [("张　三", "张三"), (" 李小明 ", "李小明"), ("阿依古丽·买买提", "阿依古丽·买买提"), ("Anna  Li", "Anna Li")],
)
def test_names_lose_the_blanks_they_are_padded_with(written: str, name: str) -> None:
    assert person_name(written) == name


def test_every_duty_of_the_contract_has_a_role() -> None:
    at_school = "班主任 副班主任 任课教师 年级主任 教务主任 疫情报告人 副报告人 校医 校长 园长 书记 值班领导 值班人员 门卫 后勤 职工"
    at_bureau = "区领导小组 区报告人 协调联络宣传报道组 应急防控组 后勤保障组 学习指导组 安全保卫组 隔离组"
    assert set(at_school.split()) <= set(SCHOOL_DUTIES)
    assert set(at_bureau.split()) <= set(BUREAU_DUTIES)
    assert len({duty.role for duty in BUREAU_DUTIES.values()}) == 9
