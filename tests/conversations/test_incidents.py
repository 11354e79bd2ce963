"""From a word about a case to the closed incident, as those who handle it write it (domain handbook 8)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from models.tables import Clearance, Incident, IncidentStep, Management, Person
from tests.cast import at
from tests.jobs.helper import run, told
from tests.play import Play

CASE = "【08:10】\n小明爸爸: 38.5，社区通知我们是密接"


def one(play: Play) -> tuple[str, str | None, bool]:
    with play.database.read() as connection:
        row = connection.execute(select(Incident.stage, Incident.outcome, Incident.closed_at)).one()
    return row.stage, row.outcome, row.closed_at is not None


def test_a_word_about_a_case_opens_an_incident_with_clock_and_owner_in_the_same_transaction(play_on_both: Play) -> None:
    play = play_on_both
    play(CASE)
    assert one(play) == ("found", None, False)
    with play.database.read() as connection:
        steps = connection.execute(select(IncidentStep.step, IncidentStep.due_at, IncidentStep.owner_id)).all()
    assert len(steps) == 10
    assert all(row.owner_id is not None and row.due_at > at("08:10") for row in steps)
    (text,) = play.owed("区报告人")
    assert "已建立事件1" in text
    assert "李小明" not in text


def test_from_finding_to_closing_with_nothing_left_out(play_on_both: Play) -> None:
    play = play_on_both
    play(
        CASE
        + "\n陈老师: 事件 1 已隔离 在家\n校医: 事件 小明 已就医 区医院\n报告人: 已报告 疾控 08:10\n报告人: 事件 1 排查"
    )
    assert "还不能结案，未完成：消毒、追踪、排除或确诊、复课查验" in play.say("报告人", "事件 1 结案 感冒")
    play.say("陈老师", "事件 1 不适用 消毒 一直在家")
    assert "由校医、疫情报告人或校长" in play.say("陈老师", "事件 1 排除 感冒")
    play.say("校医", "事件 1 排除 核酸阴性，普通感冒")
    assert "还没有提交" in play.say("校医", "查验 李小明 通过 好")
    assert "可以上学" not in play.say("小明爸爸", "复课证明 李小明 排除 区人民医院 3月2日")
    assert "不能登记准入" in play.say("陈老师", "准入 李小明")
    play.say("校医", "查验 李小明 通过 证明齐全")
    play.say("陈老师", "准入 李小明")
    assert "可以上学" not in str(play.owed("小明爸爸"))
    play.say("报告人", "事件 1 结案 普通感冒")
    assert one(play) == ("case_closed", "excluded", True)
    leader = [text for text in play.owed("校长") if "事件1（" in text]
    assert len(leader) == len(set(leader)) >= 6


def test_a_false_alarm_is_closed_and_kept(play: Play) -> None:
    play(CASE + "\n报告人: 事件 1 误报 家长看错了通知")
    assert one(play) == ("case_closed", "false_alarm", True)
    with play.database.read() as connection:
        assert connection.execute(select(Clearance.id).where(Clearance.ended_on.is_(None))).all() == []


@pytest.mark.parametrize("who", ["黄老师", "卫老师", "江畔报告人", "妈妈"])
def test_nobody_else_reads_an_incident(play: Play, who: str) -> None:
    play(CASE)
    said = play.say(who, "事件 1")
    assert "李小明" not in said
    assert "密接" not in said


def test_a_late_step_reaches_its_owner_then_the_principal_then_the_bureau(play_on_both: Play) -> None:
    play = play_on_both
    play(CASE)
    before = len(play.owed("校长"))
    run(play, "incident-follow-up", "08:20")
    assert "事件处置提醒" in play.owed("陈老师")[-1]
    assert len(play.owed("校长")) == before
    run(play, "incident-follow-up", "08:35")
    assert "临时隔离" in play.owed("校长")[-1]
    run(play, "incident-follow-up", "08:50")
    assert "李小明" not in play.owed("区报告人")[-1]


def test_isolation_is_asked_twice_a_day_and_a_missed_check_reaches_the_contact(play_on_both: Play) -> None:
    play = play_on_both
    play(
        "【08:10】\n报告人: 密接 王乐乐 区疾控电话通知 3月2日08:00\n报告人: 隔离 王乐乐 居家 3月1日 区疾控通知\n奶奶: 36.5 没有不舒服"
    )
    run(play, "observation-check", "10:30")
    assert not any("漏测" in text for text in play.owed("陈老师"))
    run(play, "observation-check", "17:00")
    assert "王乐乐在观察期" in told(play, "observation-check")["奶奶"][0]
    run(play, "observation-check", "20:30")
    assert any("漏测" in text for text in play.owed("陈老师"))
    assert "未解除" in play.say("报告人", "解除 王乐乐 提前 通知书3号")
    play.clock("20:40")
    assert "晚测已记下" in play.say("奶奶", "36.5")
    assert "没有届满" in play.say("报告人", "解除 王乐乐 通知书3号")
    assert "已登记解除" in play.say("报告人", "解除 王乐乐 提前 通知书3号")
    with play.database.read() as connection:
        assert set(connection.execute(select(Management.state)).scalars()) == {"released"}
        assert not any(connection.execute(select(Person.in_observation)).scalars())


def test_who_should_not_be_at_school_is_stopped(play: Play) -> None:
    play("【08:10】\n奶奶: 38.2")
    assert "不应到校" in play.say("校医", "到校 王乐乐 林林")
    assert any("不应到校而到校" in text for text in play.owed("陈老师"))
    assert "没有查到" in play.say("校医", "到校 林林")
    assert not any("林林" in text and "不应到校而到校" in text for text in play.owed("陈老师"))
