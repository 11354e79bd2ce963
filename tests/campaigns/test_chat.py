"""Publications in the chat: what counts as a receipt, whose it is, and what does not count."""

from __future__ import annotations

from datetime import date

from models.rules.campaign import State
from tests.campaigns.stage import deliver, publish, push, rows, states
from tests.play import Play


def test_one_answer_of_a_mother_of_two_counts_for_both_children_and_for_nobody_else(play: Play) -> None:
    number = publish(play)
    assert push(play) == 6  # seven bound links, the mother's two in one message
    deliver(play)
    play.clock("12:30")
    assert "《开学须知》已登记" in play.say("妈妈", "已读")
    found = states(play, number)
    assert [name for (name, _), state in found.items() if state is State.DONE] == ["林林", "林森"]
    assert found["王乐乐", "guardian"] is State.DELIVERED
    assert rows(play, number)["林林", "guardian"].how == "declared"


def test_received_is_a_receipt_of_a_notice_and_never_of_a_video(play: Play) -> None:
    notice, video = publish(play), publish(play, "video", "防疫小课堂", link="https://v.example.cn/1")
    push(play)
    deliver(play)
    play.clock("12:30")
    assert "哪一条" in play.say("奶奶", "收到")
    assert "看完" in play.say("奶奶", "1")  # the newest stands first: the video
    assert states(play, video)["王乐乐", "guardian"] is State.DELIVERED
    assert "已登记" in play.say("奶奶", "已看")
    assert states(play, video)["王乐乐", "guardian"] is State.DONE
    assert "《开学须知》已登记" in play.say("奶奶", "收到")
    assert states(play, notice)["王乐乐", "guardian"] is State.DONE


def test_the_childs_own_row_is_covered_by_the_household_and_says_so(play: Play) -> None:
    number = publish(play, "video", "防疫小课堂", link="https://v.example.cn/1", roles=["guardian", "student", "staff"])
    push(play)
    play.clock("12:30")
    play.say("爸爸", "看完了")
    found = rows(play, number)
    assert found["林林", "guardian"].how == "declared"
    assert found["林林", "student"].how == "household"
    assert found["林森", "guardian"].how == ""  # the father is bound to one child only


def test_a_teacher_who_confirms_a_report_does_not_confirm_a_notice(play: Play) -> None:
    number = publish(play, strength="confirm", roles=["staff"])
    push(play)
    play.clock("12:30")
    play.say("陈老师", "确认")
    assert states(play, number)["陈静", "staff"] is not State.DONE
    assert "《开学须知》" in play.say("陈老师", "通知")
    assert "确认" in play.say("陈老师", "1")
    assert "已登记" in play.say("陈老师", "确认")
    assert states(play, number)["陈静", "staff"] is State.DONE


def test_a_guardians_confirm_counts_where_a_notice_waits_for_it(play: Play) -> None:
    number = publish(play, strength="confirm")
    push(play)
    play.clock("12:30")
    assert "请您看完后回复“确认”" in play.say("奶奶", "收到")
    assert "已登记" in play.say("奶奶", "确认")
    assert states(play, number)["王乐乐", "guardian"] is State.DONE
    assert "没有这个职务" in play.say("奶奶", "确认")  # nothing waits any more: the old answer


def test_a_family_without_data_reads_the_words_in_parts_and_gets_the_same_credit(play: Play) -> None:
    long = "第一段。" * 200 + "最后一句。"
    number = publish(play, "video", "防疫小课堂", text=long, link="https://v.example.cn/1")
    push(play)
    play.clock("12:30")
    first = play.say("奶奶", "文字")
    assert "继续" in first
    assert len(first.encode()) < 2047
    assert "最后一句。" in play.say("奶奶", "继续")
    assert "已登记" in play.say("奶奶", "已看")
    assert states(play, number)["王乐乐", "guardian"] is State.DONE


def test_an_answer_is_kept_and_may_be_changed(play: Play) -> None:
    number = publish(play, strength="answer", question="是否同意参加？", choices=["同意", "不同意"])
    push(play)
    play.clock("12:30")
    play.say("妈妈", "通知")
    assert "是否同意参加？" in play.say("妈妈", "1")
    assert "您的回答是“同意”" in play.say("妈妈", "同意")
    assert rows(play, number)["林林", "guardian"].how == "answered"
    play.say("妈妈", "通知")
    play.say("妈妈", "1")
    assert "您的回答是“不同意”" in play.say("妈妈", "不同意")


def test_a_temperature_is_never_taken_for_an_answer(play: Play) -> None:
    publish(play)
    push(play)
    play.clock("08:00")
    play.say("奶奶", "通知")
    assert "36.5" in play.say("奶奶", "36.5")


def test_a_question_is_answered_as_far_as_we_know_and_passed_on_privately(play: Play) -> None:
    publish(play)
    push(play)
    play.clock("12:30")
    said = play.say("奶奶", "这个要签字吗")
    assert "不用签字" in said
    assert "王乐乐的班主任" in said
    assert any("这个要签字吗" in text for text in play.owed("陈老师", "reply"))
    assert not play.owed("黄老师", "reply")


def test_which_document_holds_can_be_answered(play: Play) -> None:
    old = publish(play, title="返校安排")
    push(play)
    publish(play, title="返校安排（修订）", replaces_id=old, reason="日期有变")
    push(play, "12:20")
    play.clock("12:30")
    said = play.say("奶奶", "现在以哪个文件为准？")
    assert "以《返校安排（修订）》" in said
    assert "代替《返校安排》" in said
    assert "《返校安排》：" not in play.say("奶奶", "通知")


def test_study_guidance_asks_for_nothing_and_can_be_stopped(play: Play) -> None:
    publish(play, "study", "本周学习建议")
    push(play)
    play.clock("12:30")
    assert "不要求打卡" in play.say("奶奶", "通知")
    assert "不再给您发学习指导" in play.say("奶奶", "退订学习")
    publish(play, "study", "下周学习建议")
    assert push(play, "12:40") == 5


def test_strangers_get_no_list(play: Play) -> None:
    publish(play)
    push(play)
    assert "绑定" in play.say("新人", "通知")


def test_a_notice_of_one_class_goes_to_that_class_only(play: Play) -> None:
    number = publish(play, unit_ids=[play.cast.units["红旗小学/三年级/2班"]])
    assert push(play) == 4
    assert {name for name, _ in rows(play, number)} == {"林林", "王乐乐", "李小明"}


def test_the_weekly_cap_holds_over_all_kinds(play: Play) -> None:
    for title in ("一", "二", "三", "四"):
        publish(play, title=title)
    assert push(play) == 18
    assert push(play, "12:10") == 0
    assert push(play, "12:10", date(2026, 3, 3)) == 0


def test_a_bare_word_after_something_new_came_is_asked_back(play: Play) -> None:
    video = publish(play, "video", "防疫小课堂", link="https://v.example.cn/1")
    push(play)
    play.clock("12:30")
    play.say("奶奶", "这个要签字吗")  # the talk stands at the video
    notice = publish(play)
    push(play, "12:40")
    play.clock("12:50")
    assert "哪一条" in play.say("奶奶", "收到")
    assert "《开学须知》已登记" in play.say("奶奶", "1")
    assert states(play, notice)["王乐乐", "guardian"] is State.DONE
    assert states(play, video)["王乐乐", "guardian"] is not State.DONE
