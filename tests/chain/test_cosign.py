"""A report with something in it carries two names: the reporter's, and the principal's beside it (domain 6.6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from models.tables import Audit, Report
from tests.cast import MONDAY
from tests.jobs.helper import run, told
from tests.play import Play


def _fever_is_filed(play: Play) -> str:
    play.clock("08:00")
    play.say("奶奶", "38.5")
    play.clock("10:05")
    play.say("报告人", "零报告")
    return play.say("报告人", "确认")


def _report(play: Play) -> tuple[object, object]:
    with play.database.read() as connection:
        row = connection.execute(select(Report).where(Report.unit_id == play.cast.units["红旗小学"])).one()
    return row.cosigned_by, row.status


def test_a_report_with_a_fever_is_signed_by_the_principal_too(play_on_both: Play) -> None:
    play = play_on_both
    assert "已请褚明校长联签，签好我会告诉您。" in _fever_is_filed(play)
    asked = play.owed("校长", "school-report")[-1]
    assert asked.startswith("红旗小学3月2日日报，不是零报告，何清10:05签报，请您联签。")
    assert "王乐乐" not in asked
    assert "待校长联签" in play.say("报告人", "零报告")
    play.clock("10:09")
    assert play.say("校长", "联签") == "红旗小学日报已联签：褚明，10:09。如有变化会重新打开，再请签报。"
    assert play.owed("报告人", "school-report")[-1].startswith("红旗小学日报已联签：褚明，10:09。")
    assert _report(play) == (play.cast.people["校长"], "submitted")
    assert "褚明10:09联签" in play.say("区报告人", "查 红旗小学")
    assert play.say("校长", "联签") == "红旗小学不用重复联签：褚明已于10:09联签。"
    with play.database.read() as connection:
        assert connection.execute(select(Audit.actor).where(Audit.action == "report-cosigned")).scalars().all() == [
            f"person:{play.cast.people['校长']}"
        ]


def test_the_principals_confirmation_of_a_signed_report_is_the_signature_beside_it(play: Play) -> None:
    _fever_is_filed(play)
    play.say("校长", "零报告")
    assert play.say("校长", "确认").startswith("红旗小学日报已联签：褚明")


def test_why_tells_who_took_it_on_and_who_signed_beside(play: Play) -> None:
    run(play, "zero-report-nudge", "10:10")
    play.clock("10:12")
    play.say("报告人", "收到")
    _fever_is_filed(play)
    play.clock("10:20")
    play.say("校长", "联签")
    told = play.say("区报告人", "为什么 红旗小学").splitlines()
    assert "10:12 何清回复“收到”" in told
    assert "10:20 褚明联签" in told


def test_a_change_ends_the_signature_beside_with_the_other(play: Play) -> None:
    _fever_is_filed(play)
    play.say("校长", "联签")
    play.say("可妈", "38.6")
    assert play.say("校长", "联签").startswith("红旗小学还没有签报，暂时不用联签。")
    play.say("报告人", "零报告")
    assert "联签" in play.say("报告人", "确认")
    assert _report(play)[0] is None


def test_a_zero_needs_no_second_name_and_the_principals_own_signature_neither(play: Play) -> None:
    play.clock("10:05")
    play.say("报告人", "零报告")
    assert "联签" not in play.say("报告人", "确认")
    assert play.say("校长", "联签").startswith("红旗小学不用联签：何清已于10:05签报")
    play.say("奶奶", "38.5")
    play.say("校长", "零报告")
    assert "联签" not in play.say("校长", "确认")


def test_when_it_is_needed_is_data(play: Play) -> None:
    play.district = replace(play.district, reporting=replace(play.district.reporting, principal_cosign="never"))
    assert "联签" not in _fever_is_filed(play)
    play.district = replace(play.district, reporting=replace(play.district.reporting, principal_cosign="always"))
    play.say("江畔报告人", "零报告")
    assert "已请沈稳校长联签" in play.say("江畔报告人", "确认")


def test_nobody_but_the_principal_signs_beside(play: Play) -> None:
    _fever_is_filed(play)
    for who in ("报告人", "副报告人", "教务", "区报告人", "可妈"):
        assert play.say(who, "联签").startswith("这项功能由校长使用")
    assert play.say("江畔校长", "联签").startswith("江畔中学还没有签报")
    assert _report(play)[0] is None


def test_what_was_not_signed_beside_is_told_the_next_morning(play: Play) -> None:
    _fever_is_filed(play)
    run(play, "day-lock", "11:30")
    run(play, "open-days", "08:00", MONDAY + timedelta(days=1))
    assert "红旗小学（何清）日报还没有校长联签" in told(play, "open-days")["区报告人"][0]
