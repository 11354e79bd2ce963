"""A key region is named and nothing is read of it: a human's list has it, and only then (issue 6)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.actions.regions import add_regions
from models.queries.key_persons import missing, open_rows
from models.rules.district import KeyRegion
from tests.cast import MONDAY
from tests.conversations.test_check_in_alerts import alerts
from tests.jobs.helper import run, told
from tests.play import Play


@pytest.fixture
def wuhan(play: Play) -> Play:
    """武汉 is on the running list, which the district's file knows nothing of."""
    with play.database.write() as connection:
        work = play.work(connection)
        add_regions(work, [KeyRegion("武汉市", "420100", MONDAY - timedelta(days=20))], "test")
        work.flush()
    play.clock("08:00")
    return play


def gaps(play: Play) -> list[str]:
    """Who stands on the list of gaps."""
    with play.database.read() as connection:
        return [one.name for one in missing(connection, MONDAY, MONDAY)]


@pytest.mark.parametrize(
    "text",
    [
        "36.5 武汉",
        "武汉",
        "36.5 孩子他姥爷武汉",
        "36.5 武 汉回来",
        "上周武汉那边有事",
        "36.5，武汉婚礼刚结束",
        "请事假 武汉",
    ],
)
def test_what_was_not_understood_is_put_before_a_human(wuhan: Play, text: str) -> None:
    said = wuhan.say("奶奶", text)
    assert "您提到武汉" in said
    assert "已请班主任核实" in said
    assert gaps(wuhan) == ["王乐乐"]
    assert "提到武汉，是否去过没有看懂" in wuhan.owed("陈老师")[-1]
    run(wuhan, "key-person-follow-up", "09:05")
    assert any("王乐乐" in line for line in told(wuhan, "key-person-follow-up")["报告人"])


@pytest.mark.parametrize(
    "text",
    [
        "36.5",
        "36.5 没去过武汉",
        "武汉加油",
        "36.5 武汉疫情严重",
        "我们是武汉人",
        "老师请问武汉回来的要隔离吗",
        "36.5 打算五一去武汉",
        "36.5 武汉大街堵车",
        "36.5 昨天去了长春",
    ],
)
def test_what_speaks_of_no_stay_reaches_nobody_for_it(wuhan: Play, text: str) -> None:
    assert "您提到武汉" not in wuhan.say("奶奶", text)
    assert not any("mentioned" in one["facts"] for one in alerts(wuhan).values())


def test_what_is_understood_is_registered_and_leaves_no_gap(wuhan: Play) -> None:
    assert "您提到" not in wuhan.say("奶奶", "36.5 昨天从武汉回来")
    with wuhan.database.read() as connection:
        assert [row.category for row in open_rows(connection, wuhan.vault, MONDAY)] == ["kp_region"]
    assert gaps(wuhan) == []


def test_with_two_children_and_none_named_both_teachers_ask(wuhan: Play) -> None:
    wuhan.say("妈妈", "武汉")
    assert {name for name, _ in alerts(wuhan)} == {"林林", "林森"}
    assert "林森" in wuhan.owed("吴老师")[-1]


def test_the_teacher_who_has_asked_takes_them_off_the_list(wuhan: Play) -> None:
    wuhan.say("奶奶", "36.5 武汉")
    wuhan.say("陈老师", "收到")
    assert gaps(wuhan) == ["王乐乐"]
    wuhan.say("陈老师", "处理 王乐乐 已排除 电话问过，没去过武汉")
    assert gaps(wuhan) == []


def test_a_region_that_has_left_the_list_is_no_region(play: Play) -> None:
    with play.database.write() as connection:
        work = play.work(connection)
        ended = KeyRegion("武汉市", "420100", MONDAY - timedelta(days=90), MONDAY - timedelta(days=60))
        add_regions(work, [ended], "test")
        work.flush()
    play.say("奶奶", "36.5 武汉")
    assert alerts(play) == {}
