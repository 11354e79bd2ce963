"""Officials ask in the chat: 趋势 and 为什么, for every post, and plainly refused for everybody else."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from models.tables import Outbox
from tests.cast import MONDAY, at
from tests.jobs.helper import Counted, run
from tests.play import Play

SUNDAY = MONDAY - timedelta(days=1)


def test_the_trend_of_a_week_of_a_district_and_of_ones_own_school(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("08:00", SUNDAY)
    play.say("奶奶", "38.0")
    play.say("舟妈", "36.5")
    play.clock("10:00", SUNDAY)
    play.say("江畔报告人", "零报告")
    play.say("江畔报告人", "确认")
    play.clock("09:00")
    play.say("奶奶", "36.8")
    with Counted(play) as counted:
        district = play.say("局领导", "趋势")
    assert len(counted) < 16  # the turn's own, the calendar, and two for seven days of all schools
    assert district == (
        "春江区近7天（2月24日至3月2日），学生完整率，师生发热、有症状人数：\n"
        "2/24周二 学生0.0% 发热0 症状0，报送0/2校\n"
        "2/25周三 学生0.0% 发热0 症状0，报送0/2校\n"
        "2/26周四 学生0.0% 发热0 症状0，报送0/2校\n"
        "2/27周五 学生0.0% 发热0 症状0，报送0/2校\n"
        "2/28周六 学生0.0% 发热0 症状0，报送0/2校\n"
        "3/1周日 学生33.3% 发热1 症状1，报送1/2校\n"
        "3/2周一 学生16.7% 发热0 症状0，报送0/2校（截至09:00）\n"
        "3月1日与2月28日相比，发热由0人变为1人；3月1日仍有16人情况不明。\n"
        "“—”表示当天不用上报。回复“今日”看最新，“未报”看未报单位。"
    )
    fortnight = play.say("区报告人", "趋势 14天").splitlines()
    assert fortnight[1] == "2/17周二至2/21周六 —"  # nobody was due before the monitoring began
    assert len(fortnight) == 1 + 1 + 9 + 2
    own = play.say("江畔报告人", "趋势").splitlines()
    assert own[0].startswith("江畔中学近7天")
    assert own[6:8] == ["3/1周日 学生100.0% 发热0 症状0，已签报", "3/2周一 学生0.0% 发热0 症状0，未签报（截至09:00）"]
    assert play.say("区报告人", "趋势 江畔").startswith("江畔中学近7天")
    assert play.say("校长", "趋势 14").startswith("红旗小学近14天")
    assert play.say("校长", "趋势 30") == "请写“趋势”看近7天，“趋势 14”看近14天。"


def test_nobody_without_the_post_sees_a_trend_or_a_chain_of_facts(play: Play) -> None:
    for who in ("可妈", "陈老师", "孙主任", "新人"):
        assert play.say(who, "趋势").startswith("“趋势”看的是学校和全区的变化"), who
    assert play.say("校长", "趋势 江畔中学") == (
        "这项功能由教育局使用，您目前没有这个职务。如果职务有变动，请联系学校管理员；其他请回复“帮助”。"
    )
    refused = (
        "“为什么”看的是单位日报为何迟报、未报，由负责人使用，您目前没有这个职务，或不负责这个单位。其他请回复“帮助”。"
    )
    assert play.say("可妈", "为什么 红旗小学") == refused
    assert play.say("可妈", "为什么") == refused
    assert play.say("校长", "为什么 江畔中学") == refused
    assert play.say("卫老师", "为什么 三年级2班") == refused
    # A parent's question in passing stays a question: nothing is recorded, nothing is refused.
    assert "为什么" not in play.say("可妈", "为什么要测体温呀")
    assert play.say("陈老师", "为什么") == "请写明单位，例如：为什么 红旗小学，或：为什么 三年级2班 昨天。"


def test_why_a_school_is_late_tells_each_fact_with_its_time(play_on_both: Play) -> None:
    play = play_on_both
    run(play, "school-report", "09:50")
    run(play, "zero-report-nudge", "10:10")
    with play.database.write() as connection:
        mine = Outbox.account_id == play.cast.accounts["江畔报告人"]
        connection.execute(
            update(Outbox).where(mine, Outbox.kind == "school-report").values(state="sent", channel="service")
        )
        connection.execute(
            update(Outbox)
            .where(mine, Outbox.kind == "zero-report-nudge")
            .values(state="failed", error="48小时内未发过消息")
        )
    play.clock("10:20")
    assert play.say("局领导", "为什么 江畔中学").splitlines()[0] == "江畔中学3月2日日报：还没到截止时间（10:30）。"
    play.clock("10:41")
    play.say("江畔报告人", "零报告")
    play.say("江畔报告人", "确认")
    play.clock("10:50")
    play.say("区报告人", "退回 江畔中学 缺人")
    play.clock("11:00")
    play.say("江畔校长", "零报告")
    play.say("江畔校长", "确认")
    play.clock("11:10")
    play.say("舟妈", "38.2")
    told = play.say("局领导", "为什么江畔中学算迟报了？")
    assert told == (
        "江畔中学3月2日日报：迟报11分钟（10:30截止，首次签报10:41）。\n"
        "09:50 请核对全校情况，疫情报告人蒋欣：已送出（对话消息）\n"
        "10:10 催报，疫情报告人蒋欣：未送达（48小时内未发过消息）\n"
        "10:41 蒋欣签报\n"
        "10:50 告知被退回，疫情报告人蒋欣：正在发送\n"
        "10:50 韩平退回：缺人\n"
        "11:00 告知有人代签，疫情报告人蒋欣：正在发送\n"
        "11:00 沈稳（由校长签报）签报（第3版）\n"
        "11:10 告知情况有变化，校长沈稳：正在发送\n"
        "签报后情况有变化，已自动重新打开，等待再次确认。\n"
        "以上只列事实；收不到提醒的不算催报过。有困难请补充说明，回复“今日”看最新。"
    )
    assert "38.2" not in told
    run(play, "day-lock", "11:30")
    play.clock("11:40")
    assert play.say("校长", "为什么 红旗小学").startswith("红旗小学3月2日日报：未报（10:30截止，锁定时仍未签报）。")
    assert play.say("陈老师", "为什么 三年级2班").startswith("三年级2班3月2日日报：未报（09:30截止，锁定时仍未签报）。")
    assert play.say("孙主任", "为什么 2班").startswith("三年级2班3月2日日报：未报")
    assert (
        play.say("报告人", "为什么 1班")
        == "您有2项可以为什么：三年级1班、五年级1班。请写明是哪一项，例如：为什么 三年级1班"
    )
    assert play.say("局领导", "为什么 江畔中学 昨天").startswith("江畔中学3月1日日报：未报，10:30截止")
    assert play.say("局领导", "为什么 江畔中学 2月20日") == "江畔中学2月20日按日历不用上报，不算迟报，也不算未报。"
    assert at("11:40") > at("10:30")
