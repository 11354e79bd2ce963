"""A number is stored only where everything beside it belongs to a daily report; else it is asked back, never kept."""

from __future__ import annotations

import pytest

from bots.reading import AskKind
from bots.reading.unexplained import unexplained
from tests.reading.test_temperature import said, temperatures


@pytest.mark.parametrize(
    "text",
    [
        "发酵箱显示36.5",
        "额温枪36.5一把",
        "36.5°的微笑",
        "37度女人",
        "体重又涨了，36.5了都",
        "小明体重从36.5涨到38",
        "36.5，骗你的，还没量",
        "36.5才怪",
        "体温36.5。逗你玩",
        "写36.5就行",
        "打算量到36.5就出门",
        "疫苗打完可能会到38度",
        "37.5-36.5=1，孩子写成10",
        "撤回36.5",
        "把刚才的36.5删了吧",
        "一家四口 36.2 36.4 36.5 36.6",
        "大夫给我测36.7，孩子在家没测",
        "烧到38.5再喂药",
    ],
)
def test_what_the_number_may_be_of_is_unknown_so_it_is_not_stored(text: str) -> None:
    assert temperatures(text) == {}


@pytest.mark.parametrize(
    ("text", "tenths"),
    [
        ("物业测的36.5", 365),
        ("三年二班小明36.4", 364),
        ("便秘三天了36.5", 365),
        ("在沈阳姥姥家36.5", 365),
        ("36.5，练琴40分钟", 365),
        ("体重37，体温36.7", 367),
        ("刚才的不算，36.7", 367),
        ("撤回36.5，是36.8", 368),
    ],
)
def test_words_of_everyday_life_and_of_measuring_ask_nothing(text: str, tenths: int) -> None:
    assert temperatures(text) == {1: [tenths]}
    assert AskKind.CONFIRM_VALUE not in {ask.kind for ask in said(text).asks}


def test_the_likely_value_is_offered_in_the_question() -> None:
    (ask,) = (ask for ask in said("发酵箱显示36.5").asks if ask.kind == AskKind.CONFIRM_VALUE)
    assert ask.candidates == (365,)


def test_a_likely_price_beside_a_sure_reading_is_not_even_asked() -> None:
    reading = said("36.6。还有，校服钱36.5我下午转")
    assert temperatures("36.6。还有，校服钱36.5我下午转") == {1: [366]}
    assert AskKind.CONFIRM_VALUE not in {ask.kind for ask in reading.asks}


def test_a_fever_in_jest_is_pending_until_it_is_answered() -> None:
    assert [alert.tenths for alert in said("体温38.9，逗你玩").alerts_pending] == [389]


def test_letters_without_meaning_are_what_is_left_of_a_gap() -> None:
    assert unexplained("吃完早饭") == ""
    assert unexplained("发酵箱") == "发酵箱"
    assert unexplained("一把", left_of_number=False) == "一把"


def test_a_long_breath_of_a_voice_keyboard_is_cut_where_a_statement_opens() -> None:
    text = "我刚下夜班回来孩子他爸说早上量了三十六度五我还没看见孩子"
    assert temperatures(text) == {1: [365]}


@pytest.mark.parametrize(
    "text",
    [
        "三十九度整的是洗澡水",
        "孩子拿表量面盆，量完36.9",
        "炕头那边烧到四十度了",
        "大夫喊“三十九度二，拿冰块！”",
        "小明嚷嚷自己42度",
        "给司机打了一宿枪，最高的一个37.6",
        "背口诀喊出个三十六点五",
        "三姨家那个37.9",
        "他弟弟在另一屋睡，37.8",
        "体温计一开盒就停在37.2",
    ],
)
def test_what_is_measured_or_only_said_is_told_so_it_is_not_stored(text: str) -> None:
    assert temperatures(text) == {}


def test_a_fever_right_behind_a_childs_name_is_pending_whatever_follows() -> None:
    reading = said("小明38.9水喝多了")
    assert [ask.candidates for ask in reading.asks if ask.kind == AskKind.CONFIRM_VALUE] == [(389,)]
    assert [alert.tenths for alert in reading.alerts_pending] == [389]
