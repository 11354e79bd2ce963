"""Isolation over days, as those who live it write it: checks asked, missed, escalated; the end only by a person (8.5, 8.6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.tables import Binding, Management, Person
from tests.cast import MONDAY
from tests.jobs.helper import run, told
from tests.play import Play

CHECK = "observation-check"
#: Last exposure thirteen days before: by rule the observation ends on Wednesday.
BEGIN = (
    "【08:10】\n报告人: 密接 王乐乐 区疾控电话通知 3月2日08:00\n报告人: 隔离 王乐乐 居家 2月18日 区疾控通知\n"
    "奶奶: 36.5 没有不舒服"
)
PAPER = "复课证明 王乐乐 解除 区疾控 3月6日"


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def looked(play: Play, number: int, clock: str) -> None:
    run(play, CHECK, clock, day(number))


def whole_days(play: Play, numbers: Iterator[int] | range) -> None:
    """Days without a gap: asked at seven and five, answered, looked for at half past ten and half past eight."""
    for number in numbers:
        looked(play, number, "07:00")
        play.clock("08:00", day(number))
        play.say("奶奶", "36.5 没有不舒服")
        looked(play, number, "10:30")
        looked(play, number, "17:00")
        play.clock("18:00", day(number))
        play.say("奶奶", "36.6")
        looked(play, number, "20:30")


def in_observation(play: Play) -> bool:
    with play.database.read() as connection:
        held = connection.execute(select(Management.id).where(Management.ended_on.is_(None))).all()
        return bool(held) and any(connection.execute(select(Person.in_observation)).scalars())


def test_the_happy_way_from_the_first_check_to_the_teacher_s_yes(play_on_both: Play) -> None:
    play = play_on_both
    play(BEGIN)
    looked(play, 0, "17:00")
    play.clock("18:00")
    play.say("奶奶", "36.6")
    looked(play, 0, "20:30")
    whole_days(play, range(1, 3))
    asked = told(play, CHECK)["奶奶"]
    assert len(asked) == 5  # Monday's evening, then twice a day
    assert "早上好，王乐乐在观察期" in asked[1]
    assert not any("漏测" in text for text in play.owed())

    # The last day of the observation has passed: that ends nothing.
    whole_days(play, range(3, 4))
    assert in_observation(play)
    due = [text for text in play.owed("报告人") if "观察期3月4日届满" in text]
    assert len(due) == 1
    assert "系统不会自动解除" in due[0]

    play.clock("09:00", day(4))
    assert "解除需要文书" in play.say("报告人", "解除 王乐乐")
    for nobody in ("奶奶", "黄老师", "陈老师", "江畔报告人"):
        play.say(nobody, "解除 王乐乐 解除通知书3号")
        assert in_observation(play)
    assert "已登记解除" in play.say("报告人", "解除 王乐乐 区疾控解除通知书3号")
    assert not in_observation(play)
    (family,) = [text for text in play.owed("奶奶", "reply") if "解除观察" in text]
    assert "请先不要到校" in family

    # Released, and still not back: certificate, doctor, teacher, in this order.
    assert "不应到校" in play.say("校医", "到校 王乐乐")
    assert "请先不要到校" in play.say("奶奶", PAPER)
    assert "还没有通过校医查验" in play.say("陈老师", "准入 王乐乐")
    play.say("校医", "查验 王乐乐 通过 两证齐全")
    assert "没有找到" in play.say("黄老师", "准入 王乐乐")
    assert "已登记王乐乐准入" in play.say("陈老师", "准入 王乐乐")
    assert "没有查到" in play.say("校医", "到校 王乐乐")
    assert not any("可以上学" in text or "可以到校" in text for text in play.owed("奶奶"))


def test_a_missed_check_climbs_and_puts_the_end_off_by_a_day(play_on_both: Play) -> None:
    play = play_on_both
    play(BEGIN)
    play.clock("18:00")
    play.say("奶奶", "36.6")
    looked(play, 1, "07:00")
    looked(play, 1, "10:30")
    (missed,) = [text for text in play.owed("陈老师") if "漏测" in text]
    assert "漏测3月3日早" in missed
    # Nobody says 收到: the next ones hear, up to the bureau, which reads no name.
    for clock in ("11:06", "11:12", "11:25", "11:50"):
        run(play, "alert-follow-up", clock, day(1))
    for who in ("校医", "校长", "区报告人"):
        assert any("观察期漏测" in text for text in play.owed(who))
    assert not any("王乐乐" in text for text in play.owed("区报告人"))

    play.clock("11:55", day(1))
    assert "没有联系上，观察顺延，未解除" in play.say("报告人", "解除 王乐乐 解除通知书3号")
    assert "没有联系上，观察顺延，未解除" in play.say("报告人", "解除 王乐乐 提前 解除通知书3号")
    play.say("奶奶", "36.7")
    play.clock("18:00", day(1))
    play.say("奶奶", "36.5")
    looked(play, 1, "20:30")
    whole_days(play, range(2, 4))
    play.clock("21:00", day(3))
    assert "到3月5日" in play.say("报告人", "在管")  # a day with a gap makes it a day longer
    assert "没有届满" in play.say("报告人", "解除 王乐乐 解除通知书3号")
    assert in_observation(play)
    whole_days(play, range(4, 5))
    play.clock("21:00", day(4))
    assert "已登记解除" in play.say("报告人", "解除 王乐乐 解除通知书3号")


def test_a_certificate_the_doctor_turns_down_keeps_the_child_at_home(play: Play) -> None:
    play(BEGIN)
    play.clock("18:00")
    play.say("奶奶", "36.6")
    play.say("报告人", "解除 王乐乐 提前 区疾控解除通知书3号")
    play.say("奶奶", PAPER)
    assert "未通过" in play.say("校医", "查验 王乐乐 不通过 缺解除通知原件")
    assert "还没有通过校医查验" in play.say("陈老师", "准入 王乐乐")
    assert "不应到校" in play.say("校医", "到校 王乐乐")
    play.say("奶奶", PAPER)
    play.say("校医", "查验 王乐乐 通过 两证齐全")
    # A fever on the day itself outweighs every paper.
    play.say("陈老师", "准入 王乐乐")
    play.say("奶奶", "38.4")
    assert "不应到校" in play.say("校医", "到校 王乐乐")


@pytest.mark.parametrize("how", ["解绑", "取消关注"])
def test_a_family_that_leaves_meanwhile_is_followed_by_telephone(play_on_both: Play, how: str) -> None:
    play = play_on_both
    play(BEGIN)
    play.say("报告人", "联系人 王乐乐 何清")
    if how == "解绑":
        play.say("奶奶", "解绑")
        play.say("奶奶", "确认解绑")
    else:
        play.event("奶奶", "unsubscribe")
    with play.database.read() as connection:
        kept = connection.execute(
            select(Binding.id).where(Binding.person_id == play.cast.people["王乐乐"], Binding.ended_at.is_(None))
        ).all()
    assert kept == []
    for who in ("陈老师", "报告人"):  # the class's teacher, and the contact who was assigned
        (text,) = [one for one in play.owed(who) if "在观察期，有家长" in one]
        assert how in text
        assert "请打电话" in text
    assert in_observation(play)
    play.clock("18:00")
    play.say("陈老师", "代报 王乐乐 36.5")
    looked(play, 0, "20:30")
    assert not any("漏测" in text for text in play.owed("报告人"))
