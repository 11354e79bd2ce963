"""Absence: asked for by the family, owned by the teacher, followed up until the return (domain handbook 5.4, 8.6)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from models.database import Database
from models.tables import Absence, AbsenceFollowUp
from tests.cast import MONDAY
from tests.jobs.helper import run, told
from tests.play import Play


def away(play: Play) -> list[tuple[str, str, str | None]]:
    names = {number: key for key, number in play.cast.people.items()}
    with play.database.read() as connection:
        rows = connection.execute(
            select(Absence.person_id, Absence.kind, Absence.entered_role).order_by(
                Absence.person_id, Absence.report_date
            )
        ).all()
    return [(names[row.person_id], row.kind, row.entered_role) for row in rows]


def test_the_family_asks_and_the_teacher_follows_up(database: Database) -> None:
    play = Play(database)
    play.clock("07:50")
    said = play.say("奶奶", "请病假 感冒")
    assert said.startswith("请假已登记，也告诉了班主任。")
    assert "追访 王乐乐" in play.owed("陈老师", "reply")[0]
    assert "是给哪一位" in play.say("妈妈", "请事假")
    assert "已登记事假：林森" in play.say("妈妈", "林森")
    play.say("小明爸爸", "今天给孩子请病假，发烧38.2")  # both are kept
    assert len(play.owed("陈老师", "reply")) == 2  # once a leave
    assert away(play) == [
        ("王乐乐", "sick", "guardian"),
        ("李小明", "sick", "guardian"),
        ("林森", "personal", "guardian"),
    ]
    assert play.owed("陈老师", "alert")
    play.say("可妈", "需要请假吗？")
    play.say("可妈", "不请假，36.5")
    assert len(away(play)) == 3

    run(play, "absence-follow-up", "09:50")
    text = told(play, "absence-follow-up")["陈老师"][0]
    assert "应追访2，已追访0，待追访：王乐乐（病假）、李小明（病假）" in text
    play.clock("10:00")
    done = play.say("陈老师", "追访 王乐乐 已去区医院就诊，诊断感冒，3月1日起病，咳嗽，预计3月5日返校")
    assert done.startswith("已登记追访：王乐乐：咳嗽，诊断感冒，预计3月5日返校。")
    assert "没有联系上" in play.say("陈老师", "追访 李小明 电话打不通")
    run(play, "absence-follow-up", "15:00")
    assert "已追访1，待追访：李小明" in told(play, "absence-follow-up")["陈老师"][1]
    assert "由班主任" in play.say("奶奶", "追访 王乐乐 好了")

    play.clock("08:10", MONDAY + timedelta(days=3))
    assert "3月5日返校" in play.say("陈老师", "缺勤 王乐乐 到校")
    with database.read() as connection:
        row = connection.execute(
            select(Absence.returned_on, Absence.onset, Absence.expected_return).where(
                Absence.person_id == play.cast.people["王乐乐"]
            )
        ).one()
        assert [str(day) for day in row] == ["2026-03-05", "2026-03-01", "2026-03-05"]
        sealed = connection.execute(select(AbsenceFollowUp.body)).scalars().first()
        body = play.vault.open_json("absence_followups.body", sealed)
        assert body["visit"].endswith("区医院")
    play.clock("08:20", MONDAY + timedelta(days=3))
    play.say("妈妈", "林森请事假2天 家里有事")
    assert "已取消林森" in play.say("妈妈", "取消请假")


def test_the_record_says_why_a_day_has_no_reading(play: Play) -> None:
    play.clock("08:10")
    play.say("陈老师", "缺勤 王乐乐 病假 水痘")
    for who, words in (("奶奶", "记录"), ("报告人", "记录 王乐乐")):
        assert "3/2 未报（病假：水痘）" in play.say(who, words)
    assert "水痘" not in play.say("爸爸", "记录")


def test_leave_asked_for_again_with_other_days_reaches_the_teacher_and_the_same_again_does_not(play: Play) -> None:
    play.clock("08:10")
    for text in ("请事假", "请事假2天 家里有事", "请事假2天 家里有事"):
        play.say("小明爸爸", text)
    told = [text for text in play.owed("陈老师") if "请事假" in text]
    assert len(told) == 2
    assert "家里有事" in told[1]
