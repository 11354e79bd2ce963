"""Several numbers in one message: what ties them together is kept, what nothing ties to the rest is asked back."""

from __future__ import annotations

from itertools import product

import pytest

from bots.reading import AskKind
from tests.reading.test_temperature import said, temperatures


@pytest.mark.parametrize(
    ("text", "tenths"),
    [
        ("38.2，现在36.9", [382, 369]),
        ("跑了几圈37.3，坐了二十分钟再量36.6", [373, 366]),
        ("到家37.4，泡了脚躺下37.0", [374, 370]),
        ("洗澡前36.4，洗完37.0，吹干头发36.6", [364, 370, 366]),
        ("7点10分36.4，7点40分36.6", [364, 366]),
        ("上车前36.5，下车36.8", [365, 368]),
        ("36.5/37", [365, 370]),
        ("量了三次36.5 36.6 36.5", [365, 366, 365]),
    ],
)
def test_who_measures_twice_says_so_and_everything_is_kept(text: str, tenths: list[int]) -> None:
    assert temperatures(text) == {1: tenths}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("嘴角起泡了，36.5。楼上喊37.9", [365]),
        ("小明36.5，三单元喊着37.8", [365]),
        ("那边37.6，小明36.5", [365]),
    ],
)
def test_a_second_number_that_nothing_ties_to_the_first_is_not_kept(text: str, kept: list[int]) -> None:
    assert temperatures(text) == {1: kept}


def test_what_may_be_a_fever_is_asked_and_pending() -> None:
    reading = said("36.7，不知道哪来的38.2")
    assert [ask.candidates for ask in reading.asks if ask.kind == AskKind.CONFIRM_VALUE] == [(382,)]
    assert [alert.tenths for alert in reading.alerts_pending] == [382]


def test_one_value_said_again_is_one_reading() -> None:
    assert temperatures("你这机器人是不是傻，我说了36.5，36.5！") == {1: [365]}


#: None of these numbers is a reading of today of anybody here.
BESIDE_THE_POINT = [
    "37.3那是发烧标准",
    "邻居家孩子37.9",
    "微信运动排第36",
    "说明书上写腋下36到37",
    "昨天38.1",
    "他爸38.2在单位隔离",
    "鸡蛋一板36.8",
    "数学考了38.5",
    "孵小鸡的箱子37.8度",
    "外头零下36度",
    "校服要38码的",
    "上次烧到39.5",
    "如果到38度我就接他",
    "36楼电梯坏了",
    "医生说过了38.5再吃药",
    "狗38.7照样拆沙发",
    "洗澡水调到40度",
    "别记36.4",
    "我说的36.5是小明他爸",
    "北纬38度那条线",
]
PLAIN_REPORTS = [
    ("36.6", 366),
    ("小明36.4，挺好的", 364),
    ("今早量的三十六度八", 368),
    ("体温36.9，有点咳嗽", 369),
    ("孩子刚起，37度整", 370),
    ("烧到38.3了，不去学校了", 383),
]


@pytest.mark.parametrize("mark", ["。", "\n", "！"])
def test_a_number_beside_the_point_never_joins_the_reading_of_another_sentence(mark: str) -> None:
    wrong = []
    for aside, (report, tenths) in product(BESIDE_THE_POINT, PLAIN_REPORTS):
        for text in (f"{aside}{mark}{report}", f"{report}{mark}{aside}"):
            kept = temperatures(text).get(1, [])
            if not set(kept) <= {tenths}:
                wrong.append((text, kept))
    assert wrong == []


def test_most_of_such_reports_are_kept_all_the_same() -> None:
    texts = [
        (text, tenths)
        for aside, (report, tenths) in product(BESIDE_THE_POINT, PLAIN_REPORTS)
        for text in (f"{aside}。{report}", f"{report}。{aside}")
    ]
    lost = [text for text, tenths in texts if temperatures(text) != {1: [tenths]}]
    assert len(lost) <= len(texts) // 20, lost
