"""What happens at the edges of a day, of a batch and of a conversation (domain handbook 16, contract 8–10)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, update

from bots.check_in import record_for
from bots.engine.conversation import Turn
from models.queries import people
from models.rules.check_in import Health, Measured
from models.tables import CheckIn, Enrolment, KeyRegionRow, Person, PersonDay
from tests.cast import MONDAY, at, openid
from tests.conversations.test_check_in import recorded, states
from tests.conversations.test_check_in_alerts import alerts, pushed
from tests.play import Play


def test_a_message_of_two_minutes_to_midnight_belongs_to_its_own_day(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("00:01")
    said = play.say("可妈", "36.5", sent_at=at("23:58", MONDAY - timedelta(days=1)))
    assert "3月1日" in said
    assert "补记" in said
    with play.database.read() as connection:
        rows = connection.execute(select(PersonDay.report_date, PersonDay.state)).all()
    assert [tuple(row) for row in rows] == [(MONDAY - timedelta(days=1), "backfill")]


def test_a_message_of_five_past_midnight_belongs_to_the_new_day(play: Play) -> None:
    play.clock("00:05")
    play.say("可妈", "36.5")
    assert states(play) == {"赵可": "reported"}


def test_the_day_before_a_transfer_stays_with_the_old_class(play: Play) -> None:
    person, old, new = play.cast.people["赵可"], "红旗小学/三年级/1班", "红旗小学/三年级/2班"
    with play.database.write() as connection:
        connection.execute(update(Person).where(Person.id == person).values(unit_id=play.cast.units[new]))
        connection.execute(update(Enrolment).where(Enrolment.person_id == person).values(to_date=MONDAY))
        connection.execute(insert(Enrolment).values(person_id=person, unit_id=play.cast.units[new], from_date=MONDAY))
    play("【08:10】\n可妈: 昨天的是36.5\n可妈: 对\n可妈: 36.6")
    with play.database.read() as connection:
        rows = connection.execute(select(PersonDay.report_date, PersonDay.unit_id)).all()
    assert dict(map(tuple, rows)) == {
        MONDAY - timedelta(days=1): play.cast.units[old],
        MONDAY: play.cast.units[new],
    }


def test_who_joins_tomorrow_is_not_counted_today(play: Play) -> None:
    _set(play, "赵可", joined_on=MONDAY + timedelta(days=1))
    assert play.say("可妈", "36.5") == "赵可从3月3日起才开始上报，今天还不用报，谢谢您。"
    assert recorded(play, "赵可") == []


def test_who_has_left_is_not_counted_any_more(play: Play) -> None:
    _set(play, "赵可", left_on=MONDAY)
    assert "已经不在册" in play.say("可妈", "38.5")
    assert recorded(play, "赵可") == []
    assert alerts(play) == {}


def test_a_day_too_long_ago_is_left_to_the_teacher(play: Play) -> None:
    said = play.say("可妈", "2月20号36.5")
    assert recorded(play, "赵可") == []
    assert "最近3天" in said or "2月20日" in said or "今天" in said


def test_an_older_message_that_comes_late_is_kept_and_counts_for_nothing(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("08:20")
    play.say("可妈", "36.5")
    play.say("可妈", "36.9", sent_at=at("08:10"))
    assert [row["tenths"] for row in recorded(play, "赵可")] == [[365], [369]]
    with play.database.read() as connection:
        assert connection.execute(select(PersonDay.revision)).scalar_one() == 1


def test_an_older_fever_that_comes_late_still_alerts(play: Play) -> None:
    play.clock("08:20")
    play.say("可妈", "36.5")
    play.say("可妈", "38.1", sent_at=at("08:10"))
    assert alerts(play)["赵可", "A01"]["facts"]["tenths"] == 381


def test_two_lines_in_one_batch_are_taken_in_order(play_on_both: Play) -> None:
    play = play_on_both
    said = play.turn(play.incoming("小明爸爸", "365"), play.incoming("小明爸爸", "对"))
    assert "36.5℃吗" in said[0]
    assert said[1].startswith("记下了")
    assert [row["tenths"] for row in recorded(play, "李小明")] == [[365]]


@pytest.mark.parametrize("kind", ["image", "voice", "link", "video"])
def test_a_picture_is_answered_and_the_question_stays(play: Play, kind: str) -> None:
    play.say("小明爸爸", "365")
    said = play.say("小明爸爸", "", kind=kind, media_id="m")
    assert "36.5℃吗" in said
    assert play.say("小明爸爸", "对").startswith("记下了")


def test_an_open_question_is_forgotten_after_two_hours(play: Play) -> None:
    play.clock("08:00")
    play.say("小明爸爸", "365")
    play.clock("10:01")
    play.say("小明爸爸", "对")
    assert recorded(play, "李小明") == []


def test_a_teachers_order_is_not_taken_for_an_answer(play: Play) -> None:
    play.say("陈老师", "37.4")  # opens a question about the teacher
    play.say("陈老师", "代报 王乐乐 36.5")
    assert [row["tenths"] for row in recorded(play, "陈老师")] == [[374]]
    assert [row["tenths"] for row in recorded(play, "王乐乐")] == [[365]]


def test_another_word_is_answered_and_the_question_stays(play: Play) -> None:
    play.say("小明爸爸", "365")
    assert play.say("小明爸爸", "记录").startswith("李小明近14天的记录")
    assert play.say("小明爸爸", "是").startswith("记下了")


def test_danger_of_one_of_two_children_alerts_for_both_until_it_is_named(play: Play) -> None:
    play.say("妈妈", "孩子发烧了")
    found = alerts(play)
    assert found["林林", "A01"]["facts"]["unconfirmed"] is True
    assert found["林森", "A01"]["facts"]["unconfirmed"] is True
    play.say("妈妈", "林森38.3")
    found = alerts(play)
    assert "unconfirmed" not in found["林森", "A01"]["facts"]
    assert found["林林", "A01"]["facts"]["unconfirmed"] is True


def test_a_journey_to_a_key_region_of_the_running_list_goes_to_the_bureau(play: Play) -> None:
    with play.database.write() as connection:
        connection.execute(
            insert(KeyRegionRow).values(
                name="湖北省",
                code="420000",
                from_date=date(2026, 2, 1),
                added_at=at("07:00"),
                added_by="test",
            )
        )
    play.say("可妈", "36.5，孩子前天从武汉回来")
    found = alerts(play)
    assert set(found) == {("赵可", "A08"), ("赵可", "A09")}
    assert found["赵可", "A08"]["told"] == "head_teacher,district_officer"
    play.say("可妈", "38.1")
    assert alerts(play)["赵可", "A03"]["level"] == "red+"


def test_somebody_elses_reading_is_not_the_childs(play: Play) -> None:
    play.say("可妈", "我36.8，孩子36.4")
    assert [row["tenths"] for row in recorded(play, "赵可")] == [[364]]


def test_strangers_are_not_recorded(play: Play) -> None:
    play.say("新人", "38.5")
    with play.database.read() as connection:
        assert connection.execute(select(CheckIn.person_id)).all() == []


def test_a_fever_entered_on_behalf_is_told_to_the_others(play: Play) -> None:
    with play.database.write() as connection:
        turn = _turn(play, connection, "陈老师", "代报 王乐乐 38.4")
        done = record_for(turn, _person(turn, play, "王乐乐"), "38.4")
        turn.work.flush()
    assert done.kept is not None
    assert recorded(play, "王乐乐")[0]["reporter"] == "head_teacher"
    # The teacher who says so needs no message, and counts as told.
    assert pushed(play) == ["校医", "报告人"]
    assert alerts(play)["王乐乐", "A01"]["told"].startswith("head_teacher")


def test_on_behalf_nothing_is_recorded_without_a_sure_number(play: Play) -> None:
    with play.database.write() as connection:
        turn = _turn(play, connection, "陈老师", "代报 王乐乐 365")
        asked = record_for(turn, _person(turn, play, "王乐乐"), "365")
        known = record_for(turn, _person(turn, play, "王乐乐"), Health(readings=(Measured(366),)))
        turn.work.flush()
    assert asked.kept is None
    assert asked.asks[0].candidates == (365,)
    assert known.kept is not None
    assert [row["tenths"] for row in recorded(play, "王乐乐")] == [[366]]


def _set(play: Play, name: str, **values: object) -> None:
    with play.database.write() as connection:
        connection.execute(update(Person).where(Person.id == play.cast.people[name]).values(**values))


def _turn(play: Play, connection: object, who: str, text: str) -> Turn:
    work = play.work(connection)
    speakers = people.lock_accounts(work.connection, [openid(who)])
    speaker = speakers[openid(who)]
    people.lock_people(work.connection, [speaker], MONDAY)
    incoming = play.incoming(who, text)
    return Turn(incoming, text, play.now, play.now, MONDAY, speaker, work, "https://pinganbao.test")


def _person(turn: Turn, play: Play, name: str) -> people.BoundPerson:
    """A pupil of the cast, as a conversation of teachers finds them."""
    row = turn.work.connection.execute(select(Person).where(Person.id == play.cast.people[name])).one()
    return people.BoundPerson(
        row.id,
        row.kind,
        row.number,
        row.name,
        row.unit_id,
        row.school_id,
        row.joined_on,
        row.left_on,
        "guardian",
        1,
        0,
        at("07:00"),
    )
