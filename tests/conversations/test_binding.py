"""Binding and consent, as dialogues (contract 8, 10)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from models.tables import Account, Audit, Binding, BindingCode, Outbox, Person
from tests.cast import MONDAY, at, openid
from tests.play import Play

ASKS = "同意请回复“同意”，不同意请回复“不同意”。"


def bound(play: Play, who: str) -> list[tuple[str, str, int]]:
    """(name, relation, rank) of the open bindings of `who`."""
    with play.database.read() as connection:
        rows = connection.execute(
            select(Person.name, Binding.relation, Binding.rank)
            .join(Binding, Binding.person_id == Person.id)
            .join(Account, Account.id == Binding.account_id)
            .where(Account.openid == openid(who), Binding.ended_at.is_(None))
            .order_by(Binding.id)
        )
        return [(row[0], row[1], row[2]) for row in rows]


def live_code(play: Play, key: str) -> str:
    """The code of a person that is valid now."""
    with play.database.read() as connection:
        sealed = connection.execute(
            select(BindingCode.code).where(
                BindingCode.person_id == play.cast.people[key], BindingCode.revoked_at.is_(None)
            )
        ).scalar_one()
    return play.vault.open("binding_codes.code", sealed)


def agree(play: Play, who: str, code: str) -> str:
    play.say(who, f"绑定 {code}")
    return play.say(who, "同意")


def test_a_guardian_reads_the_notice_agrees_and_is_told_the_child_and_what_to_type(play_on_both: Play) -> None:
    play = play_on_both
    asked = play.say("新人", "绑定 CODE0006")
    for fact in ("春江区教育局", "体温", "症状", "行程", "270天", "30天", "不同意", "解绑", "/h5/privacy"):
        assert fact in asked
    assert asked.endswith(ASKS)
    assert "周舟" not in asked
    assert bound(play, "新人") == []
    play.now = at("08:20")
    said = play.say("新人", "同意")
    assert "周舟" in said
    assert "江畔中学七年级1班" in said
    assert "36.5" in said
    assert bound(play, "新人") == [("周舟", "guardian", 2)]
    with play.database.read() as connection:
        row = connection.execute(select(Binding).order_by(Binding.id.desc()).limit(1)).one()
    assert row.consent_version
    assert row.consented_at == at("08:20")


def test_the_notice_and_every_message_of_binding_fit_into_one_reply(play: Play) -> None:
    for text in ("绑定 CODE0006", "同意", "帮助", "绑定", "绑定 CODE0001", "不同意"):
        assert len(play.say("新人", text).encode()) <= 2000


@pytest.mark.parametrize(
    "written",
    [
        "绑定CODE0006",
        "绑定 code0006",
        "绑定：CODE-0006",
        "绑定　ＣＯＤＥ　０００６",
        "绑定码是CODE 0006，谢谢",
        "code0006",
        "C O D E 0 0 0 6",
    ],
)
def test_a_code_is_read_in_any_writing(play: Play, written: str) -> None:
    assert play.say("新人", written).endswith(ASKS)
    assert "周舟" in play.say("新人", "同意。")


@pytest.mark.parametrize(("event", "key"), [("SCAN", "bind_CODE0006"), ("subscribe", "qrscene_bind_CODE0006")])
def test_scanning_a_slip_asks_for_consent_at_once(play_on_both: Play, event: str, key: str) -> None:
    assert play_on_both.event("路人", event, key).endswith(ASKS)
    assert "周舟" in play_on_both.say("路人", "同意")
    assert bound(play_on_both, "路人") == [("周舟", "guardian", 2)]


def test_following_with_a_wrong_slip_says_so(play: Play) -> None:
    assert "绑定码不对" in play.event("路人", "subscribe", "qrscene_bind_NONE9999")


def test_refusing_binds_nobody_and_says_how_it_goes_on(play: Play) -> None:
    play.say("新人", "绑定 CODE0006")
    said = play.say("新人", "不同意")
    assert "没有绑定" in said
    assert "班主任" in said
    assert bound(play, "新人") == []
    assert "没有等您同意" in play.say("新人", "同意")


def test_anything_else_before_consent_asks_again_and_records_nothing(play: Play) -> None:
    play.say("新人", "绑定 CODE0006")
    assert "还差一步" in play.say("新人", "36.5")
    assert "您可以发" in play.say("新人", "帮助") or "平安报" in play.say("新人", "帮助")
    assert bound(play, "新人") == []
    assert "周舟" in play.say("新人", "同意")


def test_consent_comes_too_late_after_two_hours(play: Play) -> None:
    play.say("新人", "绑定 CODE0006")
    play.now += timedelta(hours=2, minutes=1)
    assert "没有等您同意" in play.say("新人", "同意")
    assert bound(play, "新人") == []


def test_several_children_one_after_another_each_with_its_own_consent(play: Play) -> None:
    agree(play, "新人", "CODE0003")
    assert bound(play, "新人") == [("李小明", "guardian", 2)]
    said = agree(play, "新人", "CODE0004")
    assert "李小明和赵可" in said
    assert [name for name, _, _ in bound(play, "新人")] == ["李小明", "赵可"]


def test_a_report_between_two_bindings_is_not_swallowed_by_the_question(play: Play) -> None:
    agree(play, "新人", "CODE0003")
    play.say("新人", "绑定 CODE0004")
    assert "李小明" in play.say("新人", "36.5")
    assert "赵可" in play.say("新人", "同意")


def test_the_same_child_again_is_already_bound(play: Play) -> None:
    assert "已经绑定了林林" in play.say("妈妈", "绑定 CODE0001")
    assert len(bound(play, "妈妈")) == 2


def test_the_fifth_guardian_is_refused_and_told_whom_to_ask(play_on_both: Play) -> None:
    play = play_on_both
    assert "第3位" in agree(play, "外公", "CODE0001")
    assert "第4位" in agree(play, "外婆", "CODE0001")
    said = play.say("姑姑", "绑定 CODE0001")
    assert "已有4位家长" in said
    assert "班主任" in said
    assert bound(play, "姑姑") == []


def test_the_fourth_place_taken_during_the_question_is_not_taken_twice(play: Play) -> None:
    agree(play, "外公", "CODE0001")
    play.say("外婆", "绑定 CODE0001")
    play.say("姑姑", "绑定 CODE0001")
    assert "第4位" in play.say("外婆", "同意")
    assert "已有4位家长" in play.say("姑姑", "同意")


def test_names_alone_never_bind(play: Play) -> None:
    assert "只凭姓名不能绑定" in play.say("新人", "绑定 红旗小学三年级2班 林林")
    assert bound(play, "新人") == []


def test_wrong_codes_are_counted_near_the_end_and_ten_lock_the_hour(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("08:00")
    said = [play.say("新人", f"绑定 WRONG{number:03d}") for number in range(10)]
    assert all("绑定码不对" in line for line in said[:9])
    assert "还可以再试" not in said[3]
    assert "还可以再试5次" in said[4]
    assert "还可以再试1次" in said[8]
    assert "09:01前不能绑定" in said[9] or "09:00前不能绑定" in said[9]
    play.clock("08:59")
    assert "不能绑定" in play.say("新人", "绑定 CODE0006")
    assert bound(play, "新人") == []
    play.clock("09:01")
    assert play.say("新人", "绑定 CODE0006").endswith(ASKS)


def test_a_lock_that_falls_between_notice_and_consent_holds(play: Play) -> None:
    play.clock("08:00")
    for number in range(9):
        play.say("新人", f"绑定 WRONG{number:03d}")
    play.say("新人", "绑定 CODE0006")
    play.say("新人", "绑定 WRONG999")
    assert "不能绑定" in play.say("新人", "同意")
    assert bound(play, "新人") == []


def test_nine_wrong_codes_and_a_pause_of_an_hour_start_the_count_again(play: Play) -> None:
    play.clock("08:00")
    for number in range(9):
        play.say("新人", f"绑定 WRONG{number:03d}")
    play.clock("09:00")
    assert "还可以再试" not in play.say("新人", "绑定 WRONG999")


def test_the_lock_is_the_accounts_own(play: Play) -> None:
    for number in range(11):
        play.say("新人", f"绑定 WRONG{number:03d}")
    assert play.say("路人", "绑定 CODE0006").endswith(ASKS)


def test_a_bound_parent_may_write_what_looks_like_a_code(play: Play) -> None:
    assert "绑定码不对" not in play.say("可妈", "ACDE3467")


def test_a_revoked_code_is_a_wrong_one(play: Play) -> None:
    with play.database.write() as connection:
        connection.execute(
            update(BindingCode).where(BindingCode.person_id == play.cast.people["周舟"]).values(revoked_at=at("07:00"))
        )
    assert "绑定码不对" in play.say("新人", "绑定 CODE0006")


def test_a_staff_code_serves_once_and_a_fresh_one_takes_its_place(play_on_both: Play) -> None:
    play = play_on_both
    assert "只能用一次" in play.say("新人", "绑定 CODE0007")
    play.say("陈老师", "解绑")
    play.say("陈老师", "确认解绑")
    assert "绑定码不对" in play.say("新人", "绑定 CODE0007")
    fresh = live_code(play, "陈老师")
    asked = play.say("新人", f"绑定 {fresh}")
    assert "您本人" in asked
    assert asked.endswith(ASKS)
    said = play.say("新人", "同意")
    assert "陈静，红旗小学三年级2班班主任" in said
    assert "“班级”" in said
    assert bound(play, "新人") == [("陈静", "self", 1)]
    assert "只能用一次" in play.say("路人", f"绑定 {fresh}")


def test_one_account_may_hold_children_and_a_post_but_not_two_posts(play: Play) -> None:
    assert "赵可" in agree(play, "陈老师", "CODE0004")
    assert bound(play, "陈老师") == [("陈静", "self", 1), ("赵可", "guardian", 2)]
    play.say("黄老师", "解绑")
    play.say("黄老师", "确认解绑")
    assert "已经绑定了一位教职工" in play.say("陈老师", f"绑定 {live_code(play, '黄老师')}")


def test_the_head_teacher_hears_of_further_guardians_once_a_day_and_merged(play_on_both: Play) -> None:
    play = play_on_both
    agree(play, "外公", "CODE0001")
    agree(play, "新人", "CODE0003")
    told = play.owed("陈老师")
    assert len(told) == 1
    assert "林林、李小明" in told[0]
    assert "撤销绑定" in told[0]
    with play.database.write() as connection:
        connection.execute(update(Outbox).values(state="sent"))
    agree(play, "外婆", "CODE0001")
    agree(play, "路人", "CODE0002")
    told = play.owed("陈老师")
    assert len(told) == 2
    assert "林林、王乐乐" in told[1]
    with play.database.read() as connection:
        later = connection.execute(select(Outbox.moment).order_by(Outbox.id.desc()).limit(1)).scalar_one()
    assert later.astimezone(play.district.zone).date() == MONDAY + timedelta(days=1)


def test_the_first_guardian_of_a_child_is_not_reported(play: Play) -> None:
    play.say("奶奶", "解绑")
    play.say("奶奶", "确认解绑")
    assert "王乐乐" in agree(play, "新人", "CODE0002")
    assert play.owed("陈老师") == []


def test_the_head_teacher_revokes_a_guardian_who_hears_of_it(play_on_both: Play) -> None:
    play = play_on_both
    agree(play, "新人", "CODE0001")
    listed = play.say("陈老师", "撤销绑定 林林")
    assert "第1位，2月20日绑定" in listed
    assert "第3位，3月2日绑定" in listed
    assert "第3位" in play.say("陈老师", "第3位")
    assert bound(play, "新人") == []
    assert "撤销了您与林林的绑定" in play.owed("新人")[0]
    assert "还没有绑定" in play.say("新人", "36.5")


@pytest.mark.parametrize(
    ("who", "line", "answer"),
    [
        ("陈老师", "撤销绑定", "请写明学生姓名"),
        ("陈老师", "撤销绑定 赵可", "没有叫“赵可”的学生"),
        ("黄老师", "撤销绑定 林林", "没有叫“林林”的学生"),
        ("妈妈", "撤销绑定 林林", "没有这项权限"),
        ("报告人", "撤销绑定 林林", "没有这项权限"),
        ("新人", "撤销绑定 林林", "没有这项权限"),
    ],
)
def test_revoking_is_for_the_head_teacher_of_the_class(play: Play, who: str, line: str, answer: str) -> None:
    assert answer in play.say(who, line)
    assert len(bound(play, "妈妈")) == 2


def test_revoking_can_be_called_off(play: Play) -> None:
    play.say("陈老师", "撤销绑定 林林")
    assert "没有撤销" in play.say("陈老师", "取消")
    assert len(bound(play, "爸爸")) == 1


def test_binding_leaves_a_trail_without_names(play: Play) -> None:
    agree(play, "新人", "CODE0006")
    with play.database.read() as connection:
        rows: list[Any] = list(connection.execute(select(Audit)))
    assert [row.action for row in rows] == ["bind"]
    assert "周舟" not in repr(rows)


def test_the_same_consent_pushed_again_binds_once(play: Play) -> None:
    play.say("新人", "绑定 CODE0006")
    message = play.incoming("新人", "同意")
    first = play.turn(message)
    assert play.turn(message) == first
    with play.database.read() as connection:
        count = connection.execute(
            select(func.count()).select_from(Binding).where(Binding.person_id == play.cast.people["周舟"])
        ).scalar_one()
    assert count == 2


def test_somebody_who_has_left_cannot_be_bound(play: Play) -> None:
    with play.database.write() as connection:
        connection.execute(update(Person).where(Person.id == play.cast.people["周舟"]).values(left_on=date(2026, 3, 1)))
    assert "绑定码不对" in play.say("新人", "绑定 CODE0006")
