"""Unbinding, as dialogues (contract 8)."""

from __future__ import annotations

import pytest

from tests.conversations.test_binding import bound
from tests.play import Play


def test_one_child_is_unbound_after_the_two_words(play_on_both: Play) -> None:
    play = play_on_both
    asked = play.say("爸爸", "解绑")
    assert "林林" in asked
    assert "“确认解绑”" in asked
    assert len(bound(play, "爸爸")) == 1
    assert "已解绑林林" in play.say("爸爸", "确认解绑")
    assert bound(play, "爸爸") == []
    assert len(bound(play, "妈妈")) == 2
    assert "还没有绑定" in play.say("爸爸", "36.5")


@pytest.mark.parametrize("answer", ["好", "确认", "解", "算了", "不", "谢谢", "36.5"])
def test_anything_else_keeps_it(play: Play, answer: str) -> None:
    play.say("爸爸", "解绑")
    play.say("爸爸", answer)
    assert len(bound(play, "爸爸")) == 1


def test_with_several_it_asks_which(play: Play) -> None:
    asked = play.say("妈妈", "解绑")
    assert "1. 林林" in asked
    assert "2. 林森" in asked
    assert "不能再替林森上报" in play.say("妈妈", "2")
    said = play.say("妈妈", "确认解绑")
    assert "已解绑林森" in said
    assert "仍然绑定着林林" in said
    assert [name for name, _, _ in bound(play, "妈妈")] == ["林林"]


@pytest.mark.parametrize("line", ["解绑 林森", "解绑林森"])
def test_a_name_after_the_word_saves_the_question(play: Play, line: str) -> None:
    assert "不能再替林森上报" in play.say("妈妈", line)


def test_all_at_once(play: Play) -> None:
    play.say("妈妈", "解绑")
    assert "林林和林森" in play.say("妈妈", "全部")
    play.say("妈妈", "确认解绑")
    assert bound(play, "妈妈") == []


def test_it_can_be_called_off(play: Play) -> None:
    play.say("妈妈", "解绑")
    assert "没有解绑" in play.say("妈妈", "算了")
    assert "没有等您确认的解绑" in play.say("妈妈", "确认解绑")
    assert len(bound(play, "妈妈")) == 2


def test_nobody_bound_has_nothing_to_unbind(play: Play) -> None:
    assert "没有绑定任何人" in play.say("新人", "解绑")
    assert "没有等您确认的解绑" in play.say("新人", "确认解绑")


def test_a_teacher_who_is_a_parent_too_unbinds_the_child_and_keeps_the_post(play: Play) -> None:
    play.say("陈老师", "绑定 CODE0004")
    play.say("陈老师", "同意")
    asked = play.say("陈老师", "解绑")
    assert "您本人（陈静）" in asked
    play.say("陈老师", "赵可")
    play.say("陈老师", "确认解绑")
    assert bound(play, "陈老师") == [("陈静", "self", 1)]


def test_unbinding_wins_over_an_open_question(play: Play) -> None:
    play.say("爸爸", "联系老师")
    assert "“确认解绑”" in play.say("爸爸", "解绑")
    assert play.owed("陈老师") == []
