"""The morning check in a teacher's own words, and numbers that are compared with the named data (V22)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bots.reading.unit_check import number, read_unit_check
from models.rules.figures import Figures
from models.rules.typed import Typed, compare
from models.tables import Absence, CheckIn, Report
from tests.play import Play


@pytest.mark.parametrize(
    ("text", "typed", "staff", "class_name", "grade"),
    [
        ("三班晨检应到45实到43，李小明发烧38.2在家，王乐乐事假", Typed(expected=45, present=43), False, "3班", ""),
        ("三班全勤无异常，零报告", Typed(everybody=True, well=True), False, "3班", ""),
        ("四年级教师12人应报12人均正常", Typed(due=12, well=True), True, "", "四年级"),
        ("三年级2班应到四十五人，实到四十三人", Typed(expected=45, present=43), False, "2班", "三年级"),
        ("3(2)班应报45 已报44 未报1", Typed(due=45, reported=44, unreported=1), False, "2班", "三年级"),
        (
            "晨检：应到30，缺勤2人，其中病假1人，事假1人",
            Typed(expected=30, absent=2, sick_absence=1, personal_leave=1),
            False,
            "",
            "",
        ),
        ("全班均正常", Typed(well=True), False, "", ""),
    ],
)
def test_a_sentence_of_a_unit_is_read(text: str, typed: Typed, staff: bool, class_name: str, grade: str) -> None:
    check = read_unit_check(text)
    assert check is not None
    assert (check.typed, check.staff, check.class_name, check.grade) == (typed, staff, class_name, grade)


@pytest.mark.parametrize(
    "text", ["36.5", "李小明发烧38.2", "孩子一切正常 36.5", "确认", "三班的李小明发烧38.2", "晨检几点开始？"]
)
def test_what_says_nothing_of_a_whole_unit_is_somebody_elses(text: str) -> None:
    assert read_unit_check(text) is None


def test_a_fever_of_a_person_is_no_count_of_fevers() -> None:
    check = read_unit_check("应到45，李小明发烧38.2")
    assert check is not None
    assert check.typed == Typed(expected=45)
    assert "李小明发烧38.2" in check.rest


@given(st.integers(1, 199))
def test_chinese_numbers_are_read(value: int) -> None:
    digits = "零一二三四五六七八九"
    hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
    written = f"{digits[hundreds]}百" if hundreds else ""
    written += f"{digits[tens]}十" if tens else ("零" if hundreds and ones else "")
    written += digits[ones] if ones else ""
    assert number(written) == number(str(value)) == value


@given(
    st.builds(
        Figures,
        enrolled=st.integers(0, 60),
        due=st.integers(0, 60),
        expected=st.integers(0, 60),
        reported=st.integers(0, 60),
        fever=st.integers(0, 9),
        sick_absence=st.integers(0, 9),
    ),
    st.integers(0, 60),
    st.integers(0, 60),
)
def test_a_typed_number_is_accepted_only_where_the_named_data_say_the_same(
    figures: Figures, due: int, fever: int
) -> None:
    found = {one.name: (one.typed, one.derived) for one in compare(Typed(due=due, fever=fever), figures, staff=False)}
    assert found.get("due", (due, due)) == (due, figures.due)
    assert found.get("fever", (fever, fever)) == (fever, figures.fever)
    assert ("due" in found) == (due != figures.due)
    assert ("fever" in found) == (fever != figures.fever)


def test_pupils_and_staff_are_compared_apart() -> None:
    figures = Figures(due=45, reported=45, staff_due=12, staff_reported=9)
    assert compare(Typed(due=12, reported=12), figures, staff=True)[0].derived == 9
    assert not compare(Typed(due=45, reported=45, well=True), figures, staff=False)
    assert [one.name for one in compare(Typed(due=12, well=True), figures, staff=True)] == ["unreported"]


MORNING = """
【08:20】
陈老师: 二班晨检应到3实到1，李小明发烧38.2在家，王乐乐事假
机器人: 已登记：李小明 38.2℃ 发热，病假。
已登记：王乐乐 事假。
您写的人数与系统记录一致。
三年级2班（3月2日）：应报3人，已报1人，未报2人；发热1人，有症状1人，缺勤2人（因病1人）。
未报：林林、王乐乐
异常：李小明 38.2℃ 发热
请在09:30前核对，无误请回复“确认”。现在确认会标明未报2人；回复“催报”可再提醒家长。
陈老师: 确认
机器人: 已确认：三年级2班日报，08:20。应报3人，已报1人，发热1人。
发热情况请核实，说明可回复“补充 …”。之后如有变化，会重新打开并告诉您。
"""
DIFFERENT = """
【09:10】
陈老师: 二班应到45实到43，李小明发烧38.2在家，诸葛亮事假
机器人: 已登记：李小明 38.2℃ 发热，病假。
三年级2班没有找到“诸葛亮”，没有登记，请核对姓名。
与您写的不一致：应到您写45人，系统记录3人；实到您写43人，系统记录2人；缺勤您写2人，系统记录1人（有姓名的：李小明）。日报以系统记录为准，没有按您写的数字改动。缺勤的请按姓名登记，例如：缺勤 张小明 病假 感冒。
三年级2班（3月2日）：应报3人，已报1人，未报2人；发热1人，有症状1人，缺勤1人（因病1人）。
未报：林林、王乐乐
异常：李小明 38.2℃ 发热
请在09:30前核对，无误请回复“确认”。现在确认会标明未报2人；回复“催报”可再提醒家长。
陈老师: 三班全勤无异常，零报告
机器人: 您写的是3班，不在您负责的范围（三年级2班），没有登记。请核对后再发。
黄老师: 一班全勤无异常，零报告
机器人: 与您写的不一致：未报您写0人，系统记录1人（赵可）。日报以系统记录为准，没有按您写的数字改动。
三年级1班（3月2日）：应报1人，已报0人，未报1人；发热0人，有症状0人。
未报：赵可
请在09:30前核对，无误请回复“确认”。现在确认会标明未报1人；回复“催报”可再提醒家长。
"""


def test_the_morning_check_is_entered_by_name_and_signed_by_a_yes(play: Play) -> None:
    assert play(MORNING) == MORNING
    assert any("李小明" in text and "38.2" in text for text in play.owed("校医", "alert"))


def test_a_number_that_is_not_that_of_named_people_is_never_taken_over(play: Play) -> None:
    assert play(DIFFERENT) == DIFFERENT
    with play.database.read() as connection:
        assert connection.execute(select(Report)).all() == []  # a claim of zero signs nothing
        assert len(connection.execute(select(CheckIn)).all()) == 1
        assert len(connection.execute(select(Absence)).all()) == 1


def test_nobody_says_for_the_staff_that_they_are_well(play: Play) -> None:
    play.clock("09:20")
    play.say("陈老师", "我36.5")
    said = play.say("孙主任", "三年级教师3人应报3人均正常")
    assert "未报您写0人，系统记录1人（黄河）" in said
    assert "三年级教职工以本人上报为准，不能代写。" in said
    assert "应报您写3人，系统记录2人" in said


def test_illness_without_a_number_reaches_a_human_and_the_number_is_asked_for(play: Play) -> None:
    play.clock("08:20")
    said = play.say("陈老师", "晨检应到3实到2，王乐乐发烧在家")
    assert "已登记：王乐乐 发热，病假。王乐乐有不适，已通知相关人员；体温请发“代报 王乐乐 38.2”。" in said
    assert any("王乐乐" in text for text in play.owed("校医", "alert"))


def test_a_parents_words_of_a_class_are_no_class_check(play: Play) -> None:
    play.clock("08:20")
    assert "应到" not in play.say("可妈", "一班全勤无异常，零报告")
    assert play.owed("黄老师", "class-report") == []
