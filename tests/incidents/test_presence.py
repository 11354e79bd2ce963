"""Somebody is at school who should not be: A13, from the gate, from the teacher's words, from the class's signature."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from models.database import Database
from tests.cast import DISTRICT, MONDAY
from tests.conversations.test_check_in_alerts import alerts
from tests.play import Play

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def school_day(database: Database) -> Play:
    """The cast on a day on which the classes are at school."""
    return Play(database, replace(DISTRICT, mode="school_day"))


def test_back_from_away_stays_held_until_a_person_approves(play_on_both: Play) -> None:
    play = play_on_both
    play("【08:10】\n奶奶: 36.5，2月20号去的长沙，还没回来")
    play.clock("08:10", TUESDAY)
    play.say("奶奶", "36.5 昨天从长沙回来了")
    assert "不应到校" in play.say("校医", "到校 王乐乐")
    assert alerts(play)["王乐乐", "A13"]["facts"] == {"reasons": ["on_hold"]}
    play.say("报告人", "批准返校 王乐乐 社区已报备")
    assert "没有查到" in play.say("校医", "到校 王乐乐")


def test_an_approved_return_is_not_held_again_by_the_same_words(play: Play) -> None:
    play("【08:10】\n奶奶: 36.5，2月20号去的长沙，还没回来\n报告人: 批准返校 王乐乐 社区已报备")
    play.clock("08:10", TUESDAY)
    play.say("奶奶", "36.5 还在长沙")
    play.say("奶奶", "36.5 刚从长沙回来")
    assert "没有查到" in play.say("校医", "到校 王乐乐")


def test_a_child_on_sick_leave_at_the_gate_is_stopped(play: Play) -> None:
    play("【07:40】\n奶奶: 请病假 感冒")
    assert "不应到校" in play.say("校医", "到校 王乐乐")
    assert alerts(play)["王乐乐", "A13"]["facts"]["reasons"] == ["sick_leave"]
    assert any("今天登记为病假或隔离" in text for text in play.owed("陈老师"))


def test_the_teacher_ends_an_absence_and_the_fever_still_stops_the_child(play: Play) -> None:
    play("【07:40】\n奶奶: 38.2\n陈老师: 缺勤 王乐乐 病假 发热")
    said = play.say("陈老师", "缺勤 王乐乐 到校")
    assert "已取消王乐乐今天的缺勤登记" in said
    assert "不应到校" in said
    found = alerts(play)["王乐乐", "A13"]
    assert found["facts"]["reasons"] == ["fever"]
    assert set(found["told"].split(",")) == {"principal", "head_teacher", "school_doctor"}
    assert any("不应到校而到校" in text for text in play.owed("校医"))


def test_an_absence_entered_by_mistake_says_nothing_about_the_gate(play: Play) -> None:
    play("【07:40】\n奶奶: 38.2\n陈老师: 缺勤 王乐乐 病假 发热\n陈老师: 缺勤 王乐乐 取消")
    assert ("王乐乐", "A13") not in alerts(play)


def test_a_well_child_who_is_back_stops_nobody(play: Play) -> None:
    play("【07:40】\n奶奶: 36.5\n陈老师: 缺勤 王乐乐 病假 牙疼\n陈老师: 缺勤 王乐乐 到校")
    assert alerts(play) == {}


def test_a_signed_class_counts_a_feverish_child_as_present(school_day: Play) -> None:
    play = school_day
    play("【07:40】\n奶奶: 38.2\n妈妈: 林林36.5\n小明爸爸: 36.6\n【08:20】\n陈老师: 班级")
    said = play.say("陈老师", "确认")
    assert "王乐乐没有缺勤登记，按到校计" in said
    assert {key for key in alerts(play) if key[1] == "A13"} == {("王乐乐", "A13")}
    assert any("不应到校而到校" in text for text in play.owed("校医"))


def test_a_signed_class_whose_sick_child_is_entered_as_absent_stops_nobody(school_day: Play) -> None:
    play = school_day
    play(
        "【07:40】\n奶奶: 38.2\n陈老师: 缺勤 王乐乐 病假 发热\n妈妈: 林林36.5\n小明爸爸: 36.6\n陈老师: 班级\n陈老师: 确认"
    )
    assert not any(code == "A13" for _, code in alerts(play))


def test_a_class_at_home_counts_nobody_as_present(play: Play) -> None:
    play("【07:40】\n奶奶: 38.2\n妈妈: 林林36.5\n小明爸爸: 36.6\n陈老师: 班级\n陈老师: 确认")
    assert not any(code == "A13" for _, code in alerts(play))
