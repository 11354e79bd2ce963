"""Nudges of classes, lists of the silent: data of the district file, in steps, fair."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import update

from models.tables import Binding
from tests.cast import MONDAY
from tests.jobs.helper import run, told
from tests.play import Play


def test_a_class_is_nudged_step_by_step_until_it_is_signed(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("09:10")
    play.say("陈老师", "班级")
    play.say("陈老师", "确认")
    run(play, "class-nudge", "09:30")
    assert set(told(play, "class-nudge")) == {"黄老师", "吴老师", "卫老师"}
    assert told(play, "class-nudge")["黄老师"] == [
        "三年级1班今日日报还没有确认，请回复“班级”核对，无误请回复“确认”；正在处理请回复“收到”。"
    ]
    run(play, "class-nudge", "09:45")
    assert told(play, "class-nudge")["孙主任"] == [
        "截止后15分钟，1个班未确认：三年级1班。班主任不便时您可回复“确认 三年级1班”代为确认。"
    ]
    assert "受托" not in play.say("孙主任", "确认 三年级1班")
    run(play, "class-nudge", "10:00")
    assert told(play, "class-nudge")["教务"][0].startswith("截止后30分钟，1个班未确认：五年级1班。")


def test_a_reporter_hears_of_classes_and_of_the_zero_report_in_one_message(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("10:29")
    run(play, "class-nudge", "10:30")
    run(play, "zero-report-nudge", "10:30")
    reporters = {"报告人", "江畔报告人"}
    assert reporters.isdisjoint(told(play, "class-nudge"))
    nudges = told(play, "zero-report-nudge")
    assert {len(nudges[one]) for one in reporters} == {1}
    assert "未确认：三年级1班、三年级2班" in nudges["报告人"][0]
    assert "班主任不便时您可回复“确认 三年级1班”代为确认。" in nudges["报告人"][0]


def test_a_reporter_who_has_filed_still_hears_of_a_class_that_has_not(play: Play) -> None:
    play.clock("10:00")
    play.say("江畔报告人", "零报告")
    play.say("江畔报告人", "确认")
    run(play, "class-nudge", "10:30")
    assert "江畔报告人" in told(play, "class-nudge")


def test_the_steps_are_data(play: Play) -> None:
    play.district = replace(play.district, escalation=replace(play.district.escalation, class_to=(("principal",),)))
    run(play, "class-nudge", "09:30")
    assert set(told(play, "class-nudge")) == {"校长", "江畔校长"}
    assert run(play, "class-nudge", "09:45").owed == 0


def test_a_returned_class_is_nudged_again(play: Play) -> None:
    play.clock("09:10")
    play.say("陈老师", "班级")
    play.say("陈老师", "确认")
    play.say("孙主任", "退回 2班 缺人")
    run(play, "class-nudge", "09:30")
    assert "陈老师" in told(play, "class-nudge")


def test_two_silent_days_go_to_the_grade_head_and_three_to_the_office_fairly(play_on_both: Play) -> None:
    play = play_on_both
    with play.database.write() as connection:
        connection.execute(
            update(Binding).where(Binding.account_id == play.cast.accounts["小明爸爸"]).values(ended_at=play.now)
        )
    sunday = MONDAY - timedelta(days=1)
    play.clock("08:00", sunday - timedelta(days=1))
    play.say("奶奶", "36.5")
    play.clock("08:00", sunday)
    play.say("妈妈", "都36.5")
    run(play, "silent-list", "09:50")
    (text,) = told(play, "silent-list")["孙主任"]
    assert text.startswith("三年级连续2天及以上未报5人：")
    assert "王乐乐（三年级2班，2天）" in text
    assert "李小明（三年级2班，9天，未绑定）" in text
    assert "林林" not in text
    (office,) = told(play, "silent-list")["教务"]
    assert office.startswith("红旗小学连续3天及以上未报")
    assert "李小明" not in office
    assert "三年级2班" in office


def test_whoever_reports_is_on_no_list(play: Play) -> None:
    for day in (MONDAY - timedelta(days=1), MONDAY):
        play.clock("08:00", day)
        play.say("可妈", "36.5")
    run(play, "silent-list", "09:50")
    assert all("赵可" not in text for texts in told(play, "silent-list").values() for text in texts)
