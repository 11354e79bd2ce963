"""What people do about alerts, how they end, and clusters as they are told."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, select

from models.tables import Alert, Audit, ClusterSignal, Onset
from tests.cast import MONDAY, at
from tests.play import Play

TEACHER_AND_REPORTER = """
【08:10】
奶奶: 38.2
机器人: 记下了（3月2日）：王乐乐，38.2℃。如有不对，回复“改”和正确的内容就能更正。王乐乐发热，已告知班主任、校医、学校疫情报告人。请先留在家里，不要到校，戴好口罩，尽快到医院发热门诊就诊，就诊后把结果告诉我们。如呼吸困难、抽搐或叫不醒，请立即拨打120。请问王乐乐还有没有咳嗽、乏力、拉肚子等不舒服？没有请回“没有”。
陈老师: 待办
机器人: 待处理1条：
3月2日 三年级2班 王乐乐：发热 38.2℃（待确认）
处理后请回复“处理 姓名 情况”。
陈老师: 处理 乐乐 已电话联系，下午去医院
机器人: 已记下对王乐乐的处理情况。核实没有问题后请回复“处理 王乐乐 已排除 原因”。
陈老师: 处理 王乐乐 不需报告 普通感冒
机器人: 是否需要报告由学校疫情报告人研判。您可以写处理情况，例如：处理 张小明 已电话联系。
陈老师: 处理 王乐乐 已排除
机器人: 请写明排除的依据，例如：处理 王乐乐 已排除 复测腋温36.6，家长已确认。
陈老师: 处理 王乐乐 已排除 复测36.6
机器人: 已记下：王乐乐的提醒已由您核实排除，记录会保留备查。发热是否需要报告，还请疫情报告人研判。回复“待办”可查看其余的。
报告人: 处理 王乐乐 不需报告 医院诊断普通感冒
机器人: 已记下研判：王乐乐不需报告，并注明原因。如有变化会重新提醒。回复“待办”可查看其余的。
陈老师: 待办
机器人: 目前没有待处理的提醒。
"""


def alert(play: Play, code: str = "A01") -> Any:
    with play.database.read() as connection:
        return connection.execute(select(Alert).where(Alert.code == code)).one()


def test_the_dialogue_of_teacher_and_reporter(play_on_both: Play) -> None:
    play = play_on_both
    assert play(TEACHER_AND_REPORTER) == TEACHER_AND_REPORTER
    row = alert(play)
    assert (row.outcome, row.reportable) == ("excluded", False)
    assert row.judged_by == play.cast.people["报告人"]
    assert row.outcome_by == play.cast.people["陈老师"]
    with play.database.read() as connection:
        trail = connection.execute(select(Audit.action).order_by(Audit.id)).scalars().all()
    assert trail == ["alert.follow-up", "alert.exclude", "alert.judge"]


def test_a_judged_fever_allows_a_zero_and_a_new_one_does_not(play: Play) -> None:
    play("【08:10】\n奶奶: 38.2\n报告人: 处理 王乐乐 不需报告 普通感冒")
    assert alert(play).outcome == "not_reportable"
    assert "零报告" in play.say("报告人", "零报告")
    play.say("奶奶", "39.2 没精神")
    assert (alert(play).outcome, alert(play).reportable) == (None, None)
    assert alert(play).clock_from >= at("08:10")


@pytest.mark.parametrize("who", ["黄老师", "卫老师", "妈妈", "孙主任", "区报告人", "江畔报告人"])
def test_nobody_else_ends_an_alert(play: Play, who: str) -> None:
    play("【08:10】\n奶奶: 38.2")
    said = play.say(who, "处理 王乐乐 已排除 没事")
    assert "已记下" not in said
    assert alert(play).outcome is None


def three(play: Play, text: str) -> None:
    play.clock("08:10")
    play.say("爸爸", text)
    play.say("奶奶", text)
    play.say("小明爸爸", text)


@pytest.mark.parametrize("text", ["36.5，吐了两次", "36.5 拉肚子", "36.6咳嗽", "38.1"])
def test_three_alike_in_a_class_are_told_with_rule_and_source(play_on_both: Play, text: str) -> None:
    play = play_on_both
    three(play, text)
    found = [said for said in play.owed("校医") if "聚集信号" in said]
    assert len(found) == 1
    assert "三年级2班1天内3人" in found[0]
    assert "规则R1-1：同一班级1天内3例及以上相似症状" in found[0]
    assert "学校和托幼机构传染病疫情报告工作规范" in found[0]
    for name in ("林林", "王乐乐", "李小明"):
        assert name not in found[0]
    for who in ("报告人", "校长", "应急组"):
        assert any("聚集信号" in said for said in play.owed(who))
    assert not any("聚集信号" in said for said in play.owed("陈老师"))
    assert alert(play, "A11").level == "red+"


def test_two_alike_or_three_unlike_are_none(play: Play) -> None:
    play("【08:10】\n爸爸: 36.5 咳嗽\n奶奶: 36.5 咳嗽\n小明爸爸: 36.5 拉肚子\n可妈: 36.5 咳嗽")
    assert not any("聚集信号" in said for said in play.owed())


def test_a_signal_goes_out_once_and_takes_later_cases_in(play: Play) -> None:
    three(play, "36.5 吐了")
    class_id = play.cast.units["红旗小学/三年级/2班"]
    with play.database.write() as connection:
        connection.execute(
            insert(Onset).values(
                person_id=play.cast.people["周舟"],
                syndrome="digestive",
                onset_on=MONDAY,
                last_seen_on=MONDAY,
                unit_id=class_id,
                school_id=play.cast.units["红旗小学"],
            )
        )
    play.say("爸爸", "36.5 又吐了，还拉肚子")
    play.say("奶奶", "改 36.7 拉肚子")
    assert sum("聚集信号" in said for said in play.owed("校医")) == 1
    with play.database.read() as connection:
        assert len(connection.execute(select(ClusterSignal)).all()) == 1


def test_brother_and_sister_ill_alike_are_linked(play: Play) -> None:
    play("【08:10】\n妈妈: 林林36.5拉肚子，林森36.6拉肚子")
    found = [said for said in play.owed("校医") if "聚集信号" in said]
    assert len(found) == 1
    assert "同一家庭" in found[0]
    assert "F-3" in found[0]


def test_what_is_asked_of_me_is_asked_once_a_person(play: Play) -> None:
    three(play, "38.5 咳嗽")
    with play.database.read() as connection:
        rows = connection.execute(select(Alert.person_id, Alert.report_date, Alert.code)).all()
    assert len(rows) == len({tuple(row) for row in rows})
