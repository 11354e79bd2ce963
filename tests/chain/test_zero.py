"""A zero is a yes: what ends it stays ended until somebody says yes again."""

from __future__ import annotations

from sqlalchemy import select

from models.tables import Report
from tests.jobs.helper import run
from tests.play import Play

CLASS = "红旗小学/三年级/1班"


def _report(play: Play, path: str = CLASS) -> tuple[str, bool, str]:
    with play.database.read() as connection:
        row = connection.execute(select(Report).where(Report.unit_id == play.cast.units[path])).one()
    return row.status, row.is_zero, row.zero_kind


def _signed(play: Play) -> None:
    play.clock("09:10")
    play.say("可妈", "36.5")
    play.say("黄老师", "班级")
    assert play.say("黄老师", "确认").startswith("已确认：三年级1班零报告")


def test_a_zero_that_was_returned_is_none_until_it_is_signed_again(play_on_both: Play) -> None:
    play = play_on_both
    _signed(play)
    play.say("孙主任", "退回 三年级1班 缺人")
    assert _report(play) == ("returned", False, "")
    play.say("黄老师", "班级")
    play.say("黄老师", "确认")
    assert _report(play) == ("submitted", True, "full")
    play.say("孙主任", "退回 三年级1班 缺人")
    run(play, "day-lock", "11:30")
    assert _report(play) == ("locked", False, "")


def test_a_fever_that_is_taken_back_brings_no_zero_back(play_on_both: Play) -> None:
    play = play_on_both
    _signed(play)
    play.say("可妈", "改 38.5")
    assert _report(play) == ("draft", False, "")
    play.say("可妈", "改 36.5")
    assert _report(play) == ("draft", False, "")
    run(play, "day-lock", "11:30")
    assert _report(play) == ("locked", False, "")


def test_a_zero_opened_by_a_harmless_change_is_ended_by_the_fever_after_it(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("09:10")
    play.say("奶奶", "36.5")
    play.say("黄老师", "班级")
    play.say("黄老师", "确认")
    play.say("可妈", "36.5")
    assert _report(play) == ("draft", True, "qualified")  # what was signed still holds
    play.say("可妈", "改 38.5")
    play.say("可妈", "改 36.5")
    assert _report(play) == ("draft", False, "")
