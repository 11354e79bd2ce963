"""A head teacher writes of a pupil as one speaks; it is entered for the pupil, never for the teacher (domain 5.4)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.tables import Absence, Clearance, ClusterSignal, KeyPerson, Onset, PersonDay
from tests.cast import MONDAY, at
from tests.jobs.helper import run, told
from tests.play import Play


def kept(play: Play) -> dict[str, str]:
    names = {number: key for key, number in play.cast.people.items()}
    with play.database.read() as connection:
        return {
            names[row.person_id]: row.result
            for row in connection.execute(select(PersonDay.person_id, PersonDay.result).order_by(PersonDay.person_id))
        }


def away(play: Play) -> dict[str, str]:
    names = {number: key for key, number in play.cast.people.items()}
    with play.database.read() as connection:
        return {
            names[row.person_id]: row.kind
            for row in connection.execute(select(Absence.person_id, Absence.kind).order_by(Absence.person_id))
        }


def test_a_reading_an_absence_and_a_journey_are_entered_for_the_pupil(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("08:10")
    assert play.say("陈老师", "王乐乐 38.5").startswith("已登记：王乐乐 38.5℃。")
    assert play.owed("校医", "alert")
    assert "李小明 其他不适，病假" in play.say("陈老师", "李小明请假，感冒不舒服")
    assert "3月1日返回" in play.say("陈老师", "林林昨天从武汉回来了")
    assert kept(play) == {"王乐乐": "fever"}
    assert away(play) == {"李小明": "sick"}
    with play.database.read() as connection:
        listed = connection.execute(select(KeyPerson.person_id)).scalars().all()
    assert listed == [play.cast.people["林林"]]


def test_several_names_share_what_is_said_of_them(play: Play) -> None:
    play.clock("08:10")
    play.say("陈老师", "今天王乐乐和李小明都没来")
    assert away(play) == {"王乐乐": "unexplained", "李小明": "unexplained"}


def test_an_open_question_about_the_teachers_own_health_takes_none_of_it(play: Play) -> None:
    play("【08:10】\n陈老师: 36.6，头疼")
    play.say("陈老师", "王乐乐 38.5")
    said = play.say("陈老师", "二班晨检应到3实到1，李小明发烧38.2在家，王乐乐事假")
    assert "已登记：李小明 38.2℃" in said
    assert kept(play) == {"王乐乐": "fever", "李小明": "fever", "陈老师": "symptomatic"}
    assert "头痛" in play.say("陈老师", "昨天开始的")  # the question is still open


@pytest.mark.parametrize(
    "text", ["王乐乐发烧了吗？", "王乐乐昨天没来", "王乐乐退烧了", "王乐乐", "如果王乐乐38.5怎么办"]
)
def test_questions_other_days_and_bare_names_enter_nothing(play: Play, text: str) -> None:
    play.clock("08:10")
    assert "没有登记" in play.say("陈老师", text)
    assert (kept(play), away(play)) == ({}, {})


def test_a_pupil_of_another_class_is_nobody_of_theirs(play: Play) -> None:
    play.clock("08:10")
    play.say("黄老师", "王乐乐 38.5")
    play.say("黄老师", "王乐乐没来")
    assert (kept(play), away(play)) == ({}, {})


def test_a_family_asks_for_leave_for_the_child_it_names_and_only_that_teacher_hears(play: Play) -> None:
    play("【08:10】\n妈妈: 林林发烧了，想请假")
    assert away(play) == {"林林": "sick"}
    play.say("妈妈", "给林森请假")  # while the temperature of 林林 is still asked for
    assert away(play) == {"林林": "sick", "林森": "personal"}
    assert not any("林林" in text for text in play.owed("吴老师", "reply"))
    assert "38.2" in play.say("妈妈", "林林38.2")


def test_a_sick_absence_with_a_disease_counts_in_the_rules_and_asks_for_papers(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("08:10")
    assert "复课证明" in play.say("陈老师", "缺勤 王乐乐 病假 水痘")
    play.say("小明爸爸", "请病假 拉肚子")
    play.say("陈老师", "追访 李小明 已就诊，诊断诺如，3月1日起病")
    with play.database.read() as connection:
        assert set(connection.execute(select(Onset.syndrome)).scalars()) >= {"chickenpox", "digestive", "norovirus"}
        papers = dict(connection.execute(select(Clearance.person_id, Clearance.disease)).all())
        assert connection.execute(select(ClusterSignal.id)).all() == []
    assert papers == {play.cast.people["王乐乐"]: "chickenpox", play.cast.people["李小明"]: "norovirus"}
    play.clock("08:00", MONDAY + timedelta(days=1))
    assert "不应到校" in play.say("陈老师", "缺勤 王乐乐 到校")
    assert any("不应到校而到校" in text for text in play.owed("校长"))


def test_an_absence_nobody_can_explain_is_chased_and_goes_up_in_the_afternoon(play_on_both: Play) -> None:
    play = play_on_both
    play("【08:10】\n陈老师: 王乐乐没来")
    run(play, "absence-follow-up", "09:50")
    assert "孙主任" not in told(play, "absence-follow-up")
    run(play, "absence-follow-up", "15:00")
    heard = told(play, "absence-follow-up")
    assert len(heard["陈老师"]) == 2
    assert heard["孙主任"] == [
        "三年级2班有1人缺勤原因不明，班主任还没有登记追访：王乐乐。请督促班主任今天联系到家长并登记。"
    ]
    play.now = at("15:10")
    play.say("陈老师", "追访 王乐乐 家里有事，明天来")
    run(play, "absence-follow-up", "15:00", MONDAY + timedelta(days=1))
    assert len(told(play, "absence-follow-up")["孙主任"]) == 1
