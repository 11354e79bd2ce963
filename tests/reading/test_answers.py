"""Answers to an open question: a yes counts only where the rest of the answer leaves it one."""

from __future__ import annotations

from typing import Any

import pytest

from bots.reading import Reading, read
from tests.reading.scoring import Line

VALUE = {"kind": "confirm_value", "subject": 1, "candidates": [365], "source": "365"}
WHOSE = {"kind": "which_person", "candidates": [366], "choices": ["李小明", "李小红"], "subjects": [1, 2]}


def answered(text: str, asked: dict[str, Any], cast: str = "one") -> Reading:
    return read(text, Line(text, cast, {}, asked).scene())


def kept(reading: Reading) -> dict[int, list[int]]:
    return {p.subject: [t.tenths for t in p.temperatures] for p in reading.people if p.temperatures}


@pytest.mark.parametrize("text", ["对", "嗯嗯是", "是的吧", "好", "确认", "是，还有点咳", "是的，没有不舒服"])
def test_a_yes_keeps_the_value_that_was_asked_about(text: str) -> None:
    assert kept(answered(text, VALUE)) == {1: [365]}


@pytest.mark.parametrize(
    "text",
    [
        "嗯？",
        "是吗",
        "对，体重",
        "是啊，水温",
        "对，但还没量",
        "可以，晚点",
        "是，他爷爷的",
        "对的，那是电话",
        "应该是吧",
    ],
)
def test_a_yes_that_is_taken_back_in_the_same_breath_keeps_nothing(text: str) -> None:
    assert kept(answered(text, VALUE)) == {}


def test_a_yes_of_another_day_is_offered_for_that_day() -> None:
    reading = answered("对，不过是昨天的", VALUE)
    assert kept(reading) == {}
    assert [(offer.day.isoformat(), offer.reading.tenths) for offer in reading.backfills] == [("2026-03-01", 365)]


def test_a_yes_to_a_slip_is_a_no_to_its_value() -> None:
    reading = answered("对，我打错了", {**VALUE, "candidates": [385]})
    assert kept(reading) == {}
    assert "temperature" in {ask.kind for ask in reading.asks}


@pytest.mark.parametrize("text", ["都不是", "哪个都行", "谁的都行", "小红？", "小明的同学", "小明的没量", "随便一个"])
def test_whose_it_is_is_not_settled_by_an_answer_that_names_nobody_for_sure(text: str) -> None:
    assert kept(answered(text, WHOSE, "two")) == {}


@pytest.mark.parametrize(
    ("text", "keys"), [("小明吧", [1]), ("不是小明", [2]), ("小的", [2]), ("两个都是", [1, 2]), ("2", [2])]
)
def test_whose_it_is_is_settled_by_a_name_a_rank_or_a_number_of_the_list(text: str, keys: list[int]) -> None:
    assert kept(answered(text, WHOSE, "two")) == {key: [366] for key in keys}


def test_a_named_child_and_another_day_is_offered_for_that_child_and_day() -> None:
    reading = answered("小明昨天的", WHOSE, "two")
    assert kept(reading) == {}
    assert [(offer.subject, offer.reading.tenths) for offer in reading.backfills] == [(1, 366)]
