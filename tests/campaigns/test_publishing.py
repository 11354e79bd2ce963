"""Publishing in the chat, who has not, reminders and the end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select, update

from bots.engine.replies import link_of
from models.rules.campaign import State
from models.tables import Binding, Campaign, Outbox, Post
from tests.campaigns.stage import deliver, publish, push, remind, rows, states
from tests.cast import MONDAY, SCHOOL_YEAR
from tests.play import Play

TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)


def campaigns_of(play: Play) -> list[tuple[str, str, str]]:
    with play.database.read() as connection:
        found = connection.execute(select(Campaign.kind, Campaign.title, Campaign.state).order_by(Campaign.id))
        return [(row.kind, row.title, row.state) for row in found]


def card(play: Play, who: str) -> dict[str, str]:
    """The newest card owed to somebody."""
    with play.database.read() as connection:
        rows = connection.execute(
            select(Outbox.body).where(Outbox.account_id == play.cast.accounts[who]).order_by(Outbox.id.desc())
        ).scalars()
        bodies = [play.vault.open_json("outbox.body", body) for body in rows]
    return next(body["card"] for body in bodies if "card" in body)


def test_a_principal_publishes_a_notice_in_a_few_steps(play: Play) -> None:
    for line, expected in (
        ("发布", "1. 通知"),
        ("1", "标题"),
        ("返校安排", "正文"),
        ("三年级3月9日返校，请带好口罩。", "发给谁"),
        ("1", "什么回执"),
        ("2", "请核对"),
        ("确认发布", "已发布《返校安排》"),
    ):
        assert expected in play.say("校长", line)
    assert campaigns_of(play) == [("notice", "返校安排", "open")]
    assert push(play) == 5  # the school's families, not the other school's
    assert card(play, "奶奶")["title"] == "通知：返校安排"
    assert ("周舟", "guardian") not in rows(play, 1)


def test_what_goes_to_the_whole_district_needs_a_second_person(play: Play) -> None:
    for line in ("发布", "3", "学习建议", "每天读书半小时。", "3", "确认发布"):
        said = play.say("局领导", line)
    assert "等另一位负责人" in said
    assert push(play) == 0
    assert "自己不能批准" in play.say("局领导", "批准发布 1")
    assert "没有这个职务" in play.say("奶奶", "批准发布 1")
    assert any("批准发布 1" in text for text in play.owed("区报告人"))
    assert "已批准" in play.say("区报告人", "批准发布 1")
    assert push(play, "12:10") > 10


def test_a_video_sent_by_a_publisher_becomes_the_draft_and_a_familys_does_not(play: Play) -> None:
    assert "草稿" in play.say("校长", "", kind="video", media_id="m-1")
    for line in ("防疫小课堂", "洗手和戴口罩。", "1", "确认发布"):
        said = play.say("校长", line)
    assert "取回检查后" in said
    assert campaigns_of(play) == [("video", "防疫小课堂", "draft")]  # until it has been fetched
    assert "视频我看不了" in play.say("奶奶", "", kind="video", media_id="m-2")


def test_publishing_can_be_left_and_is_not_for_everybody(play: Play) -> None:
    assert "没有这个职务" in play.say("奶奶", "发布")
    assert "没有这个职务" in play.say("陈老师", "发布")
    play.say("校长", "发布")
    assert "没有发布" in play.say("校长", "取消")
    assert campaigns_of(play) == []


def test_a_school_withdraws_its_own_and_nothing_else(play: Play) -> None:
    publish(play, unit_id=play.cast.units["红旗小学"])
    publish(play, title="区通知")
    push(play)
    assert "没有找到" in play.say("校长", "撤回发布 2 弄错了")
    assert "已撤回" in play.say("校长", "撤回发布 1 弄错了")
    with play.database.read() as connection:
        dropped = connection.execute(select(Outbox.key).where(Outbox.state == "dropped")).scalars().all()
    assert len(dropped) == 6
    assert all(key.startswith("campaign-push:1:") for key in dropped)


def test_the_head_teacher_alone_sees_names_and_others_see_numbers(play: Play) -> None:
    publish(play)
    push(play)
    deliver(play)
    play.clock("12:30")
    play.say("奶奶", "已读")
    teacher = play.say("陈老师", "谁没看")
    assert "应完成3，已完成1；送达未打开2" in teacher
    assert "送达未打开：林林、李小明" in teacher
    assert "王乐乐" not in teacher
    assert "赵可" not in teacher  # another class
    principal = play.say("校长", "谁没看")
    assert "应完成5，已完成1" in principal
    assert "三年级2班 1/3（33%）" in principal
    bureau = play.say("区报告人", "谁没看")
    assert "红旗小学 1/5（20%）" in bureau
    for name in ("林林", "李小明", "周舟"):
        assert name not in principal
        assert name not in bureau
    assert "没有这个职务" in play.say("爸爸", "谁没看")


def test_only_those_who_have_not_are_reminded_and_twice_at_most(play: Play) -> None:
    publish(play)
    push(play)
    deliver(play)
    play.clock("13:00")
    play.say("妈妈", "已读")
    play.now = play.now.replace(hour=13)
    assert remind(play, "12:00", MONDAY) == 0
    assert remind(play, "12:00", TUESDAY) == 4  # neither the mother nor the father of the child she answered for
    assert remind(play, "13:00", TUESDAY) == 0
    assert remind(play, "08:00", WEDNESDAY) == 4
    assert remind(play, "09:00", WEDNESDAY) == 0
    assert not play.owed("妈妈", "campaign-reminder")
    assert len(play.owed("奶奶", "campaign-reminder")) == 2
    assert "<a href=" in play.owed("奶奶", "campaign-reminder")[0]
    with play.database.read() as connection:  # as a template it leads to the page too
        sealed = connection.execute(select(Outbox.body).where(Outbox.kind == "campaign-reminder")).scalars().first()
    assert sealed is not None
    assert "/h5/c/1." in link_of(play.vault.open_json("outbox.body", sealed), "https://p.test")


def test_at_the_end_teachers_hear_numbers_and_the_sender_gets_a_picture(play: Play) -> None:
    number = publish(play, author_id=play.cast.people["校长"], unit_id=play.cast.units["红旗小学"])
    push(play)
    deliver(play)
    play.clock("13:00")
    play.say("奶奶", "已读")
    remind(play, "12:00", WEDNESDAY)
    told = play.owed("陈老师", "campaign-reminder")
    assert len(told) == 1
    assert "三年级2班《开学须知》应完成3，已完成1" in told[0]
    for name in ("林林", "李小明"):
        assert name not in told[0]
    assert "完成1/6" in card(play, "校长")["description"]
    assert card(play, "校长")["picture_url"].endswith("/chart.png")
    assert campaigns_of(play) == [("notice", "开学须知", "closed")]
    play.clock("14:00", WEDNESDAY)
    assert "已登记" in play.say("爸爸", "已读")  # late, and still taken
    assert states(play, number)["林林", "guardian"] is State.DONE


def test_study_guidance_is_never_reminded_of(play: Play) -> None:
    publish(play, "study", "学习建议")
    push(play)
    deliver(play)
    assert [remind(play, "12:00", day) for day in (TUESDAY, WEDNESDAY)] == [0, 0]


def test_a_weekly_one_has_an_edition_a_week_with_receipts_of_its_own(play: Play) -> None:
    from tests.cast import at

    publish(
        play,
        at=at("12:00"),
        deadline=at("12:00", TUESDAY),
        repeats="weekly",
        repeats_until=at("12:00", date(2026, 3, 10)),
    )
    assert push(play) == 6
    play.clock("13:00")
    play.say("奶奶", "已读")
    assert push(play, "12:00", TUESDAY) == 0
    assert push(play, "12:00", date(2026, 3, 9)) == 6
    assert len(campaigns_of(play)) == 2
    assert states(play, 2)["王乐乐", "guardian"] is not State.DONE
    assert push(play, "12:00", date(2026, 3, 16)) == 0


@pytest.mark.parametrize("answered", [False, True])
def test_a_push_or_reminder_is_dropped_when_the_receipt_came_first(play: Play, answered: bool) -> None:
    from models.queries.still_owed import no_longer_owed  # noqa: F401 - the door delivery uses

    number = publish(play)
    push(play)
    if answered:
        play.clock("12:01")
        play.say("奶奶", "已读")
    from models.queries.receipts import answered_accounts

    pair = (number, play.cast.accounts["奶奶"])
    with play.database.read() as connection:
        assert answered_accounts(connection, [pair]) == ({pair} if answered else set())


def test_the_publicity_group_of_the_bureau_may_publish(play: Play) -> None:
    with play.database.write() as connection:
        connection.execute(
            insert(Post).values(
                person_id=play.cast.people["应急组"],
                role="wg_coordination",
                title="协调联络宣传报道组",
                unit_id=play.cast.units["春江区教育局"],
                from_date=SCHOOL_YEAR,
            )
        )
    assert "要发布什么" in play.say("应急组", "发布")


def test_a_part_of_the_audience_is_written_behind_the_number(play: Play) -> None:
    for line in ("发布", "1", "三年级春游通知", "# 时间\n|日期|班级|\n|---|---|\n|3月9日|2班|\n- 带水"):
        asked = play.say("校长", line)
    assert "例如：1 三年级" in asked
    assert "没有找到“九年级”" in play.say("校长", "1 九年级")
    assert "没有找到“春江一小”" in play.say("校长", "1 三年级2班、春江一小")
    assert "什么回执" in play.say("校长", "1 三年级2班")
    shown = play.say("校长", "1")
    assert "三年级2班家长" in shown
    assert "时间\n日期　班级\n3月9日　2班\n· 带水" in shown  # no marks in a chat
    assert "已发布" in play.say("校长", "确认发布")
    assert push(play) == 4
    assert {name for name, _ in rows(play, 1)} == {"林林", "王乐乐", "李小明"}


def test_the_bureau_narrows_by_school_grade_and_kind_without_a_second_person(play: Play) -> None:
    for line in ("发布", "1", "区通知", "请阅读。", "1 小学", "1", "确认发布"):
        said = play.say("局领导", line)
    assert "已发布" in said
    assert push(play) == 5
    assert ("周舟", "guardian") not in rows(play, 1)


def test_the_districts_sender_hears_when_nobody_can_release_it(play: Play) -> None:
    with play.database.write() as connection:
        connection.execute(
            update(Binding)
            .where(Binding.account_id == play.cast.accounts["区报告人"])
            .values(ended_at=play.now, end_reason="left")
        )
    for line in ("发布", "3", "学习建议", "每天读书半小时。", "3", "确认发布"):
        said = play.say("局领导", line)
    assert "还没有别的负责人绑定" in said


def test_who_may_publish_reads_so_in_the_help(play: Play) -> None:
    for who in ("校长", "局领导"):
        assert "发布：发视频、通知" in play.say(who, "帮助")
    assert "通知：看视频和通知" in play.say("奶奶", "帮助")
    assert "谁没看" in play.say("陈老师", "帮助")


def test_a_publication_takes_the_place_of_another_in_the_chat(play: Play) -> None:
    publish(play, title="返校安排", unit_id=play.cast.units["红旗小学"])
    publish(play, title="区通知")
    push(play)
    assert "没有找到" in play.say("校长", "替换发布 2")  # the bureau's
    assert "《返校安排》自动撤回" in play.say("校长", "替换发布 1 日期有变")
    for line in ("1", "返校安排（修订）", "改为3月10日。", "1", "1", "确认发布"):
        said = play.say("校长", line)
    assert "已发布" in said
    assert [state for _, _, state in campaigns_of(play)] == ["replaced", "open", "open"]
    push(play, "12:10")
    play.clock("12:30")
    assert "以《返校安排（修订）》" in play.say("奶奶", "现在以哪个文件为准")
