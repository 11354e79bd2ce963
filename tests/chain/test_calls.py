"""Who rang whom stands behind the reporter's yes: how many were heard, who was not, who called them, the last fever."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from models.tables import Call
from tests.cast import MONDAY
from tests.play import Play


def test_the_evidence_of_a_zero_names_who_called_whom(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("08:00", MONDAY - timedelta(days=1))
    play.say("奶奶", "38.0")
    play.clock("08:00")
    for who in ("可妈", "小明爸爸"):
        play.say(who, "36.5")
    play.clock("09:40")
    assert play.say("陈老师", "电话 王乐乐 没人接").startswith("记下了：王乐乐家的电话没有联系上。")
    assert play.say("陈老师", "电话 林林 在家，无不适").startswith("记下了：林林家已电话联系上。")
    play.clock("10:00")
    shown = play.say("报告人", "零报告")
    assert (
        "已电话联系2人：林林（三年级2班，陈静09:40，在家，无不适）；王乐乐（三年级2班，陈静09:40，没人接）。"
        "还有1人没有电话记录。" in shown
    )
    assert "上一次发热在3月1日（1天前）。" in shown
    play.say("陈老师", "已电话 王乐乐 36.5在家")
    assert "王乐乐（三年级2班，陈静10:00，36.5在家）" in play.say("校长", "零报告")
    with play.database.read() as connection:
        rows = connection.execute(select(Call.outcome, Call.note)).all()
    assert [row.outcome for row in rows] == ["unreached", "reached", "reached"]
    assert all("没人接".encode() not in row.note for row in rows)  # sealed


def test_whoever_reports_after_the_call_is_in_the_evidence_no_more(play: Play) -> None:
    play.clock("09:40")
    play.say("陈老师", "电话 王乐乐 没人接")
    play.say("奶奶", "36.5")
    assert "王乐乐" not in play.say("报告人", "零报告")


def test_only_those_in_charge_log_a_call_and_only_of_their_own(play: Play) -> None:
    assert play.say("新人", "电话 林林 没人接").startswith("“电话”由班主任、年级主任和学校负责人登记")
    assert play.say("黄老师", "电话 林林 没人接").startswith("您负责的范围里没有找到“林林”")
    assert play.say("区报告人", "电话 林林 没人接").startswith("“电话”由班主任")
    assert play.say("陈老师", "电话") == "请写上姓名和结果，例如：电话 张小明 没人接；或：电话 张小明 在家，无不适。"
    play.say("可妈", "电话 林林 没人接")
    with play.database.read() as connection:
        assert connection.execute(select(Call.id)).all() == []


def test_a_parents_telephone_number_is_no_log_of_a_call(play: Play) -> None:
    assert "电话”由" not in play.say("可妈", "电话是13800000000，有事联系我")
