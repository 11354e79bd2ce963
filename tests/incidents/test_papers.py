"""Reports, hand-over sheets and lists of an incident: the figures of that day, and only what the receiver needs (8.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from models.database import Database
from models.rules.district import ClusterRule
from tests.cast import DISTRICT, MONDAY
from tests.jobs.helper import run, told
from tests.play import Play

TUESDAY = MONDAY + timedelta(days=1)
WEDNESDAY = MONDAY + timedelta(days=2)
CHILDREN = ("王乐乐", "李小明", "林林", "赵可")


@pytest.fixture
def cluster(database: Database) -> Play:
    """Two of a grade on Monday, a third on Tuesday, when one of the first is well and the other says nothing."""
    rule = ClusterRule("G-3", "grade", "similar", 1, 2, "同一年级1天内2例，本区通知", "春江区教育局通知")
    play = Play(database, replace(DISTRICT, cluster_rules=(rule,)))
    play.clock("08:10")
    play.say("奶奶", "36.5 拉肚子")
    play.say("小明爸爸", "36.8 吐了两次")
    play.clock("08:10", TUESDAY)
    play.say("奶奶", "36.6 好了，没有不舒服")
    play.say("可妈", "36.7 拉肚子")
    play.say("报告人", "事件 1 追踪 已消毒教室，一人好转")
    return play


def test_the_progress_report_of_a_cluster_counts_what_was_reported_that_day(cluster: Play) -> None:
    play = cluster
    play.clock("09:00", WEDNESDAY)
    play.say("可妈", "37.9 拉肚子")
    monday, tuesday = play.say("报告人", "事件 1 进程报告 3月2日"), play.say("报告人", "事件 1 进程报告 昨天")
    assert "累计2人，当日新发2人，当日仍不适2人\n" in monday
    assert "今日进展：【待补：今日进展】" in monday
    assert "累计3人，当日新发1人，当日仍不适1人，当日未报1人\n" in tuesday
    assert "已消毒教室，一人好转" in tuesday
    today = play.say("报告人", "事件 1 进程报告")
    assert "累计3人，当日新发0人，当日仍不适1人，当日未报2人\n" in today
    run(play, "incident-progress", "16:00", WEDNESDAY)
    assert any("当日新发0人" in text for text in told(play, "alert")["报告人"])
    for text in (monday, tuesday, today):
        assert not any(child in text for child in CHILDREN)


def test_the_initial_report_stays_that_of_the_day_it_was_made(cluster: Play) -> None:
    play = cluster
    before = play.say("报告人", "事件 1 初次报告")
    assert "截至3月3日" in before
    assert "班级：三年级；发病人数：3\n" in before
    play.say("报告人", "事件 1 已报告 疾控 08:10")
    play.clock("09:00", WEDNESDAY)
    play.say("爸爸", "36.9 拉肚子")
    play.say("报告人", "事件 1 已就医 区医院")
    after = play.say("报告人", "事件 1 初次报告")
    assert "发病人数：3\n" in after
    assert "2026-03-03 08:10报疾控" in after
    assert "就诊医院：【待补：就诊医院】" in after
    closing = play.say("报告人", "事件 1 结案报告")
    assert "发病人数：4；首例3月2日，末例3月4日" in closing


def test_those_who_may_have_met_a_cluster_are_found_from_each_of_its_cases(cluster: Play) -> None:
    play = cluster
    play.say("报告人", "座位 王乐乐 1排1列")
    play.say("妈妈", "林林36.5拉肚子，林森36.6")
    said = play.say("报告人", "事件 1 排查")
    assert "发病4人：王乐乐、李小明、林林、赵可" in said
    assert "兄弟姐妹：林森" in said
    assert "同班" not in said.replace("未列同班", "")  # nobody was at school


def test_each_receiver_of_a_cluster_s_sheet_gets_its_own_part(cluster: Play) -> None:
    play = cluster
    sheets = {who: play.say("报告人", f"事件 1 交接 {who}") for who in ("疾控", "社区", "教育局", "接班", "医院")}
    assert "请写明送诊的孩子" in sheets["医院"]
    hospital = play.say("报告人", "事件 1 交接 医院 赵可")
    assert "赵可，3月3日起，36.7℃，腹泻" in hospital
    assert "李小明" not in hospital
    assert "王乐乐" not in hospital
    assert "三年级2班 李小明，3月2日起，当日未报" in sheets["疾控"]
    for who in ("社区", "教育局", "接班"):
        assert "3人" in sheets[who]
        assert not any(child in sheets[who] for child in CHILDREN)
        assert "℃" not in sheets[who]


def test_one_person_s_papers_hold_the_readings_of_their_day(play_on_both: Play) -> None:
    play = play_on_both
    play("【08:10】\n小明爸爸: 38.5，社区通知我们是密接\n报告人: 已报告 疾控 08:10")
    assert "症状体温：38.5℃" in play.say("报告人", "事件 1 初次报告")
    play.clock("08:10", TUESDAY)
    assert "当日情况：【待补：当日情况（没有收到当天的上报）】" in play.say("报告人", "事件 1 进程报告")
    play.say("小明爸爸", "36.9 咳嗽")
    today = play.say("报告人", "事件 1 进程报告")
    assert "当日情况：36.9℃，咳嗽" in today
    assert "38.5" not in today
    play.say("报告人", "事件 1 确诊 甲流，区医院3月3日诊断")
    assert "诊断：【待补：诊断】" in play.say("报告人", "事件 1 进程报告 3月2日")
    first = play.say("报告人", "事件 1 初次报告")
    assert "38.5℃" in first
    assert "36.9" not in first
    assert "李小明" not in first
    assert "李小明" not in play.say("报告人", "事件 1 交接 教育局")
    assert "姓名：李小明" in play.say("报告人", "事件 1 交接 医院")


def test_the_closing_report_of_a_false_alarm_counts_nobody(play: Play) -> None:
    play("【08:10】\n小明爸爸: 38.5，社区通知我们是密接\n报告人: 事件 1 误报 家长看错了通知")
    said = play.say("报告人", "事件 1 结案报告")
    assert "结果：误报" in said
    assert "发病人数：0（误报）" in said
    assert "已结案" in said
    assert "核对后回复" not in said
