"""A number behind a name nobody told us of is asked back, whatever words the letters of the name also are."""

from __future__ import annotations

import pytest

from bots.reading import read
from tests.reading.scoring import Line

# Invented; each holds a letter or a word the reading also knows by itself.
STRANGERS = [
    "赵可",
    "李和平",
    "王可心",
    "陈安然",
    "孙高兴",
    "马明",
    "张晚晴",
    "刘早",
    "周正常",
    "林夕",
    "杨在天",
    "高飞",
    "高明",
    "方圆",
    "梁晨",
    "郑点",
    "陈三",
    "李四",
    "王五",
    "赵一鸣",
    "周七月",
    "冯十一",
    "蒋百川",
    "韩半",
    "魏好好",
    "陶然",
    "邹早早",
    "袁可可",
    "史今天",
    "华健康",
    "欧阳明月",
]


@pytest.mark.parametrize("cast", ["one", "staff"])
@pytest.mark.parametrize("form", ["{}36.5", "{}体温36.5", "{}：36.5", "{}今早36.5"])
@pytest.mark.parametrize("name", STRANGERS)
def test_a_stranger_is_asked_back(name: str, form: str, cast: str) -> None:
    reading = read(form.format(name), Line("", cast, {}).scene())
    assert not any(facts.temperatures for facts in reading.people)
    assert reading.asks


@pytest.mark.parametrize(
    "text", ["温度36.5", "左手腕36.5", "今早36.5", "谢谢老师，36.5", "平时36.2，今天36.5", "白天36.5"]
)
def test_a_word_at_the_head_is_no_name(text: str) -> None:
    reading = read(text, Line("", "one", {}).scene())
    assert [reading.tenths for facts in reading.people for reading in facts.temperatures] == [365]
