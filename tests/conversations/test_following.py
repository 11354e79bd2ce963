"""Following, unfollowing, and events that are not answered (contract 8, 10; wechat-platform 1.4, 15)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bots.engine.incoming import Incoming
from models.tables import Account, Audit, Binding, CheckIn, Inbox, Outbox, PersonDay, TeacherThread
from tests.cast import at, openid
from tests.conversations.test_binding import bound, live_code
from tests.play import Play


def rows(play: Play, table: Any, *where: Any) -> list[Any]:
    with play.database.read() as connection:
        return list(connection.execute(select(table).where(*where)))


def test_a_new_follower_is_welcomed_and_told_how_to_bind(play_on_both: Play) -> None:
    said = play_on_both.event("路人", "subscribe")
    assert "欢迎" in said
    assert "春江区教育局" in said
    assert "绑定" in said
    assert "帮助" in said
    assert rows(play_on_both, Account, Account.openid == openid("路人"))[0].followed_at == at("07:31")


def test_scanning_some_other_code_says_so_and_keeps_the_open_question(play: Play) -> None:
    play.say("新人", "绑定 CODE0006")
    assert "不是平安报的绑定码" in play.event("新人", "SCAN", "poster_7")
    assert "周舟" in play.say("新人", "同意")


def test_unfollowing_deletes_what_came_from_the_platform_and_keeps_the_childs_record(play_on_both: Play) -> None:
    play = play_on_both
    play.say("爸爸", "36.5")
    play.say("爸爸", "联系老师")
    play.say("爸爸", "作业在哪里交")
    account = play.cast.accounts["爸爸"]
    with play.database.write() as connection:
        waiting = connection.execute(select(Outbox)).first()
        assert waiting is not None
        connection.execute(
            insert(Outbox).values(
                key="checkin-prompt:1",
                kind="checkin-prompt",
                lane=2,
                account_id=account,
                body=play.vault.seal_json("outbox.body", {"text": "请报林林的体温"}),
                fields={},
                moment=play.now,
                due_at=play.now,
                expires_at=play.now + timedelta(hours=1),
                state="queued",
                attempts=0,
                created_at=play.now,
            )
        )
    assert play.event("爸爸", "unsubscribe") == ""
    assert rows(play, Account, Account.openid == openid("爸爸")) == []
    assert rows(play, Binding, Binding.account_id == account) == []
    assert rows(play, TeacherThread) == []
    assert [row for row in rows(play, Outbox) if row.body is not None] == []
    assert rows(play, Outbox, Outbox.account_id == account) == []
    assert rows(play, Inbox, Inbox.account_id == account) == []
    assert all(row.body is None for row in rows(play, Inbox))
    revisions = rows(play, CheckIn, CheckIn.person_id == play.cast.people["林林"])
    assert [(row.reporter, row.reporter_account_id, row.raw) for row in revisions] == [("guardian", None, None)]
    assert len(rows(play, PersonDay)) == 1
    trail = rows(play, Audit)
    assert [row.action for row in trail] == ["forget_account"]
    assert "林林" not in repr(trail)
    assert openid("爸爸") not in repr(trail)


def test_a_message_already_passed_on_loses_its_words_when_the_writer_unfollows(play: Play) -> None:
    play.say("爸爸", "联系老师 作业在哪里交")
    with play.database.write() as connection:
        connection.execute(update(Outbox).values(state="sent"))
    play.event("爸爸", "unsubscribe")
    assert [(row.state, row.body) for row in rows(play, Outbox)] == [("sent", None)]


def test_following_again_starts_clean(play_on_both: Play) -> None:
    play = play_on_both
    for number in range(10):
        play.say("爸爸", f"绑定 WRONG{number:03d}")
    play.say("爸爸", "联系老师")
    play.event("爸爸", "unsubscribe")
    assert "欢迎使用" in play.event("爸爸", "subscribe")
    assert "还没有绑定" in play.say("爸爸", "作业在哪里交")
    play.say("爸爸", "绑定 CODE0001")
    assert "林林" in play.say("爸爸", "同意")
    assert bound(play, "爸爸") == [("林林", "guardian", 2)]


def test_unfollowing_and_back_within_one_batch_starts_clean(play_on_both: Play) -> None:
    play = play_on_both
    said = play.turn(
        play.incoming("爸爸", kind="event", event="unsubscribe"),
        play.incoming("爸爸", kind="event", event="subscribe", event_key="qrscene_bind_CODE0001"),
        play.incoming("爸爸", "同意"),
    )
    assert said[0] == ""
    assert "绑定前请您先看" in said[1]
    assert "林林" in said[2]
    assert bound(play, "爸爸") == [("林林", "guardian", 2)]


def test_a_member_of_staff_who_unfollows_needs_a_fresh_code(play: Play) -> None:
    play.event("陈老师", "unsubscribe")
    assert "绑定码不对" in play.say("陈老师", "绑定 CODE0007")
    play.say("陈老师", f"绑定 {live_code(play, '陈老师')}")
    assert "班主任" in play.say("陈老师", "同意")


def test_closing_the_wechat_account_is_an_unfollowing(play: Play) -> None:
    message = play.incoming("平台", kind="event", event="user_authorization_cancellation", user_openid=openid("爸爸"))
    assert play.turn(message) == [""]
    assert rows(play, Account, Account.openid == openid("爸爸")) == []
    assert len(bound(play, "妈妈")) == 2


def test_withdrawing_a_permission_is_acknowledged_and_changes_nothing(play: Play) -> None:
    message = play.incoming("平台", kind="event", event="user_authorization_revoke", user_openid=openid("爸爸"))
    assert play.turn(message) == [""]
    assert bound(play, "爸爸") == [("林林", "guardian", 2)]


@pytest.mark.parametrize(
    "event",
    [
        "VIEW",
        "LOCATION",
        "view_miniprogram",
        "MASSSENDJOBFINISH",
        "PUBLISHJOBFINISH",
        "subscribe_msg_popup_event",
        "subscribe_msg_change_event",
        "subscribe_msg_sent_event",
        "user_info_modified",
        "location_select",
        "something_new",
    ],
)
def test_events_that_may_not_be_answered_stay_silent_and_close_no_question(play: Play, event: str) -> None:
    play.say("新人", "绑定 CODE0006")
    assert play.event("新人", event, "https://example.test/") == ""
    assert "周舟" in play.say("新人", "同意")


def template_push(play: Play, msgid: str) -> None:
    with play.database.write() as connection:
        connection.execute(
            insert(Outbox).values(
                key=f"checkin-prompt:{msgid}",
                kind="checkin-prompt",
                lane=2,
                account_id=play.cast.accounts["爸爸"],
                fields={},
                moment=play.now,
                due_at=play.now,
                expires_at=play.now,
                state="sent",
                attempts=1,
                msgid=msgid,
                created_at=play.now,
            )
        )


def finished(play: Play, who: str, msgid: str, status: str) -> Incoming:
    return play.incoming(who, kind="event", event="TEMPLATESENDJOBFINISH", job_msg_id=msgid, status=status)


@pytest.mark.parametrize(
    ("status", "state", "error"),
    [
        ("success", "sent", ""),
        ("failed:user block", "queued", "模板消息：对方拒收"),
        ("failed: user block", "queued", "模板消息：对方拒收"),
        ("failed: system failed", "queued", "模板消息：平台发送失败"),
        ("Failed:freq limit", "queued", "模板消息：发送过于频繁"),
        ("failed:whatever", "queued", "模板消息：未送达"),
    ],
)
def test_the_platforms_verdict_on_a_template_message_is_kept(
    play_on_both: Play, status: str, state: str, error: str
) -> None:
    play = play_on_both
    template_push(play, "2147")
    template_push(play, "2148")
    assert play.turn(finished(play, "爸爸", "2147", status)) == [""]
    found = {row.msgid: (row.state, row.error) for row in rows(play, Outbox)}
    assert found == {"2147": (state, error), "2148": ("sent", "")}


def test_a_verdict_about_somebody_who_has_unfollowed_does_not_bring_them_back(play: Play) -> None:
    template_push(play, "2147")
    play.event("爸爸", "unsubscribe")
    assert play.turn(finished(play, "爸爸", "2147", "failed:user block")) == [""]
    assert rows(play, Account, Account.openid == openid("爸爸")) == []
