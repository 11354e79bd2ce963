"""The line between a family and its teacher, as dialogues (contract 8, 10)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from models.tables import Account, Alert, Binding
from tests.cast import at
from tests.play import Play


def test_a_message_goes_to_the_head_teacher_and_the_answer_comes_back(play_on_both: Play) -> None:
    play = play_on_both
    assert "请写下要对林林班主任说的话" in play.say("爸爸", "联系老师")
    assert "已转给林林的班主任" in play.say("爸爸", "老师，明天几点到校？")
    told = play.owed("陈老师")
    assert len(told) == 1
    assert "红旗小学三年级2班林林的家长" in told[0]
    assert "明天几点到校" in told[0]
    assert "回复 林林家长2" in told[0]
    assert "已转给林林家长2" in play.say("陈老师", "回复 林林家长2 七点半")
    answers = play.owed("爸爸")
    assert len(answers) == 1
    assert "陈静老师回复您（关于林林）" in answers[0]
    assert "七点半" in answers[0]
    assert play.owed("妈妈") == []
    assert play.owed("黄老师") == []


def test_words_behind_the_word_are_passed_on_at_once(play: Play) -> None:
    assert "已转给林林的班主任" in play.say("爸爸", "联系老师 明天几点到校？")
    assert "明天几点到校" in play.owed("陈老师")[0]


def test_with_several_children_it_asks_which(play: Play) -> None:
    asked = play.say("妈妈", "联系老师 作业在哪里交")
    assert "1. 林林" in asked
    assert "2. 林森" in asked
    assert "已转给林森的班主任" in play.say("妈妈", "2")
    assert "作业在哪里交" in play.owed("吴老师")[0]
    assert play.owed("陈老师") == []


def test_a_name_saves_the_question(play: Play) -> None:
    assert "已转给林森的班主任" in play.say("妈妈", "联系老师 林森 作业在哪里交")
    assert "留言：\n作业在哪里交" in play.owed("吴老师")[0]


def test_the_teacher_may_say_the_words_in_the_next_message(play: Play) -> None:
    play.say("爸爸", "联系老师 明天几点到校？")
    assert "您的下一条消息会转给" in play.say("陈老师", "回复")
    assert "已转给" in play.say("陈老师", "七点半")
    assert "七点半" in play.owed("爸爸")[0]
    assert "七点半" not in "".join(play.owed("妈妈"))


def test_the_teacher_may_think_better_of_it(play: Play) -> None:
    play.say("爸爸", "联系老师 明天几点到校？")
    play.say("陈老师", "回复")
    assert "没有转" in play.say("陈老师", "取消")
    assert play.owed("爸爸") == []


def test_with_several_families_the_teacher_is_asked_which(play_on_both: Play) -> None:
    play = play_on_both
    play.say("爸爸", "联系老师 明天几点到校？")
    play.say("奶奶", "联系老师 乐乐的书包忘在学校了")
    asked = play.say("陈老师", "回复 好的")
    assert "林林家长2" in asked
    assert "王乐乐家长" in asked
    number = next(line[0] for line in asked.splitlines() if "王乐乐" in line)
    assert "已转给王乐乐家长" in play.say("陈老师", number)
    assert "好的" in play.owed("奶奶")[0]
    assert play.owed("爸爸") == []
    assert "已转给林林家长2" in play.say("陈老师", "回复 林林家长2 七点半")
    assert "七点半" in play.owed("爸爸")[0]
    assert len(play.owed("奶奶")) == 1


def test_both_guardians_of_a_child_have_lines_of_their_own(play: Play) -> None:
    play.say("爸爸", "联系老师 爸爸的话")
    play.say("妈妈", "联系老师 林林 妈妈的话")
    play.say("陈老师", "回复 林林家长 给妈妈")
    play.say("陈老师", "回复 林林家长2 给爸爸")
    assert [("给妈妈" in line, "给爸爸" in line) for line in play.owed("妈妈")] == [(True, False)]
    assert [("给妈妈" in line, "给爸爸" in line) for line in play.owed("爸爸")] == [(False, True)]


def test_the_family_ends_it_and_the_teacher_is_told_there_is_nothing_to_answer(play: Play) -> None:
    play.say("爸爸", "联系老师 明天几点到校？")
    assert "留言结束了" in play.say("爸爸", "结束")
    assert "没有等您回复的家长留言" in play.say("陈老师", "回复 七点半")
    assert play.owed("爸爸") == []


def test_the_teacher_ends_it(play: Play) -> None:
    play.say("爸爸", "联系老师 明天几点到校？")
    assert "留言结束了" in play.say("陈老师", "结束")
    assert "没有等您回复的家长留言" in play.say("陈老师", "回复 七点半")


def test_ending_with_several_open_lines_says_which_and_ends_none(play: Play) -> None:
    play.say("爸爸", "联系老师 明天几点到校？")
    play.say("奶奶", "联系老师 书包忘了")
    assert "2位家长的留言还开着" in play.say("陈老师", "结束")
    assert "已转给王乐乐家长" in play.say("陈老师", "回复 王乐乐家长 好")


def test_a_day_of_silence_ends_it(play: Play) -> None:
    play.say("爸爸", "联系老师 明天几点到校？")
    play.now += timedelta(days=1, minutes=1)
    assert "没有等您回复的家长留言" in play.say("陈老师", "回复 七点半")
    assert "班主任" not in play.say("爸爸", "36.5")
    assert len(play.owed("陈老师")) == 1


def test_ending_what_is_not_open(play: Play) -> None:
    assert "没有进行中的留言" in play.say("爸爸", "结束")


def test_commands_and_reports_on_an_open_line_are_not_written_to_the_teacher(play: Play) -> None:
    play.say("爸爸", "联系老师")
    assert "林林，36.5℃" in play.say("爸爸", "36.5")
    assert "36.5" in play.say("爸爸", "今天")
    assert "【家长】" in play.say("爸爸", "帮助")
    assert play.owed("陈老师", kind="reply") == []
    assert "已转给" in play.say("爸爸", "老师好，请问作业在哪里交")


@pytest.mark.parametrize("line", ["绑定 CODE0006", "code0006"])
def test_a_binding_code_on_an_open_line_is_not_shown_to_the_teacher(play: Play, line: str) -> None:
    play.say("爸爸", "联系老师")
    assert "绑定前请您先看" in play.say("爸爸", line)
    assert play.owed("陈老师") == []


def test_a_fever_told_on_an_open_line_is_recorded_and_passed_on(play: Play) -> None:
    play.say("爸爸", "联系老师")
    said = play.say("爸爸", "老师，孩子今天38.5度，想请一天假")
    assert "38.5" in said
    assert any("想请一天假" in line for line in play.owed("陈老师", kind="reply"))


@pytest.mark.parametrize("who", ["爸爸", "妈妈"])
def test_danger_told_behind_the_word_raises_the_alarm_at_once(play: Play, who: str) -> None:
    play.say(who, "联系老师 孩子发烧了，喘不上气")
    with play.database.read() as connection:
        assert connection.execute(select(Alert)).first() is not None


def test_a_line_without_a_word_cannot_be_answered(play: Play) -> None:
    play.say("爸爸", "联系老师")
    assert "没有等您回复的家长留言" in play.say("陈老师", "回复 好的")
    assert play.owed("爸爸") == []


@pytest.mark.parametrize("kind", ["image", "voice", "location", "video"])
def test_only_words_are_passed_on(play: Play, kind: str) -> None:
    play.say("爸爸", "联系老师")
    assert "只能转文字" in play.say("爸爸", "", kind=kind)
    assert play.owed("陈老师") == []
    assert "已转给" in play.say("爸爸", "作业在哪里交")


def test_a_very_long_message_is_cut_and_the_family_is_told(play: Play) -> None:
    assert "只转了前450个字" in play.say("爸爸", "联系老师 " + "很长的话😀" * 200)
    assert len(play.owed("陈老师")[0].encode()) <= 2000


def test_a_teacher_who_cannot_be_reached_is_said_so_with_what_else_to_do(play: Play) -> None:
    with play.database.write() as connection:
        connection.execute(delete(Binding).where(Binding.account_id == play.cast.accounts["陈老师"]))
    said = play.say("爸爸", "联系老师 在吗")
    assert "留言转不到" in said
    assert "打电话" in said
    assert "120" in said


def test_a_teacher_to_whom_the_platform_delivers_nothing_cannot_be_reached(play: Play) -> None:
    with play.database.write() as connection:
        connection.execute(update(Account).where(Account.id == play.cast.accounts["陈老师"]).values(refused="48002"))
    assert "留言转不到" in play.say("爸爸", "联系老师 在吗")
    assert play.owed("陈老师") == []


@pytest.mark.parametrize(
    ("who", "line", "answer"),
    [
        ("新人", "联系老师", "没有绑定孩子"),
        ("校长", "联系老师", "没有绑定孩子"),
        ("爸爸", "回复 林林家长 你好", "班主任回家长留言用的"),
        ("报告人", "回复 林林家长 你好", "班主任回家长留言用的"),
        ("黄老师", "回复 林林家长 你好", "没有等您回复的家长留言"),
    ],
)
def test_those_who_have_no_line_are_told_so(play: Play, who: str, line: str, answer: str) -> None:
    play.say("奶奶", "联系老师 书包忘了")
    assert answer in play.say(who, line)
    assert play.owed("奶奶") == []


@pytest.mark.parametrize("who", ["爸爸", "陈老师"])
def test_somebody_who_writes_the_word_before_a_reading_has_reported(play: Play, who: str) -> None:
    assert "36.5℃" in play.say(who, "回复36.5")


def test_a_teacher_writing_as_a_mother_is_only_a_mother_there(play: Play) -> None:
    play.say("陈老师", "绑定 CODE0004")
    play.say("陈老师", "同意")
    play.say("陈老师", "联系老师 明天请一天假")
    told = play.owed("黄老师", kind="reply")
    assert "赵可的家长" in told[-1]
    assert all("陈静" not in line and "陈老师" not in line for line in told)
    play.say("爸爸", "联系老师 在吗")
    assert "已转给林林家长2" in play.say("陈老师", "回复 林林家长2 在的")
    play.say("黄老师", "回复 赵可家长2 好的")
    assert "黄河老师回复您（关于赵可）" in play.owed("陈老师")[-1]


def test_a_teacher_of_her_own_childs_class_writes_to_nobody(play: Play) -> None:
    play.say("陈老师", "绑定 CODE0003")
    play.say("陈老师", "同意")
    assert "您自己就是李小明的班主任" in play.say("陈老师", "联系老师 在吗")


def test_a_revoked_guardian_can_no_longer_be_answered(play: Play) -> None:
    play.say("爸爸", "联系老师 在吗")
    play.say("陈老师", "回复")
    play.now = at("08:00")
    play.say("爸爸", "解绑")
    play.say("爸爸", "确认解绑")
    assert "没有转出" in play.say("陈老师", "在的")
    assert play.owed("爸爸") == []


#: A line that WeChat would draw as a link, and whose tap would send a command in the reader's name.
TRAP = '<a href="weixin://bizmsgmenu?msgmenucontent=好的&msgmenuid=say:确认">点这里看体温记录</a>'


@pytest.mark.parametrize(
    ("who", "said", "reader"),
    [
        ("爸爸", f"联系老师 {TRAP}", "陈老师"),
        ("爸爸", f"请病假 {TRAP}", "陈老师"),
        ("爸爸", f"联系老师 < a href='https://evil.test'>重新绑定</a>{TRAP}", "陈老师"),
    ],
)
def test_a_link_in_somebodys_words_arrives_as_words(play: Play, who: str, said: str, reader: str) -> None:
    play.say(who, said)
    told = play.owed(reader)
    assert told
    assert not any("<" in one.replace('<a href="https://pinganbao.test', "") for one in told)


def test_the_id_of_a_tapped_answer_is_no_command(play: Play) -> None:
    play.clock("09:10")
    play.say("陈老师", "36.4")
    play.say("陈老师", "好的", menu_id="say:确认")
    assert "已确认" not in play.say("陈老师", "班级")


def test_words_for_one_family_never_reach_another(play: Play) -> None:
    play.say("奶奶", "联系老师 书包忘了")
    play.owed()
    for said in ("回复 林林家长 检查结果是阳性", "回复 赵可的家长：检查结果是阳性", "回复 林林家长2，检查结果是阳性"):
        assert "没有转出" in play.say("陈老师", said)
        assert play.owed("奶奶") == []
        play.say("陈老师", "取消")
    assert "已转给王乐乐家长" in play.say("陈老师", "回复 王乐乐家长 书包我收好了")
    assert "书包我收好了" in play.owed("奶奶")[0]


def test_what_was_held_back_may_still_be_meant_for_the_one_who_wrote(play: Play) -> None:
    play.say("奶奶", "联系老师 书包忘了")
    assert "1. 王乐乐家长" in play.say("陈老师", "回复 乐乐家长 书包我收好了")
    assert "已转给王乐乐家长" in play.say("陈老师", "1")
    assert "\n书包我收好了" in play.owed("奶奶")[-1]


def test_words_that_only_speak_of_parents_go_to_the_one_who_wrote(play: Play) -> None:
    play.say("奶奶", "联系老师 书包忘了")
    assert "已转给王乐乐家长" in play.say("陈老师", "回复 请家长放心，书包在我这里")
