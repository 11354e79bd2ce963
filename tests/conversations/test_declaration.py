"""登记行程: a short talk that feeds the register, can be broken off, and loses nothing (domain handbook 5.5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.database import Database
from models.tables import Declaration, KeyPerson
from tests.cast import DISTRICT, MONDAY
from tests.play import Play


def listed(play: Play) -> set[tuple[str, str, str, bool]]:
    names = {number: key for key, number in play.cast.people.items()}
    with play.database.read() as connection:
        rows = connection.execute(
            select(KeyPerson.person_id, KeyPerson.category, KeyPerson.source, KeyPerson.is_held)
        ).all()
    return {(names[row.person_id], row.category, row.source, row.is_held) for row in rows}


def declared(play: Play, who: str) -> list[tuple[bool, dict[str, Any]]]:
    with play.database.read() as connection:
        rows = connection.execute(
            select(Declaration.is_complete, Declaration.body)
            .where(Declaration.person_id == play.cast.people[who])
            .order_by(Declaration.id)
        ).all()
    return [(row.is_complete, play.vault.open_json("declarations.body", row.body)) for row in rows]


WHOLE = """
【08:10】
可妈: 登记行程 2月26日坐高铁去武汉，3月1日回来
可妈: G1234 5车12A，同行3人，没有本校同学
可妈: 1
可妈: 已报备，居家隔离到3月14日
"""


def test_a_journey_and_a_contact_reach_the_register_the_day_and_the_teacher(play_on_both: Play) -> None:
    play = play_on_both
    said = play(WHOLE)
    assert "行程：2月26日去湖北省武汉，3月1日返回" in said
    assert "车次座位同行：G1234，5车12A，同行3人，没有本校同学" in said
    assert "接触：接触过确诊、疑似或密接的人" in said
    assert "社区：已报备，居家隔离到3月14日" in said
    assert listed(play) == set()  # nothing counts before the yes
    done = play.say("可妈", "确认")
    assert "请先在家，不要到校" in done
    assert "可以到校" not in done
    assert listed(play) == {
        ("赵可", "kp_returned", "declaration", False),
        ("赵可", "kp_contact", "declaration", False),
    }
    ((complete, body),) = declared(play, "赵可")
    assert complete
    kept = {name: body[name] for name in ("transport_no", "seat", "companions", "schoolmates", "isolation_until")}
    assert kept == {
        "transport_no": "G1234",
        "seat": "5车12A",
        "companions": 3,
        "schoolmates": False,
        "isolation_until": "2026-03-14",
    }
    assert any("赵可的家长登记了行程" in text for text in play.owed("黄老师", "reply"))
    assert "2月26日去湖北省武汉" in play.say("可妈", "36.6")
    assert "您正在" not in play.say("可妈", "确认")


def test_nothing_to_declare_takes_two_answers_and_tells_nobody(play: Play) -> None:
    play("【08:10】\n舟妈: 36.5\n舟妈: 登记行程\n舟妈: 没有\n舟妈: 没有\n舟妈: 确认")
    ((complete, body),) = declared(play, "周舟")
    assert complete
    assert body["left"] is False
    assert body["contact_case"] is False
    assert listed(play) == set()
    assert play.owed("卫老师") == []
    assert "未离开本区" in play.say("舟妈", "今天")


def test_what_is_not_known_is_kept_as_not_known_and_never_as_no(play: Play) -> None:
    play("【08:10】\n舟妈: 登记行程\n舟妈: 不清楚\n舟妈: 不清楚\n舟妈: 确认")
    ((_, body),) = declared(play, "周舟")
    assert body["left"] == "unknown"
    assert "contact_case" not in body
    assert any("不清楚" in text for text in play.owed("卫老师", "reply"))


def test_it_is_taken_up_where_it_was_left_off(play_on_both: Play) -> None:
    play = play_on_both
    play("【08:10】\n奶奶: 登记行程\n奶奶: 在长春，2月28日去的，还没回来\n奶奶: 先不填")
    assert [complete for complete, _ in declared(play, "王乐乐")] == [False]
    play.clock("19:00", MONDAY + timedelta(days=1))
    said = play.say("奶奶", "登记行程")
    assert "接着来" in said
    assert "车次" in said
    play.say("奶奶", "自驾")
    assert play.say("奶奶", "36.5").startswith("记下了（3月3日）：王乐乐，36.5℃")  # and the question stays open
    play.say("奶奶", "没有")
    play.say("奶奶", "没报备")
    assert "暂不返校" not in play.say("奶奶", "对")
    assert listed(play) == {("王乐乐", "kp_returned", "declaration", True)}
    assert "登记上次没有填完" not in play.say("奶奶", "登记行程")


def test_a_fever_told_in_between_goes_its_own_way_at_once(play: Play) -> None:
    play("【08:10】\n可妈: 登记行程")
    assert "38.6℃" in play.say("可妈", "38.6 咳嗽")
    assert play.owed("校医", "alert")


@pytest.mark.parametrize(
    ("answer", "codes"),
    [
        ("2 4", {"contact_key_region_person", "community_has_case"}),
        ("小区有病例", {"community_has_case"}),
        ("同车有人确诊", {"same_transport_with_case"}),
    ],
)
def test_contacts_are_answered_by_number_or_in_words(play: Play, answer: str, codes: set[str]) -> None:
    play("【08:10】\n舟妈: 登记行程\n舟妈: 没有")
    play.say("舟妈", answer)
    ((_, body),) = declared(play, "周舟")
    assert {code for code in body if body[code] is True} == codes


def test_one_of_two_children_is_declared_for(play: Play) -> None:
    play(
        "【08:10】\n妈妈: 登记行程\n妈妈: 林森\n妈妈: 去过沈阳\n妈妈: 2月20日去2月24日回\n妈妈: 自驾\n妈妈: 没有\n妈妈: 不清楚"
    )
    play.say("妈妈", "确认")
    assert {name for name, *_ in listed(play)} == {"林森"}
    ((_, body),) = declared(play, "林森")
    (trip,) = body["health"]["t"] if "t" in body["health"] else body["health"]["trips"]
    assert (trip["left_on"], trip["returned_on"]) == ("2026-02-20", "2026-02-24")


def test_it_is_asked_for_at_first_use_on_a_change_and_on_return(play: Play) -> None:
    play("【08:10】\n新人: 绑定 " + play.cast.codes["周舟"])
    assert "登记行程" in play.say("新人", "同意")
    assert "登记行程" in play.say("可妈", "36.5，2月27日去武汉，昨天回来")
    play("【08:20】\n可妈: 登记行程 2月27日去武汉，3月1日回来\n可妈: 自驾\n可妈: 没有\n可妈: 没报备\n可妈: 确认")
    assert "登记行程" not in play.say("可妈", "36.6")
    play("【08:30】\n奶奶: 登记行程 在长春，2月28日去的，还没回来\n奶奶: 自驾\n奶奶: 没有\n奶奶: 没报备\n奶奶: 确认")
    play.clock("08:00", MONDAY + timedelta(days=3))
    said = play.say("奶奶", "36.5，昨天从长春回来了") + play.say("奶奶", "2月28日去的")
    assert "补充王乐乐的车次" in said
    assert "赵可" not in said


def test_staff_declare_for_themselves_and_strangers_are_told_how_to_bind(play: Play) -> None:
    play("【08:10】\n陈老师: 登记行程 2月20日去沈阳，2月24日回来\n陈老师: 自驾\n陈老师: 没有\n陈老师: 不清楚")
    assert "已告知年级主任" in play.say("陈老师", "确认")
    assert any("陈静登记了行程" in text for text in play.owed("孙主任", "reply"))
    assert "绑定" in play.say("新人", "登记行程")


def test_both_days_in_one_breath_are_both_kept(play: Play) -> None:
    said = play(
        "【08:10】\n奶奶: 登记行程\n奶奶: 武汉\n奶奶: 2月20号去的，28号回来\n奶奶: 自驾\n奶奶: 没有\n奶奶: 没报备"
    )
    assert "2月20日去湖北省武汉，2月28日返回" in said


FRIDAY = MONDAY + timedelta(days=4)  # two weeks after the cast was bound


def test_it_is_asked_for_again_a_week_after_and_confirmed_in_one_word(play_on_both: Play) -> None:
    play = play_on_both
    play(WHOLE)
    play.say("可妈", "确认")
    asked = {}
    for days in range(1, 9):
        play.clock("08:00", MONDAY + timedelta(days=days))
        asked[days] = "行程无变化" in play.say("可妈", "36.6")
    assert [days for days, is_asked in asked.items() if is_asked] == [7]
    assert "已记下：赵可的行程和接触情况与上次登记的一样" in play.say("可妈", "行程无变化")
    first, second = declared(play, "赵可")
    assert second[0]
    assert second[1]["transport_no"] == first[1]["transport_no"]
    assert second[1]["unchanged"] == 1
    for days in range(9, 17):
        play.clock("08:00", MONDAY + timedelta(days=days))
        asked[days] = "行程无变化" in play.say("可妈", "36.7 没有不舒服")
    assert [days for days, is_asked in asked.items() if is_asked] == [7, 15]


def test_who_never_declared_is_asked_weekly_from_the_binding(play: Play) -> None:
    play.clock("08:00", FRIDAY)
    assert "还没有登记过行程" in play.say("舟妈", "36.6")
    assert "还没有登记过行程" not in play.say("舟妈", "36.7")  # once a day
    assert "还没有登记过行程" in play.say("舟妈", "行程无变化")  # nothing to confirm: silence is never a no
    assert declared(play, "周舟") == []
    assert "登记过" not in play.say("小明爸爸", "38.4")  # a fever comes first
    play.clock("08:00", FRIDAY + timedelta(days=1))
    assert "登记过" not in play.say("舟妈", "36.6")


def test_a_family_confirms_for_all_its_children_and_hears_which_are_lacking(play: Play) -> None:
    play("【08:10】\n妈妈: 林林36.5，林森36.6\n妈妈: 登记行程 林森 没有\n妈妈: 没有\n妈妈: 确认")
    play.clock("08:00", MONDAY + timedelta(days=7))
    said = play.say("妈妈", "都36.5")
    assert said.count("行程无变化") == 1
    answer = play.say("妈妈", "行程没有变化")
    assert "已记下：林森的" in answer
    assert "还没有登记过" in answer


def test_a_district_that_asks_no_journeys_is_not_asked(sqlite: Database) -> None:
    play = Play(sqlite, replace(DISTRICT, disease=replace(DISTRICT.disease, declaration_days=0)))
    play.clock("08:00", FRIDAY)
    assert "登记过" not in play.say("舟妈", "36.6")
