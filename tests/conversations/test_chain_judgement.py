"""The reporter judges fevers; what stands behind a zero; reasons of a return; warnings in words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bots.reports.words.findings import WORDS, in_words
from models.rules.figures import Figures, validate
from models.tables import Alert, Outbox
from tests.cast import MONDAY
from tests.jobs.helper import run
from tests.play import Play


def test_an_ordinary_fever_is_judged_and_the_school_may_be_zero_again(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("08:00")
    play.say("奶奶", "38.2")
    play.clock("10:00")
    assert "有异常，签报后记为日报（不是零报告）" in play.say("报告人", "零报告")
    assert "发热请核实后回复“不需报告 姓名 原因”" in play.say("报告人", "确认")
    assert play.say("报告人", "不需报告 王乐乐") == "请补上原因再发一次，例如：不需报告 王乐乐 普通感冒已就医。"
    assert play.say("报告人", "不需报告 王乐乐 普通感冒，已就医").startswith(
        "已记下：王乐乐的发热不需报告。今天的发热都已判断。"
    )
    assert "已上报：红旗小学更" not in play.say("报告人", "零报告")
    assert "零报告（未报" in play.say("报告人", "确认")
    with play.database.read() as connection:
        rows = connection.execute(select(Alert.outcome, Alert.acknowledged_by)).all()
    assert [(row.outcome, row.acknowledged_by) for row in rows] == [("not_reportable", play.cast.people["报告人"])]


def test_a_reportable_fever_is_told_to_the_principal_by_name_and_to_the_bureau_without(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("08:00")
    play.say("奶奶", "38.2")
    assert "需要报告。已通知校长和教育局" in play.say("报告人", "需报告 王乐乐 有接触史")
    assert "三年级2班王乐乐的发热，何清判断需要报告" in play.owed("校长", "alert")[-1]
    assert play.owed("区报告人", "alert")[-1] == (
        "红旗小学三年级2班有1例发热，学校判断需要报告。请与学校疫情报告人联系；回复“查 红旗小学”看该校情况。"
    )
    play.clock("10:00")
    play.say("报告人", "零报告")
    assert play.say("报告人", "确认").startswith("已上报：红旗小学日报")


def test_a_judgement_that_turns_opens_a_signed_zero(play: Play) -> None:
    play.clock("08:00")
    play.say("奶奶", "38.2")
    play.say("报告人", "不需报告 王乐乐 感冒")
    play.clock("10:00")
    play.say("报告人", "零报告")
    assert "零报告（未报" in play.say("报告人", "确认")
    play.say("校长", "需报告 王乐乐 同班聚集")
    assert "更正: 判断不需报告 1→0" in play.owed("报告人", "school-report")[-1]
    assert "签报后有更正" in play.say("报告人", "零报告")


@pytest.mark.parametrize(
    ("who", "said", "answer"),
    [
        ("陈老师", "不需报告 王乐乐 感冒", "由疫情报告人、副报告人和校长来做"),
        ("区报告人", "需报告 王乐乐 感冒", "由疫情报告人、副报告人和校长来做"),
        ("报告人", "不需报告", "请写姓名和原因"),
        ("报告人", "不需报告 诸葛亮 感冒", "本校没有找到“诸葛亮”"),
        ("报告人", "不需报告 周舟 感冒", "本校没有找到“周舟”"),  # a pupil of another school
        ("报告人", "不需报告 李小明 感冒", "李小明今天没有需要判断的发热提醒"),
    ],
)
def test_who_may_not_judge_and_what_is_not_there(play: Play, who: str, said: str, answer: str) -> None:
    assert answer in play.say(who, said)


def test_a_parents_need_to_report_is_no_judgement(play: Play) -> None:
    assert "38.2" in play.say("奶奶", "需要报告 乐乐38.2")


def test_the_evidence_names_the_last_fever_who_cannot_be_reached_and_what_the_class_says(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("08:00", MONDAY - timedelta(days=6))
    play.say("奶奶", "38.0")
    play.clock("07:30")
    run(play, "checkin-prompt", "07:30")
    with play.database.write() as connection:
        connection.execute(
            update(Outbox).where(Outbox.account_id == play.cast.accounts["小明爸爸"]).values(state="failed")
        )
        connection.execute(update(Outbox).where(Outbox.state == "queued").values(state="sent"))
    play.clock("09:10")
    assert "未报：林林、王乐乐、李小明（未送达）" in play.say("陈老师", "班级")
    play.say("陈老师", "确认")
    play.say("陈老师", "补充 小明家已电话联系")
    play.clock("10:00")
    seen = play.say("报告人", "零报告")
    assert "未报14人中，未送达1人。" in seen
    assert "班级说明：三年级2班（陈静）小明家已电话联系。" in seen
    assert "上一次发热在2月24日（6天前）。" in seen
    assert "上一次发热" not in play.say("区报告人", "查 红旗小学")


def test_a_return_asks_for_a_reason_of_the_list_and_takes_a_word(play: Play) -> None:
    play.clock("09:10")
    play.say("陈老师", "班级")
    play.say("陈老师", "确认")
    assert "1 数字对不上，2 缺人，3 异常未说明，4 其他" in play.say("孙主任", "退回 2班")
    assert "请写明原因" in play.say("孙主任", "4")
    assert play.say("孙主任", "2 少了王乐乐").startswith("已退回：三年级2班，缺人：少了王乐乐。")
    assert "被退回：缺人：少了王乐乐。请于09:30前修改" in play.owed("陈老师", "class-report")[-1]
    assert play.say("陈老师", "班级").count("已被退回：缺人：少了王乐乐") == 1
    assert play.say("陈老师", "确认").startswith("已确认：三年级2班")
    assert play.say("孙主任", "退回 2班 写得不对").startswith("已退回：三年级2班，其他：写得不对。")


def test_a_locked_day_says_why_and_whom_to_ask(play: Play) -> None:
    play.clock("09:10")
    play.say("陈老师", "班级")
    play.say("陈老师", "确认")
    run(play, "day-lock", "11:30")
    play.clock("13:00")
    said = play.say("孙主任", "退回 2班 缺人")
    assert "日报已在11:30锁定" in said
    assert "疫情报告人" in said


def test_warnings_are_shown_before_signing_in_words(play: Play) -> None:
    play.clock("08:30")
    play.say("陈老师", "缺勤 林林 不明")
    assert "请核对：有1人缺勤原因不明，请查明后回复“缺勤 姓名 病假 …”登记。" in play.say("陈老师", "班级")


def test_every_rule_that_can_fail_has_words_and_its_numbers() -> None:
    wrong = Figures(
        enrolled=1,
        expected=2,
        due=2,
        reported=3,
        present=1,
        absent=2,
        fever=1,
        symptomatic=9,
        in_key_region=9,
        unexplained_absence=1,
        sick_absence=4,
    )
    found = validate(wrong, yesterday=Figures(enrolled=5), children=[Figures()])
    assert {finding.code for finding in found} >= {"V01", "V02", "V03", "V04", "V05", "V06", "V07", "V09", "V14", "V15"}
    assert {finding.code for finding in found} <= set(WORDS)
    assert "{" not in in_words(found)
    assert "V0" not in in_words(found)
