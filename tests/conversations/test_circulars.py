"""通报: drafted from facts, never sent by itself, approved, dropped or excused by a person at the bureau."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models.rules.circular import Week, week_of
from models.tables import Audit, Circular
from tests.cast import MONDAY
from tests.jobs.helper import run, told
from tests.play import Play

#: A busy machine makes no rule wrong.
_UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)


def late(play: Play, day: date, clock: str = "10:41") -> None:
    """江畔中学 files late; 红旗小学 not at all."""
    play.clock(clock, day)
    play.say("江畔报告人", "零报告")
    play.say("江畔报告人", "确认")
    run(play, "circular-draft", "11:30", day)


@pytest.fixture
def drafted(play: Play) -> Play:
    late(play, MONDAY)
    assert told(play, "circular-draft") == {}  # one day is not enough
    late(play, TUESDAY)
    late(play, WEDNESDAY, "10:35")
    play.clock("14:00", WEDNESDAY)
    return play


def test_two_missed_reports_or_three_late_ones_make_a_draft_and_nothing_goes_to_a_school(drafted: Play) -> None:
    sent = told(drafted, "circular-draft")
    assert set(sent) == {"区报告人", "局领导"}
    assert sent["局领导"] == [
        "新起草1份通报（红旗小学），未发出，须批准。请回复“通报”查看。",
        "新起草1份通报（江畔中学），未发出，须批准。请回复“通报”查看。",
    ]
    assert told(drafted, "circular") == {}
    assert drafted.say("局领导", "通报") == (
        "通报草稿2份，均未发出：\n"
        "1号 红旗小学（3月2日至3月8日）：未报3次（3月2日、3月3日、3月4日）。\n"
        "2号 江畔中学（3月2日至3月8日）：迟报3次（3月2日11分钟、3月3日11分钟、3月4日5分钟）。\n"
        "批准请回复“批准 1”，不发请回复“不发 1 原因”，有正当理由请回复“说明 1 原因”。"
    )


def test_a_leader_approves_and_only_that_schools_own_people_hear_its_own_facts(drafted: Play) -> None:
    drafted.say("局领导", "通报")
    assert drafted.say("局领导", "批准 2") == "已批准：江畔中学，已发给该校2位负责人。回复“通报”看还有哪些。"
    sent = told(drafted, "circular")
    assert set(sent) == {"江畔报告人", "江畔校长"}
    assert sent["江畔校长"] == [
        "春江区教育局通报：江畔中学3月2日至3月8日日报迟报3次（3月2日11分钟、3月3日11分钟、3月4日5分钟）。"
        "请查明原因并改进；如因网络、值班应急等，请联系区教育局说明。回复“趋势”可查看本校情况。"
    ]
    assert drafted.say("局领导", "批准 2") == "这一份已经处理过了，或编号不对。回复“通报”看还有哪些。"
    assert len(told(drafted, "circular")["江畔校长"]) == 1
    assert drafted.say("局领导", "不发 1") == "请写明编号和原因，例如：不发 1 已电话了解；说明 1 停电断网。"
    assert drafted.say("局领导", "不发 1 已电话了解").startswith("好的，红旗小学这一份不发")
    assert drafted.say("局领导", "通报").startswith("现在没有待批准的通报草稿")


def test_a_reason_excuses_and_an_officer_may_record_it_but_not_approve(drafted: Play) -> None:
    assert "批准请回复" not in drafted.say("区报告人", "通报")
    assert drafted.say("区报告人", "批准 1").startswith("通报由区领导小组批准")
    assert drafted.say("区报告人", "说明 1 停电断网") == (
        "已登记说明，红旗小学本周按有正当理由处理，不通报。回复“通报”看还有哪些。"
    )
    run(drafted, "circular-draft", "11:31", MONDAY + timedelta(days=3))  # a fourth day changes nothing of it
    with drafted.database.read() as connection:
        rows = connection.execute(select(Circular.state, Circular.reason).order_by(Circular.id)).all()
        trail = set(connection.execute(select(Audit.action)).scalars())
    assert [row.state for row in rows] == ["excused", "draft"]
    assert drafted.vault.open("circulars.reason", rows[0].reason) == "停电断网"
    assert "circular-excused" in trail
    assert told(drafted, "circular") == {}


def test_nobody_else_sees_a_draft_and_a_large_sending_is_still_approved_elsewhere(drafted: Play) -> None:
    for who in ("可妈", "陈老师", "校长", "江畔校长", "报告人", "应急组", "新人"):
        assert drafted.say(who, "通报").startswith("“通报”草稿由区教育局"), who
    drafted.say("局领导", "通报")
    assert drafted.say("局领导", "批准 99") == "现在没有等待批准的群发。"


@_UNHURRIED
@given(
    st.lists(st.dates(date(2026, 3, 2), date(2026, 3, 8)), max_size=7, unique=True),
    st.integers(0, 7),
    st.integers(1, 5),
    st.integers(1, 5),
)
def test_a_draft_is_due_exactly_from_the_limits_on(days: list[date], cut: int, late_limit: int, limit: int) -> None:
    week = Week(tuple((day, 5) for day in days[:cut]), tuple(days[cut:]))
    due = len(days[:cut]) >= late_limit or len(days[cut:]) >= limit
    assert week.calls_for_a_draft(late_limit, limit) is due
    assert Week.from_json(week.to_json()) == week
    assert {week_of(day) for day in days} <= {(date(2026, 3, 2), date(2026, 3, 8))}
