"""Two registers, one set of people: key persons and persons in management reconcile every day (domain handbook 9)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select

from models.tables import KeyDecision, KeyPerson
from tests.cast import MONDAY
from tests.jobs.helper import run, told
from tests.play import Play

CONTACT = "【08:10】\n报告人: 密接 王乐乐 区疾控电话通知 3月2日08:00"
KIND = "key-person-follow-up"


def listed(play: Play) -> list[tuple[str, str, str, bool]]:
    names = {number: key for key, number in play.cast.people.items()}
    with play.database.read() as connection:
        rows = connection.execute(
            select(KeyPerson.person_id, KeyPerson.category, KeyPerson.state, KeyPerson.is_held).order_by(KeyPerson.id)
        ).all()
    return [(names[row.person_id], *row[1:]) for row in rows]


def test_who_is_put_in_management_is_a_key_person_with_a_keeper(play_on_both: Play) -> None:
    play = play_on_both
    play(CONTACT)
    play.say("报告人", "隔离 王乐乐 居家 3月1日 区疾控通知")
    play.say("报告人", "一般接触 李小明 区疾控通知")  # advice, no more
    assert listed(play) == [("王乐乐", "kp_contact", "registered", False)]
    assert "联系人陈静" in play.say("报告人", "重点人员")


def test_who_is_in_management_and_not_on_the_list_is_named_the_next_morning(play_on_both: Play) -> None:
    play = play_on_both
    play(CONTACT)
    with play.database.write() as connection:
        connection.execute(delete(KeyDecision))
        connection.execute(delete(KeyPerson))
    run(play, KIND, "09:05", MONDAY + timedelta(days=1))
    (text,) = (text for text in told(play, KIND)["报告人"] if "核对" in text)
    assert "王乐乐" in text
    assert "在管但不在名单上" in text


def test_the_list_lets_nobody_go_before_the_observation_has_ended_by_document(play_on_both: Play) -> None:
    play = play_on_both
    play(CONTACT)
    assert "还在管（密接）" in play.say("报告人", "解除重点 王乐乐 解除告知书")
    play.say("报告人", "解除 王乐乐 提前 解除通知书3号")
    assert [state for _, _, state, _ in listed(play)] == ["registered"]  # a decision of its own
    run(play, KIND, "09:05", MONDAY + timedelta(days=1))
    assert any("已解除医学观察" in text for text in told(play, KIND)["报告人"])
    play.clock("09:10", MONDAY + timedelta(days=1))
    assert "已解除" in play.say("报告人", "解除重点 王乐乐 解除通知书3号")
    assert [state for _, _, state, _ in listed(play)] == ["released"]


def test_who_has_not_been_asked_after_by_the_afternoon_is_told_to_the_reporter(play_on_both: Play) -> None:
    play = play_on_both
    play(CONTACT)
    tuesday = MONDAY + timedelta(days=1)
    run(play, KIND, "15:00")  # registered today: tomorrow is the first contact
    assert not any("还没有联系登记" in text for text in told(play, KIND).get("报告人", []))
    run(play, KIND, "15:00", tuesday)
    assert any("王乐乐（三年级2班，联系人陈静）" in text for text in told(play, KIND)["报告人"])
    play.clock("15:05", tuesday)
    play.say("陈老师", "联系 王乐乐 联系不上")
    run(play, KIND, "15:00", tuesday + timedelta(days=1))
    run(play, KIND, "09:05", tuesday + timedelta(days=3))
    assert any("连续两天没有联系上" in text for text in told(play, KIND)["校长"])


def test_away_in_another_province_means_held_until_somebody_approves(play_on_both: Play) -> None:
    play = play_on_both
    play("【08:10】\n奶奶: 36.5，孩子现在在长春")
    assert listed(play) == [("王乐乐", "kp_returned", "registered", True)]
    wednesday = MONDAY + timedelta(days=2)
    play.clock("08:00", wednesday)
    play.say("奶奶", "36.5，昨天从长春回来了")
    assert listed(play)[0][3]  # back without a word from anybody: held still
    play.clock("08:10", wednesday)
    assert "不应到校" in play.say("校医", "到校 王乐乐")
    assert any("在外返回未批准" in text for text in play.owed("陈老师"))
    assert "由疫情报告人、校医、校长" in play.say("陈老师", "批准返校 王乐乐 社区已报备")
    assert "已批准返校" in play.say("报告人", "批准返校 王乐乐 社区已报备")
    assert listed(play)[0][2:] == ("returning", False)
    assert "没有查到" in play.say("校医", "到校 王乐乐")
