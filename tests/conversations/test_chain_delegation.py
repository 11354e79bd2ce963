"""Handing a duty over until a day: confirmed, told, audited, and back by itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from bots.reading.until import until_day
from models.tables import Account, Audit, Binding, Post
from tests.cast import MONDAY
from tests.jobs.helper import run, told
from tests.play import Play

HANDED_OVER = """
【08:00】
报告人: 我出差到周五，请黄老师代报
机器人: 3月2日至3月6日把红旗小学疫情报告人的工作委托给黄河，之后自动恢复由您负责。同意请回复“确认委托”，不委托请回复“取消”。
报告人: 确认委托
机器人: 已委托：红旗小学疫情报告人由黄河代理到3月6日，3月7日起自动恢复。提前收回请回复“取消委托”。
报告人: 委托
机器人: 您委托的工作：红旗小学疫情报告人由黄河代理到3月6日。到期自动恢复；提前收回请回复“取消委托”。
【10:00】
黄老师: 零报告
机器人: 红旗小学（3月2日）：学生应报5人，已报0人，未报5人；教职工应报9人，已报0人。
"""


def test_a_reporter_who_is_away_hands_over_until_a_day_and_it_returns_by_itself(play_on_both: Play) -> None:
    play = play_on_both
    assert play(HANDED_OVER).startswith(HANDED_OVER.rstrip("\n"))
    assert play.owed("黄老师", "school-report") == [
        "何清请您代理红旗小学疫情报告人，3月2日至3月6日。其间请按提醒核对并回复“确认”；不便代理请直接与何清联系。"
    ]
    assert "由黄河代理到3月6日（何清不在岗）" in play.owed("校长", "school-report")[0]
    assert "受托代签" in play.say("黄老师", "确认 红旗小学")
    assert "受托代签" in play.owed("报告人", "school-report")[-1]
    run(play, "school-report", "09:50", MONDAY + timedelta(days=1))
    assert {"黄老师", "报告人"} <= set(told(play, "school-report"))
    play.clock("10:00", MONDAY + timedelta(days=4))
    assert "红旗小学" in play.say("黄老师", "零报告")
    play.clock("10:00", MONDAY + timedelta(days=5))
    assert play.say("黄老师", "零报告").startswith("这项功能由疫情报告人")
    with play.database.read() as connection:
        trail = connection.execute(select(Audit.actor, Audit.detail).where(Audit.action == "duty-delegated")).all()
    assert len(trail) == 1
    assert trail[0].detail.startswith("designated_reporter to person:")


def test_a_delegation_is_taken_back_at_once(play: Play) -> None:
    play.clock("08:00")
    play.say("陈老师", "委托 黄河 到周三")
    play.say("陈老师", "是")
    assert "三年级2班（" in play.say("黄老师", "班级")
    assert play.say("陈老师", "取消委托") == "已收回：三年级2班班主任恢复由您负责。回复“今日”可查看情况。"
    assert play.owed("黄老师")[-1] == "陈静已收回三年级2班班主任的工作，您不用再代理，谢谢您。"
    assert "三年级2班（" not in play.say("黄老师", "班级")
    assert play.say("陈老师", "取消委托").startswith("您目前没有委托给别人的工作")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("我出差到周五，请诸葛老师代报", "本校没有找到“诸葛老师”"),
        ("我出差，请黄老师代报，时间到时再说", "请写明请谁代、到哪天"),
        ("我出差到12月31日，请黄老师代报", "委托最长31天"),
        ("委托 蒋欣 到周五", "本校没有找到“蒋欣”"),  # of another school
        ("委托 何清 到周五", "本校没有找到“何清”"),  # oneself
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_handed_over(play: Play, said: str, answer: str) -> None:
    assert answer in play.say("报告人", said)
    with play.database.read() as connection:
        assert connection.execute(select(Post.id).where(Post.delegated_by.is_not(None))).all() == []


def test_who_cannot_be_reached_cannot_take_over(play: Play) -> None:
    with play.database.write() as connection:
        connection.execute(
            update(Binding).where(Binding.person_id == play.cast.people["黄老师"]).values(ended_at=play.now)
        )
    assert play.say("报告人", "我出差到周五，请黄老师代报").startswith("黄河还没有绑定")


def test_no_means_no(play: Play) -> None:
    play.say("报告人", "我出差到周五，请黄老师代报")
    assert play.say("报告人", "取消").startswith("好的，没有委托")
    assert play.say("黄老师", "零报告").startswith("这项功能由疫情报告人")


def test_nobody_without_a_duty_hands_one_over(play: Play) -> None:
    assert play.say("可妈", "委托 黄河 到周五").startswith("这项功能由学校和教育局的负责人使用")
    assert play.say("校医", "委托 黄河 到周五").startswith("只有班主任、年级主任、教务处和疫情报告人")
    assert "委托" not in play.say("可妈", "我出差到周五，请张老师代报")


def test_a_borrowed_duty_is_not_lent_on(play: Play) -> None:
    play.say("报告人", "我出差到周五，请冯康代报")
    play.say("报告人", "确认委托")
    assert play.say("校医", "委托 黄河 到周四").startswith("只有班主任、年级主任、教务处和疫情报告人")


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("到周五", date(2026, 3, 6)),
        ("到周一", MONDAY),
        ("到下周一", date(2026, 3, 9)),
        ("到星期天", date(2026, 3, 8)),
        ("到3月10日", date(2026, 3, 10)),
        ("到1月10日", date(2027, 1, 10)),
        ("到5号", date(2026, 3, 5)),
        ("到1号", date(2026, 4, 1)),
        ("明天", date(2026, 3, 3)),
        ("大后天", date(2026, 3, 5)),
        ("三天", date(2026, 3, 4)),
        ("到2月30日", None),
        ("到时候", None),
    ],
)
def test_days_ahead_are_read_as_people_say_them(said: str, day: date | None) -> None:
    assert until_day(said, MONDAY) == day


def test_a_school_nobody_can_sign_for_is_reported_in_the_morning(play_on_both: Play) -> None:
    play = play_on_both
    assert run(play, "reporter-check", "08:00").owed == 0
    tuesday = MONDAY + timedelta(days=1)
    with play.database.write() as connection:
        for who in ("报告人", "江畔报告人"):
            connection.execute(
                update(Account).where(Account.id == play.cast.accounts[who]).values(refused="不接收消息")
            )
    run(play, "reporter-check", "08:00", tuesday)
    sent = told(play, "reporter-check")
    assert set(sent) == {"校长", "副报告人", "江畔校长", "区报告人"}
    assert "今天请由郑好签报" in sent["校长"][0]
    assert "今天请您直接回复“零报告”核对签报" in sent["江畔校长"][0]
    assert "江畔中学" in sent["区报告人"][0]
    assert "红旗小学" not in sent["区报告人"][0]
