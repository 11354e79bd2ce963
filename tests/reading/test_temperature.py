"""Temperatures: every writing of one, whose it is, of which day, and what is never taken for one."""

from __future__ import annotations

from datetime import date

import pytest

from bots.reading import AskKind, Intent, Method, Reading, read
from tests.reading.scoring import Line


def said(text: str, cast: str = "one", hour: int = 8) -> Reading:
    return read(text, Line(text, cast, {}, hour=hour).scene())


def temperatures(text: str, cast: str = "one", hour: int = 8) -> dict[int, list[int]]:
    return {p.subject: [t.tenths for t in p.temperatures] for p in said(text, cast, hour).people if p.temperatures}


@pytest.mark.parametrize(
    "text",
    [
        "36.5",
        "３６．５",
        "36。5",
        "36，5",
        "36：5",
        "36度5",
        "36点5",
        "三十六度五",
        "叁拾陆度伍",
        "卅六度五",
        "三十六点五",
        "三十六度半",
        "36..5",
    ],
)
def test_every_writing_of_365_tenths_is_the_same_reading(text: str) -> None:
    assert temperatures(text) == {1: [365]}


@pytest.mark.parametrize(
    ("text", "tenths"), [("365", 365), ("386", 386), ("3.65", 365), ("63.5", 365), ("97.7", 365), ("山石六度五", 365)]
)
def test_slips_are_asked_back_with_the_likely_value_and_not_stored(text: str, tenths: int) -> None:
    reading = said(text)
    assert not any(person.temperatures for person in reading.people)
    assert [ask.candidates for ask in reading.asks if ask.kind == AskKind.CONFIRM_VALUE] == [(tenths,)]


def test_a_likely_fever_behind_three_digits_is_pending_meanwhile() -> None:
    assert [alert.tenths for alert in said("386").alerts_pending] == [386]
    assert not said("365").alerts_pending


def test_37_25_rounds_half_up_to_a_fever() -> None:
    assert temperatures("37.25") == {1: [373]}


@pytest.mark.parametrize(
    "text",
    [
        "7:36",
        "36号",
        "三年36班",
        "36岁",
        "36.5公斤",
        "36.5元",
        "13836541234",
        "365路公交",
        "K365次",
        "36床",
        "美林3.8毫升",
        "体重36.5",
        "气温36.5",
    ],
)
def test_times_classes_ages_weights_prices_and_the_like_are_no_readings(text: str) -> None:
    reading = said(text)
    assert not any(person.temperatures for person in reading.people)


@pytest.mark.parametrize(
    "text",
    [
        "如果37.5怎么办",
        "37.3以上才算发烧吧",
        "不到37度",
        "平时36.5",
        "新闻说有人烧到41度",
        "同学发烧39度",
        "妈妈36.6",
        "36.9正常吗",
    ],
)
def test_suppositions_limits_habits_hearsay_and_other_people_record_nothing(text: str) -> None:
    assert temperatures(text) == {}


def test_several_readings_of_today_are_kept_and_the_highest_counts() -> None:
    facts = said("左耳36.8右耳37.1").of(1)
    assert facts is not None
    assert [t.tenths for t in facts.temperatures] == [368, 371]
    assert facts.highest is not None
    assert facts.highest.tenths == 371
    assert {t.method for t in facts.temperatures} == {Method.EAR}


def test_yesterdays_reading_is_offered_for_yesterday_and_todays_is_asked() -> None:
    reading = said("昨天忘报了，36.6")
    assert [(fill.day, fill.reading.tenths) for fill in reading.backfills] == [(date(2026, 3, 1), 366)]
    assert [ask.kind for ask in reading.asks] == [AskKind.TEMPERATURE]


def test_an_evening_reading_sent_in_the_morning_is_last_evenings() -> None:
    assert temperatures("早36.4晚36.6") == {1: [364]}
    assert temperatures("早36.4晚36.6", hour=20) == {1: [364, 366]}


def test_a_correction_takes_the_new_value_and_leaves_the_old() -> None:
    for text in ("改36.8", "刚才写错了应该是36.8", "不是36.5是36.8", "36.5改成36.8", "36.8，刚才写错了"):
        reading = said(text)
        assert temperatures(text) == {1: [368]}
        assert reading.intent == Intent.CORRECTION


def test_unnamed_numbers_are_asked_back_where_there_are_several_children() -> None:
    reading = said("38.2", "two")
    assert not reading.people
    assert reading.asks[0].kind == AskKind.WHICH_PERSON
    assert reading.asks[0].choices == ("李小明", "李小红")
    assert [alert.tenths for alert in reading.alerts_pending] == [382]


def test_a_name_takes_one_number_and_the_next_is_asked_back() -> None:
    reading = said("小明36.5，36.7", "two")
    assert temperatures("小明36.5，36.7", "two") == {1: [365]}
    assert [ask.candidates for ask in reading.asks if ask.kind == AskKind.WHICH_PERSON] == [(367,)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("都36.5", {1: [365], 2: [365]}),
        ("老大36.5老二36.7", {1: [365], 2: [367]}),
        ("36.5小明 36.7小红", {1: [365], 2: [367]}),
        ("小明和小红36.5和36.7", {1: [365], 2: [367]}),
        ("小明36.5，小红也是", {1: [365], 2: [365]}),
        ("我36.6，小明36.4", {1: [364]}),
    ],
)
def test_numbers_find_their_child(text: str, expected: dict[int, list[int]]) -> None:
    assert temperatures(text, "two") == expected


def test_a_misspelt_name_is_asked_back_with_the_name_it_resembles() -> None:
    reading = said("李晓明36.5")
    assert not reading.people
    assert reading.asks[0].kind == AskKind.CONFIRM_PERSON
    assert reading.asks[0].choices == ("李小明",)


def test_another_family_name_before_a_known_given_name_is_another_child() -> None:
    assert temperatures("王小明36.5") == {}


def test_a_member_of_staff_reports_for_themselves_and_not_for_their_child() -> None:
    assert temperatures("我36.5，孩子37.8", "staff") == {9: [365]}
    assert temperatures("我36.5，孩子36.4", "both") == {9: [365], 1: [364]}


def test_the_explanation_names_the_words_it_was_read_from() -> None:
    assert any("36.5 from 三十六度五" in line for line in said("三十六度五，不咳嗽").explain)
    assert "cough denied" in said("三十六度五，不咳嗽").explain
