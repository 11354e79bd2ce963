"""Reports put together from their parts, thousands of ways: clear ones are kept, other people's and other days' never.

The parts are drawn by a fixed seed, so that every run sees the same messages. Examples find what somebody thought of;
this finds what nobody did.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from bots.reading import read
from tests.reading.scoring import Line, facts_of

_MANY = 600
_GREETINGS = ["", "老师好，", "早，", "您好老师 ", "报平安：", "🌞 ", "各位老师早，", "今天：", "[太阳]"]
_TAILS = [
    "",
    "，没事",
    "，挺好的",
    "，不咳不喘",
    "，上学去了",
    "，谢谢老师",
    "～",
    "，没出过门",
    "，精神好",
    "，网课已开",
    "，吃了俩包子",
]
_FORMS_365 = ["36.5", "36度5", "三十六度五", "36.5度", "36.5℃", "36。5"]
_FORMS_367 = ["36.7", "36度7", "三十六度七", "36.7度", "36。7"]
_FORMS_381 = ["38.1", "38度1", "三十八度一", "38.1度"]
_VERBS = ["", "体温", "量了", "测的", "是", "今早", "早上", "：", "体温是", "呢"]


def _read(text: str, cast: str) -> dict[str, list[int]]:
    kept: dict[str, list[int]] = facts_of(read(text, Line(text, cast, {}).scene()))["temperatures"]
    return kept


def _one_child(draw: Random) -> Iterator[str]:
    who = ["", "小明", "李小明", "孩子", "娃", "儿子", "我家娃", "宝贝", "三年二班李小明", "外孙", "我们家小明"]
    when = [
        "",
        "今天",
        "今早",
        "刚才",
        "早上七点",
        "7:20",
        "今儿个",
        "起床",
        "出门前",
        "一早",
        "睡醒",
        "今天早晨六点半",
    ]
    how = ["", "体温", "量了", "测的", "夹了", "腋下", "额温", "水银的", "耳温枪", "试表", "表上", "重新量了"]
    while True:
        parts = [draw.choice(_GREETINGS), draw.choice(who), draw.choice(when), draw.choice(how)]
        yield "".join(parts) + draw.choice(_FORMS_365) + draw.choice(_TAILS)


def _two_children(draw: Random) -> Iterator[str]:
    elder = ["小明", "李小明", "老大", "哥哥", "大的", "明明", "三年级的"]
    younger = ["小红", "李小红", "老二", "妹妹", "小的", "红红", "一年级的"]
    opening = [*_GREETINGS, "两个孩子：", "我家俩，", "报体温 "]
    between = ["", "，", "、", "；", "\n", " ", "，然后", "。", "！"]
    while True:
        first = draw.choice(elder), draw.choice(_FORMS_365)
        second = draw.choice(younger), draw.choice(_FORMS_367)
        verb, mark = draw.choice(_VERBS), draw.choice(between)
        if draw.random() < 0.5:
            first, second = second, first
        said = f"{first[0]}{verb}{first[1]}{mark}{second[0]}{verb}{second[1]}"
        if draw.random() < 0.25:
            mark = mark or "，"
            said = f"{first[1]}{first[0]}{mark}{second[1]}{second[0]}"
        yield draw.choice(opening) + said + draw.choice(_TAILS)


def _yesterday_and_today(draw: Random) -> Iterator[str]:
    before = ["昨天", "昨晚", "前天", "昨天下午", "上周五", "3月1日", "1号", "昨天睡前", "星期天", "前晚", "2月28号"]
    now = ["今天", "今早", "现在", "刚才", "今儿个", "起床", "这会儿", "目前", "早上七点半", "3月2日"]
    then = ["", "体温", "量了", "烧到", "测的", "最高", "还", "发烧"]
    since = ["", "体温", "测的", "退到", "就", "好多了", "没烧了"]
    while True:
        past = draw.choice(before) + draw.choice(then) + draw.choice(_FORMS_381)
        present = draw.choice(now) + draw.choice(since) + draw.choice(_FORMS_367)
        if draw.random() < 0.25:
            past, present = present, past
        yield draw.choice(["", "孩子", "小明"]) + past + draw.choice(["，", "。", "；", "，但", "\n"]) + present


def _other_children(draw: Random) -> Iterator[str]:
    whose = [
        "邻居",
        "邻居家",
        "同事",
        "闺蜜",
        "对门",
        "隔壁",
        "我姐",
        "姑姑家",
        "舅舅家",
        "二姨家",
        "表姐",
        "亲戚家",
        "同学家",
        "班里",
        "群里",
        "老乡家",
        "战友家",
        "弟媳家",
        "人家",
    ]
    which = ["", "的", "那个", "有个"]
    child = ["宝宝", "宝贝", "小朋友", "孩子", "娃", "小孩"]
    tail = ["38.5", "今天38.5", "发烧38.5", "也38.5", "量了38.5", "，38.5", "体温38.5"]
    while True:
        yield draw.choice(whose) + draw.choice(which) + draw.choice(child) + draw.choice(tail)


def _kept(texts: Iterator[str], cast: str) -> list[tuple[str, dict[str, list[int]]]]:
    return [(text, _read(text, cast)) for text, _ in zip(texts, range(_MANY), strict=False)]


def test_a_clear_report_of_one_child_is_kept() -> None:
    said = _kept(_one_child(Random(1)), "one")
    assert [text for text, kept in said if kept not in ({"1": [365]}, {})] == []
    assert sum(kept == {} for _, kept in said) <= _MANY // 100


def test_two_children_keep_their_own_values() -> None:
    right = {"1": [365], "2": [367]}
    said = _kept(_two_children(Random(2)), "two")
    assert [text for text, kept in said for key, values in kept.items() if values != right[key]] == []
    assert sum(kept != right for _, kept in said) <= _MANY // 50


def test_what_was_measured_on_another_day_is_not_todays() -> None:
    said = _kept(_yesterday_and_today(Random(3)), "one")
    assert [text for text, kept in said if kept not in ({"1": [367]}, {})] == []
    assert sum(kept == {} for _, kept in said) <= _MANY // 20


def test_nobody_elses_child_is_taken_for_ours() -> None:
    assert [text for text, kept in _kept(_other_children(Random(4)), "one") if kept] == []
