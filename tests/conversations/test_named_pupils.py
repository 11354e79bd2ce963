"""A head teacher names pupils without a word of ours before it: entered as 代报 and 缺勤 would, never as the teacher's."""

from __future__ import annotations

import pytest

from tests.conversations.test_check_in_alerts import alerts
from tests.play import Play


def test_three_pupils_in_one_line_are_entered_for_the_pupils(play: Play) -> None:
    said = play(
        """
【07:40】
陈老师: 林林36.5 王乐乐36.6 李小明36.4
陈老师: 班级
陈老师: 今天
"""
    )
    assert "已登记：林林 36.5℃。\n已登记：王乐乐 36.6℃。\n已登记：李小明 36.4℃。" in said
    assert "已报3人" in said
    assert "陈静：今天还没报" in said


def test_a_fever_told_in_passing_reaches_the_doctor_and_the_reporter(play: Play) -> None:
    said = play("【07:40】\n陈老师: 林林发烧了刚送医院")
    assert "已登记：林林 发热" in said
    assert any("林林" in text for text in play.owed("校医", "alert"))
    assert any("林林" in text for text in play.owed("报告人", "alert"))


def test_an_absence_told_in_passing_is_one(play: Play) -> None:
    said = play("【08:00】\n陈老师: 王乐乐没来\n陈老师: 李小明妈妈说孩子发烧38.5在家\n陈老师: 班级")
    assert "已登记：王乐乐 原因不明" in said
    assert "已登记：李小明 38.5℃ 发热，病假" in said
    assert "缺勤2人" in said


def test_the_teachers_open_question_is_not_answered_by_a_pupils_number(play: Play) -> None:
    play("【07:40】\n陈老师: 367")
    assert "已登记：王乐乐 38.5℃" in play.say("陈老师", "王乐乐38.5")
    assert "陈静，36.7℃" in play.say("陈老师", "对")


@pytest.mark.parametrize("text", ["王乐乐今天来了吗", "王乐乐昨天37.8", "王乐乐没来吗？"])
def test_a_question_or_another_day_enters_nothing(play: Play, text: str) -> None:
    play.say("陈老师", text)
    assert "已报0人" in play.say("陈老师", "班级")
    assert "缺勤" not in play.say("陈老师", "班级")


@pytest.mark.parametrize("text", ["赵可36.5", "三班王小花38.5", "高飞 体温38.5"])
def test_a_pupil_of_another_class_is_neither_entered_nor_taken_for_the_teacher(play: Play, text: str) -> None:
    assert "代报" in play.say("陈老师", text)
    play.say("陈老师", "对")
    assert "陈静：今天还没报" in play.say("陈老师", "今天")
    assert alerts(play) == {}


def test_whose_number_it_is_is_asked_of_staff_and_of_a_family(play: Play) -> None:
    assert "36.5℃是您本人的体温吗" in play.say("校医", "赵可36.5")
    assert "冯康，36.5℃" in play.say("校医", "对")
    assert "您说的是王乐乐吗" in play.say("奶奶", "赵可36.5")
