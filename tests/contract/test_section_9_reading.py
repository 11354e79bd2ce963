"""Contract 9, sentence by sentence, from a signed message to the exported row."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cast import MONDAY
from tests.contract.conftest import Line

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("text", "celsius"),
    [
        ("36.5", 36.5),
        ("３６．５", 36.5),
        ("36度5", 36.5),
        ("36。5", 36.5),
        ("三十六度五", 36.5),
        ("36.5℃", 36.5),
        ("36.5°C", 36.5),
        ("36,5", 36.5),
        ("36点5", 36.5),
        ("体温36.5度", 36.5),
        ("今天36.5，没有不舒服", 36.5),
        ("34.0", 34.0),
        ("42.9", 42.9),
        ("37.3", 37.3),
        ("37", 37.0),
        ("36", 36.0),
        ("老师好，36.5，请问作业在哪交", 36.5),
    ],
)
async def test_any_writing_of_a_plausible_temperature_is_recorded(line: Line, text: str, celsius: float) -> None:
    await line.say("舟妈", text)
    row = line.report("周舟")
    assert (row["state"], row["temperature_c"], row["raw"]) == ("reported", celsius, text)


@pytest.mark.parametrize(
    "text",
    [
        "365",
        "33.9",
        "43.0",
        "43",
        "7:30到校",
        "三年2班",
        "13812345678",
        "体重36.5公斤",
        "36.5斤",
        "今年7岁",
        "3月6日",
        "妈妈36.5",
        "我36.5，孩子还没量",
        "昨天36.5",
        "明天再报36.5可以吗",
        "36.5算发烧吗？",
        "要是37.5了怎么办",
        "没有不舒服",
        "好的收到",
        "孩子发烧了",
        "1",
        "🌹🌹",
        "96.8",
        "3.65",
        "63.5",
    ],
)
async def test_what_was_not_meant_as_the_childs_reading_of_today_records_nothing(line: Line, text: str) -> None:
    assert await line.say("舟妈", text)
    assert line.report("周舟")["state"] == "unreported"


@pytest.mark.parametrize("yes", ["是", "对", "对的", "嗯", "是的", "没错"])
async def test_three_digits_are_asked_back_and_recorded_on_yes(line: Line, yes: str) -> None:
    assert "36.5" in await line.say("舟妈", "365")
    assert line.report("周舟")["state"] == "unreported"
    await line.say("舟妈", yes)
    row = line.report("周舟")
    assert (row["temperature_c"], row["revision"]) == (36.5, 1)


async def test_three_digits_and_a_no_record_nothing(line: Line) -> None:
    await line.talk("舟妈", "365", "不是")
    assert line.report("周舟")["state"] == "unreported"


async def test_a_likely_fever_in_three_digits_alerts_unconfirmed(line: Line) -> None:
    await line.say("舟妈", "386")
    assert line.report("周舟")["state"] == "unreported"
    assert any("待核实" in text for text in line.owed("卫老师", "alert"))
    await line.say("舟妈", "对")
    row = line.report("周舟")
    assert (row["temperature_c"], row["result"]) == (38.6, "fever")


async def test_a_yes_without_a_question_records_nothing(line: Line) -> None:
    for text in ("对", "是的", "嗯"):
        await line.say("舟妈", text)
    assert line.report("周舟")["state"] == "unreported"


async def test_several_readings_are_kept_and_the_highest_counts(line: Line) -> None:
    await line.say("舟妈", "36.5 36.9 36.6")
    row = line.report("周舟")
    assert (row["temperature_c"], sorted(row["readings"].split("|"))) == (36.9, ["36.5", "36.6", "36.9"])
    await line.say("舟妈", "刚又量了37.4")
    row = line.report("周舟")
    assert (row["temperature_c"], row["result"], row["revision"]) == (37.4, "fever", 2)


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("林林36.5 林森36.6", 36.5, 36.6),
        ("林林 36.5，林森 36.6", 36.5, 36.6),
        ("36.5林林，36.6林森", 36.5, 36.6),
        ("都36.5", 36.5, 36.5),
        ("两个孩子都是36.5", 36.5, 36.5),
        ("老大36.8 老二36.4", 36.4, 36.8),  # 林森 is in the fifth year
        ("林林36.5", 36.5, None),
        ("老大36.8", None, 36.8),
        ("林森36.6，都没有不舒服", None, 36.6),
    ],
)
async def test_of_several_children_each_gets_the_number_that_is_theirs(
    line: Line, text: str, first: float | None, second: float | None
) -> None:
    await line.say("妈妈", text)
    assert (line.report("林林")["temperature_c"], line.report("林森")["temperature_c"]) == (first, second)


@pytest.mark.parametrize("text", ["36.5", "36.5 36.6", "孩子36.5", "三十六度五"])
async def test_unnamed_numbers_of_several_children_are_asked_back(line: Line, text: str) -> None:
    said = await line.say("妈妈", text)
    assert "林林" in said
    assert "林森" in said
    assert line.report("林林")["state"] == line.report("林森")["state"] == "unreported"


async def test_the_name_given_on_asking_takes_the_number(line: Line) -> None:
    await line.talk("妈妈", "36.5", "林森")
    assert line.report("林森")["temperature_c"] == 36.5
    assert line.report("林林")["state"] == "unreported"


@pytest.mark.parametrize(
    ("text", "symptoms", "result"),
    [
        ("36.5没发烧不咳嗽", None, "normal"),
        ("36.5 咳嗽", "cough", "symptomatic"),
        ("36.5 干咳", "cough", "symptomatic"),
        ("36.5 拉肚子", "diarrhea", "symptomatic"),
        ("36.5 没有发烧咳嗽，就是有点流鼻涕", "runny_nose", "symptomatic"),
        ("36.5 嗓子疼 头疼", "headache|sore_throat", "symptomatic"),
        ("36.5 没有乏力、咳嗽、腹泻等症状", None, "normal"),
        ("38.2", None, "fever"),
        ("38.2 发烧了", "fever", "fever"),
        ("36.5，昨天咳嗽今天好了", None, "normal"),
        ("36.5 吐了两次", "vomiting", "symptomatic"),
    ],
)
async def test_symptoms_and_their_negation(line: Line, text: str, symptoms: str | None, result: str) -> None:
    await line.say("舟妈", text)
    row = line.report("周舟")
    found = "|".join(sorted(row["symptoms"].split("|"))) if row["symptoms"] else None
    assert (found, row["result"]) == (symptoms, result)


@pytest.mark.parametrize("text", ["孩子发烧了", "喘不上气", "抽搐了", "孩子呼吸困难"])
async def test_words_of_danger_alert_at_once_and_the_number_is_asked_for(line: Line, text: str) -> None:
    said = await line.say("舟妈", text)
    assert "体温" in said
    assert any("周舟" in told for told in line.owed("卫老师", "alert"))
    assert line.report("周舟")["state"] == "unreported"
    assert line.export("alerts")


@pytest.mark.parametrize(
    "text",
    [
        "孩子没有发烧",
        "发烧怎么办？",
        "他同学发烧了",
        "昨天看新闻说有人抽搐",
        "如果发烧我会报告",
        "36.5 不喘",
        "去年发烧过",
    ],
)
async def test_words_of_danger_about_others_or_nobody_alert_nobody(line: Line, text: str) -> None:
    await line.say("舟妈", text)
    assert line.owed("卫老师", "alert") == []


@pytest.mark.parametrize(
    ("text", "left_area", "place"),
    [
        ("36.5", None, None),
        ("36.5 没出门", False, None),
        ("36.5 没有离开过本区", False, None),
        ("36.5 一直在家", False, None),
        ("36.5，上周去了武汉，昨天回来的", True, "湖北省"),
        ("36.5 昨天从北京回来", True, "北京市"),
        ("36.5 在哈尔滨姥姥家", True, "黑龙江省"),
        ("36.5 我们在内蒙古", True, "内蒙古自治区"),
        ("36.5 上周去了新疆", True, "新疆维吾尔自治区"),
        ("36.5 打算五一去上海", None, None),
        ("36.5 孩子爸爸从上海回来了", None, None),
        ("36.5 上个月去过广西，二月二十五号回来的", True, "广西壮族自治区"),
        ("36.5 没去过湖北", None, None),
    ],
)
async def test_travel_is_true_false_or_empty_and_the_place_an_official_province(
    line: Line, text: str, left_area: bool | None, place: str | None
) -> None:
    await line.say("舟妈", text)
    row = line.report("周舟")
    assert row["temperature_c"] == 36.5
    assert (row["left_area"], row["place"]) == (left_area, place)


@pytest.mark.parametrize("text", ["改 36.8", "改36.8", "刚才写错了应该是36.8", "发错了，是36.8", "不是36.5是36.8"])
async def test_corrections_make_a_revision_and_keep_the_old_one(line: Line, text: str) -> None:
    await line.say("舟妈", "36.5")
    said = await line.say("舟妈", text)
    assert "36.8" in said
    row = line.report("周舟")
    assert (row["temperature_c"], row["revision"], row["raw"]) == (36.8, 2, text)
    assert line.counts()["check_ins"] == 2


@pytest.mark.parametrize("text", ["奶奶37.8，孩子36.5", "我37.9，孩子36.5", "弟弟38度，周舟36.5", "同桌38.5，我家36.5"])
async def test_other_peoples_readings_are_not_the_childs(line: Line, text: str) -> None:
    await line.say("舟妈", text)
    row = line.report("周舟")
    assert row["temperature_c"] in (36.5, None)
    assert "37" not in str(row["readings"])
    assert "38" not in str(row["readings"])


async def test_a_fever_is_recorded_at_once_and_then_followed_up(line: Line) -> None:
    said = await line.say("舟妈", "37.3")
    row = line.report("周舟")
    assert (row["temperature_c"], row["result"], row["state"]) == (37.3, "fever", "reported")
    assert any("周舟" in told for told in line.owed("卫老师", "alert"))
    assert "37.3" in said


async def test_yesterdays_reading_is_offered_and_kept_on_yes(line: Line) -> None:
    await line.talk("舟妈", "昨天36.5")
    assert line.report("周舟", MONDAY - timedelta(days=1))["state"] == "unreported"
    await line.say("舟妈", "对")
    row = line.report("周舟", MONDAY - timedelta(days=1))
    assert (row["state"], row["temperature_c"]) == ("backfill", 36.5)
    assert line.report("周舟")["state"] == "unreported"


async def test_staff_report_for_themselves(line: Line) -> None:
    await line.say("校医", "36.5 没有不舒服")
    assert line.report("冯康")["reported_by"] == "本人"
