"""The morning after: what was left open, to whose matter it is, with a named owner and without a pupil's name."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import insert, update

from models.tables import Post
from tests.cast import MONDAY, PUPILS
from tests.jobs.helper import run, told
from tests.play import Play

TUESDAY = MONDAY + timedelta(days=1)


def _sign(play: Play, who: str, word: str = "班级") -> None:
    play.say(who, word)
    assert play.say(who, "确认").startswith("已")


def test_every_unit_left_open_has_an_owner_who_hears_of_it_and_nobody_else_does(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("09:10")
    for who in ("陈老师", "吴老师", "卫老师"):
        _sign(play, who)
    _sign(play, "孙主任", "年级")
    _sign(play, "报告人", "零报告")
    _sign(play, "江畔报告人", "零报告")
    play.say("奶奶", "38.4")  # opens class, grade and school; only the class is signed again
    _sign(play, "陈老师")
    run(play, "day-lock", "11:30")
    run(play, "open-days", "08:00", TUESDAY)
    heard = told(play, "open-days")
    assert set(heard) == {"黄老师", "孙主任", "报告人", "区报告人"}
    assert heard["黄老师"][0].startswith("3月2日已锁定，还有1项没有了结：三年级1班（黄河）未报。")
    assert "三年级（孙勤）签报后有更正或退回，没有再确认" in heard["孙主任"][0]
    assert "红旗小学（何清）签报后有更正或退回" in heard["报告人"][0]
    assert "三年级1班（黄河）未报" in heard["报告人"][0]
    assert "班" not in heard["区报告人"][0]  # the bureau reads of schools
    assert not [name for _, _, name, _ in PUPILS for texts in heard.values() for text in texts if name in text]
    assert run(play, "open-days", "08:01", TUESDAY).owed == 0


def test_nothing_is_said_where_yesterday_is_in_order(play: Play) -> None:
    run(play, "open-days", "08:00")
    assert told(play, "open-days") == {}


def test_a_class_without_a_head_teacher_is_the_matter_of_the_next_above_by_name(play_on_both: Play) -> None:
    play = play_on_both
    with play.database.write() as connection:
        for role in ("head_teacher", "grade_head"):
            connection.execute(update(Post).where(Post.role == role).values(to_date=MONDAY))
        number = play.cast.people["陈老师"]
        place = {"unit_id": play.cast.units["红旗小学/三年级/2班"], "title": "副班主任", "from_date": MONDAY}
        connection.execute(insert(Post).values(person_id=number, role="deputy_head_teacher", **place))
    run(play, "day-lock", "11:30")
    run(play, "open-days", "08:00", TUESDAY)
    heard = told(play, "open-days")
    assert "三年级2班（陈静）未报" in heard["陈老师"][0]  # the deputy holds it
    assert "三年级1班（何清）未报" in heard["报告人"][0]  # neither teacher nor head: the school's reporter
    assert "没有负责人" not in "".join(text for texts in heard.values() for text in texts)
