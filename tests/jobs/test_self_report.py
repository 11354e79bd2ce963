"""The system tells those who look after it about its day: what ran, what went out, what waits for a hand."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import insert, update

from models.rules.district import District
from models.tables import Occurrence, Outbox, QuotaDay
from tests.cast import MONDAY, at
from tests.jobs.helper import run, told
from tests.play import Play


def kept_by(district: District, *numbers: str) -> District:
    return replace(district, messages=replace(district.messages, operators=numbers))


def test_on_a_quiet_day_there_is_nothing_to_do(play_on_both: Play) -> None:
    play = play_on_both
    play.district = kept_by(play.district, "T005")
    run(play, "self-report", "18:00")
    assert told(play, "self-report") == {
        "教务": ["3月2日系统自检：\n任务执行0次，没有错过的。\n发出0条，未送到0条。\n没有需要处理的事。"]
    }


def test_what_did_not_arrive_was_missed_or_waits_is_told_with_what_to_do(play_on_both: Play) -> None:
    play = play_on_both
    play.district = kept_by(play.district, "T005", "T009")
    run(play, "checkin-prompt", "07:30")
    with play.database.write() as connection:
        owed = Outbox.kind == "checkin-prompt"
        connection.execute(update(Outbox).where(owed).values(state="sent", channel="template"))
        one = {"state": "failed", "channel": "", "error": "没有可用的发送方式", "retryable": False}
        connection.execute(update(Outbox).where(owed, Outbox.account_id == play.cast.accounts["陈老师"]).values(one))
        given = {"day": MONDAY, "planned_at": at("10:00"), "owed": 0, "detail": "", "ordered_by": "timetable"}
        for job, clock, state in (
            ("checkin-reminder", "08:40", "missed"),
            ("checkin-reminder", "09:05", "planned"),
            ("daily-digest", "11:30", "missed"),
            ("campaign-push", "12:00", "held"),
        ):
            connection.execute(insert(Occurrence).values(job=job, due_at=at(clock), state=state, **given))
        connection.execute(insert(QuotaDay).values(day=MONDAY, interface="template", used=99, closed=True))
    run(play, "self-report", "18:00")
    heard = told(play, "self-report")
    assert set(heard) == {"教务", "校长"}
    lines = heard["校长"][0].splitlines()
    assert lines[1] == "任务执行2次，错过：全区快报。"
    assert lines[2] == "发出17条（模板消息17），未送到1条。"
    assert lines[3] == "未送到的主要原因：没有可用的发送方式 1条。"
    assert lines[4] == "需要处理：模板消息今日额度已用完；1笔群发等待批准，回复“待批准”查看。"


def test_where_nobody_is_named_nobody_hears(play: Play) -> None:
    assert run(play, "self-report", "18:00").owed == 0
