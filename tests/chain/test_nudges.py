"""Who is reminded of a report answers 收到; where nobody does, the next one hears of it, and why."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select, update

from models.tables import Audit, Outbox, Post
from tests.jobs.helper import run, told
from tests.play import Play


def _sent(play: Play, state: str = "sent", error: str = "") -> None:
    """What is queued went out, or did not arrive."""
    with play.database.write() as connection:
        connection.execute(update(Outbox).where(Outbox.state == "queued").values(state=state, error=error))


def test_a_reminder_nobody_answers_goes_to_the_deputy_then_to_the_principal(play_on_both: Play) -> None:
    play = play_on_both
    run(play, "zero-report-nudge", "10:10")
    _sent(play)
    assert run(play, "nudge-follow-up", "10:19").owed == 0
    run(play, "nudge-follow-up", "10:20")
    assert told(play, "nudge-follow-up") == {
        "副报告人": [
            "红旗小学今日日报：10:10已提醒何清，还没有回复“收到”，也没有签报。"
            "请您了解；需要代为处理可回复“零报告”，由您处理请回复“收到”。"
        ],
        "江畔校长": [
            "江畔中学今日日报：10:10已提醒蒋欣，还没有回复“收到”，也没有签报。"
            "请您了解；需要代为处理可回复“零报告”，由您处理请回复“收到”。"
        ],
    }
    assert run(play, "nudge-follow-up", "10:29").owed == 0
    run(play, "nudge-follow-up", "10:30")
    assert "校长" in told(play, "nudge-follow-up")
    assert run(play, "nudge-follow-up", "10:50").owed == 0


def test_received_holds_the_next_one_back_and_the_word_is_kept(play_on_both: Play) -> None:
    play = play_on_both
    run(play, "zero-report-nudge", "10:10")
    play.clock("10:12")
    assert play.say("报告人", "收到") == (
        "已记下由您处理：红旗小学的日报。10分钟内没有签报会再提醒，并告知下一位。核对后请回复“确认”。"
    )
    run(play, "nudge-follow-up", "10:20")
    assert set(told(play, "nudge-follow-up")) == {"江畔校长"}
    run(play, "nudge-follow-up", "10:22")
    assert told(play, "nudge-follow-up")["副报告人"][0].startswith("红旗小学今日日报：何清已回复“收到”，还没有签报。")
    run(play, "zero-report-escalation", "10:45")
    assert "何清10:12回复“收到”，还没有提交" in told(play, "zero-report-escalation")["校长"][0]
    with play.database.read() as connection:
        assert len(connection.execute(select(Audit.id).where(Audit.action == "report-taken-on")).all()) == 1


def test_nobody_further_is_told_once_the_report_is_in(play: Play) -> None:
    run(play, "zero-report-nudge", "10:10")
    play.clock("10:15")
    for who in ("报告人", "江畔报告人"):
        play.say(who, "零报告")
        play.say(who, "确认")
    assert run(play, "nudge-follow-up", "10:20").owed == 0
    assert play.say("报告人", "收到") == "谢谢，目前没有等您确认的提醒。"


def test_whoever_was_not_reached_is_said_not_to_have_been_reached(play: Play) -> None:
    run(play, "zero-report-nudge", "10:10")
    _sent(play, "failed", "48小时内未发过消息")
    run(play, "nudge-follow-up", "10:20")
    assert told(play, "nudge-follow-up")["副报告人"][0].startswith("红旗小学今日日报：10:10的提醒没有送达何清。")


def test_a_class_reminded_by_hand_has_a_next_one_too(play: Play) -> None:
    play.clock("09:20")
    play.say("报告人", "催报")
    _sent(play)
    play.clock("09:22")
    assert play.say("陈老师", "收到").startswith("已记下由您处理：三年级2班的日报。")
    assert play.say("孙主任", "收到") == "谢谢，目前没有等您确认的提醒。"  # nothing has come to them yet
    run(play, "nudge-follow-up", "09:30")
    (text,) = told(play, "nudge-follow-up")["孙主任"]
    assert text.startswith("三年级1班今日日报：09:20已提醒黄河，还没有回复“收到”，也没有签报。")
    assert "“确认 三年级1班”" in text
    assert told(play, "nudge-follow-up")["教务"][0].startswith("五年级1班今日日报")  # a grade without a head
    play.clock("09:31")
    assert play.say("孙主任", "收到").startswith("已记下由您处理：三年级1班的日报。")


def test_received_holds_the_grade_head_of_the_timetable_back(play: Play) -> None:
    run(play, "class-nudge", "09:30")
    play.clock("09:40")
    play.say("黄老师", "收到")
    play.say("陈老师", "班级")
    play.say("陈老师", "确认")
    run(play, "class-nudge", "09:45")
    assert "孙主任" not in told(play, "class-nudge")


def test_who_is_told_and_after_how_long_is_data(play: Play) -> None:
    play.district = replace(
        play.district, reporting=replace(play.district.reporting, answer_minutes=3, school_next=("academic_office",))
    )
    run(play, "zero-report-nudge", "10:10")
    run(play, "nudge-follow-up", "10:13")
    assert set(told(play, "nudge-follow-up")) == {"教务"}


def test_a_parents_thanks_is_no_answer_to_a_reminder(play: Play) -> None:
    run(play, "zero-report-nudge", "10:10")
    assert "日报" not in play.say("可妈", "收到")
    assert play.say("局领导", "收到") == "谢谢，目前没有等您确认的提醒。"


def test_a_school_without_a_reporter_is_not_left_waiting(play: Play) -> None:
    with play.database.write() as connection:
        connection.execute(update(Post).where(Post.role == "designated_reporter").values(to_date=play.now.date()))
    run(play, "zero-report-nudge", "10:10")
    run(play, "nudge-follow-up", "10:20")
    assert "没有可以提醒的负责人" in told(play, "nudge-follow-up")["江畔校长"][0]
