"""What happens when nobody answers an alert, and what only shows over days, on both engines."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from models.tables import Alert, Binding, Occurrence
from schedules.registry import discover
from schedules.timetable import Timetable
from tests.cast import MONDAY, at
from tests.jobs.helper import Counted, run, told
from tests.play import PUBLIC_URL, Play

JOB = "alert-follow-up"


def again(play: Play, clock: str) -> dict[str, list[str]]:
    """Who is told what at this minute."""
    before = told(play, "alert")
    run(play, JOB, clock)
    after = told(play, "alert")
    return {who: texts[len(before.get(who, ())) :] for who, texts in after.items() if texts != before.get(who)}


def test_an_unanswered_fever_is_repeated_and_climbs(play_on_both: Play) -> None:
    play = play_on_both
    play("【08:10】\n奶奶: 38.2")
    assert again(play, "08:14") == {}
    first = again(play, "08:15")
    assert set(first) == {"陈老师", "校医", "报告人"}
    assert first["陈老师"] == [
        "以下提醒还没有人回复“收到”，再次提醒您：\n三年级2班 王乐乐：发热，38.2℃（已5分钟）\n处理后请回复“收到”。"
    ]
    assert again(play, "08:16") == {}
    assert set(again(play, "08:20")) == {"陈老师", "校医", "报告人"}
    assert "现请您接手" in again(play, "08:30")["校长"][0]
    last = again(play, "08:55")
    assert last["区报告人"] == [
        "以下提醒还没有人回复“收到”，现请您接手：\n红旗小学三年级2班：发热1人（已45分钟）\n处理后请回复“收到”。"
    ]
    assert again(play, "10:00") == {}


def test_one_received_stops_the_clock_for_everybody(play_on_both: Play) -> None:
    play = play_on_both
    play("【08:10】\n奶奶: 38.2\n校医: 收到")
    assert again(play, "08:15") == {}
    assert again(play, "08:55") == {}


def test_new_facts_begin_the_clock_anew(play: Play) -> None:
    play("【08:10】\n奶奶: 38.2\n校医: 收到\n【08:30】\n奶奶: 39.1")
    assert again(play, "08:34") == {}
    assert "39.1℃" in again(play, "08:36")["陈老师"][0]


def test_a_house_that_slept_takes_all_the_steps_with_one_message_a_person(play: Play) -> None:
    play("【08:10】\n奶奶: 38.2\n小明爸爸: 38.6")
    found = again(play, "12:00")
    assert {who: len(texts) for who, texts in found.items()} == dict.fromkeys(
        ("陈老师", "校医", "报告人", "校长", "区报告人"), 1
    )
    assert "王乐乐" in found["校长"][0]
    assert "李小明" in found["校长"][0]


def test_whoever_is_told_later_may_answer(play: Play) -> None:
    play("【08:10】\n奶奶: 38.2")
    assert "目前没有" in play.say("校长", "收到")
    run(play, JOB, "08:30")
    assert "王乐乐" in play.say("校长", "收到")


def test_every_alert_has_somebody_who_answers_for_it_even_with_nobody_bound(play: Play) -> None:
    with play.database.write() as connection:
        staff = [account for key, account in play.cast.accounts.items() if key not in ("区报告人",)]
        connection.execute(
            update(Binding).where(Binding.account_id.in_(staff), Binding.relation == "self").values(ended_at=play.now)
        )
    play("【08:10】\n奶奶: 38.2")
    assert "红旗小学三年级2班" in play.owed("区报告人")[0]
    with play.database.read() as connection:
        owner = connection.execute(select(Alert.owner_id)).scalar_one()
    assert owner == play.cast.people["陈老师"]


def test_the_clock_ticks_without_leaving_a_row_a_minute(play_on_both: Play) -> None:
    play = play_on_both

    def make_work(connection, now):  # type: ignore[no-untyped-def]
        play.now = now
        return play.work(connection)

    timetable = Timetable({JOB: discover()[JOB]}, play.database, play.district, make_work, PUBLIC_URL)
    timetable.tick(at("08:00"))
    play("【08:10】\n奶奶: 38.2")
    for minute in range(8, 60):
        timetable.tick(at("08:00") + timedelta(minutes=minute, seconds=3))
        timetable.tick(at("08:00") + timedelta(minutes=minute, seconds=4))
    with play.database.read() as connection:
        fired = connection.execute(select(Occurrence.due_at, Occurrence.owed).order_by(Occurrence.due_at)).all()
    # Raised at 08:10:00; nobody answered.
    assert [(f"{play.district.local(row.due_at):%H:%M}", row.owed) for row in fired] == [
        ("08:15", 3),
        ("08:20", 3),
        ("08:30", 4),
        ("08:55", 5),
    ]
    assert timetable.next_due(discover()[JOB], at("08:59:30")) == at("09:00")


def test_the_clock_costs_a_few_statements_however_many_alerts(play: Play) -> None:
    play("【08:10】\n奶奶: 38.2")
    with Counted(play) as one:
        run(play, JOB, "08:15")
    play("【08:20】\n可妈: 38.6\n小明爸爸: 38.4\n舟妈: 38.8\n妈妈: 都38.1")
    with Counted(play) as many:
        run(play, JOB, "08:25")
    assert len(many) <= len(one) + 1


def reports(play: Play, days: int, text: str = "36.5") -> None:
    for back in range(days):
        day = MONDAY - timedelta(days=back)
        play.clock("08:00", day)
        play.say("可妈", text)
    play.clock("08:00")


def test_two_silent_days_reach_the_teacher_in_one_message(play_on_both: Play) -> None:
    play = play_on_both
    reports(play, 1)
    run(play, "daily-watch", "10:30")
    assert "赵可" not in str(told(play, "alert"))
    (text,) = told(play, "alert")["陈老师"]
    assert text.startswith("有3条提醒：\n三年级2班 林林：连续未报，连续2天\n")
    run(play, "daily-watch", "10:31")
    assert len(told(play, "alert")["陈老师"]) == 1


def test_a_symptom_on_the_third_day_is_looked_at_again(play: Play) -> None:
    reports(play, 3, "36.5 咳嗽")
    run(play, "daily-watch", "10:30")
    assert any("赵可" in text and "已持续3天" in text for text in told(play, "alert")["校医"])


def test_the_same_number_for_a_week_is_told_to_the_teacher_alone_and_accuses_nobody(play: Play) -> None:
    friday = MONDAY + timedelta(days=4)
    for back in range(7):
        play.clock("08:00", friday - timedelta(days=back))
        play.say("可妈", "36.5")
        play.say("舟妈", f"36.{back % 3 + 4}")
    run(play, "daily-watch", "10:30", friday)
    with play.database.read() as connection:
        found = connection.execute(select(Alert.person_id, Alert.level).where(Alert.code == "A17")).all()
    assert [tuple(row) for row in found] == [(play.cast.people["赵可"], "grey")]
    assert any("请不要责怪家长" in text for text in told(play, "alert")["黄老师"])
