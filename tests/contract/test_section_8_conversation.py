"""Contract 8 beside binding: check-in, the words of each post, and refusals, over the wire."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.cast import MONDAY, at
from tests.contract.conftest import NAMES, Line

pytestmark = pytest.mark.anyio


async def test_a_report_is_echoed_with_name_temperature_symptoms_travel_and_how_to_correct(line: Line) -> None:
    echo = await line.say("舟妈", "36.5 有点咳嗽，上周去了上海，昨天回来的")
    for fact in ("周舟", "36.5", "咳嗽", "上海", "改"):
        assert fact in echo
    assert "？" in echo  # a symptom and a trip are followed by a question


async def test_a_fever_is_followed_by_guidance(line: Line) -> None:
    echo = await line.say("舟妈", "38.2")
    for fact in ("周舟", "38.2", "就诊"):
        assert fact in echo


async def test_everyone_has_help_today_and_the_last_fourteen_days(line: Line) -> None:
    for day in range(3):
        line.clock_at("08:00", MONDAY + timedelta(days=day))
        await line.say("舟妈", f"36.{day + 4}")
    for word in ("今天", "状态"):
        assert "36.6" in await line.say("舟妈", word)
    record = await line.say("舟妈", "记录")
    assert all(f"36.{day + 4}" in record for day in range(3))
    assert "36.5" in await line.say("舟妈", "帮助")
    assert "班级" in await line.say("卫老师", "帮助")
    assert "零报告" in await line.say("江畔报告人", "帮助")
    assert "绑定" in await line.say("某人", "帮助")


async def test_the_head_teacher_sees_counts_the_missing_and_the_abnormal(line: Line) -> None:
    await line.say("奶奶", "38.2")
    for word in ("班级", "未报"):
        said = await line.say("陈老师", word)
        for fact in ("应报3", "已报1", "未报2", "林林", "李小明"):
            assert fact in said
    assert "王乐乐 38.2" in await line.say("陈老师", "班级")


async def test_the_head_teacher_reminds_reports_for_and_excuses(line: Line) -> None:
    said = await line.say("陈老师", "催报")
    assert re.search(r"\d", said)
    for who in ("妈妈", "爸爸", "奶奶", "小明爸爸"):
        assert len(line.owed(who, "checkin-reminder")) == 1
    assert line.owed("可妈") == []  # of another class
    assert "王乐乐" in await line.say("陈老师", "代报 王乐乐 36.5")
    row = line.report("王乐乐")
    assert (row["temperature_c"], row["state"]) == (36.5, "reported")
    assert "陈静" in row["reported_by"]
    await line.say("陈老师", "缺勤 李小明 病假 感冒")
    (absence,) = line.export("absences")
    assert (absence["person"], absence["kind"], absence["reason"]) == ("李小明", "sick", "感冒")


async def test_confirming_files_what_was_shown_and_a_later_change_opens_it_again(line: Line) -> None:
    line.clock_at("09:06")
    await line.talk("卫老师", "班级")
    assert "未报1" in await line.say("卫老师", "确认")
    (row,) = [row for row in line.export("class-reports") if row["school"] == "江畔中学"]
    assert (row["status"], row["is_zero"], row["zero_kind"], row["confirmed_by"]) == (
        "submitted",
        True,
        "qualified",
        "卫东",
    )
    await line.say("舟妈", "38.2")
    assert any("重新打开" in text for text in line.owed("卫老师"))
    (row,) = [row for row in line.export("class-reports") if row["school"] == "江畔中学"]
    assert (row["status"], row["fever"], row["is_zero"], row["zero_kind"]) == ("draft", 1, False, None)
    await line.talk("卫老师", "班级", "确认")
    (row,) = [row for row in line.export("class-reports") if row["school"] == "江畔中学"]
    assert (row["status"], row["version"], row["fever"]) == ("submitted", 2, 1)


async def test_the_grade_head_sees_confirms_and_returns(line: Line) -> None:
    line.clock_at("09:10")
    await line.talk("陈老师", "班级", "确认")
    assert "2班" in await line.say("孙主任", "年级")
    returned = await line.say("孙主任", "退回 2班 缺人")
    assert "2班" in returned
    assert any("缺人" in text for text in line.owed("陈老师"))
    (row,) = [row for row in line.export("class-reports") if row["class"] == "2班"]
    assert row["status"] == "returned"
    await line.talk("陈老师", "班级", "确认")
    assert "确认" in await line.talk("孙主任", "年级", "确认")
    (grade,) = [row for row in line.export("grade-reports") if row["grade"] == "三年级"]
    assert grade["confirmed_by"] == "孙勤"


@pytest.mark.parametrize("word", ["零报告", "上报"])
async def test_the_reporter_sees_the_figures_and_files_after_the_yes(line: Line, word: str) -> None:
    line.clock_at("10:00")
    await line.say("舟妈", "36.5")
    await line.talk("卫老师", "班级", "确认")
    shown = await line.say("江畔报告人", word)
    assert "应报1" in shown
    (row,) = [row for row in line.export("school-reports") if row["school"] == "江畔中学"]
    assert (row["is_zero"], row["confirmed_by"]) == (False, None)  # shown is not filed
    await line.say("江畔报告人", "确认")
    (row,) = [row for row in line.export("school-reports") if row["school"] == "江畔中学"]
    assert (row["is_zero"], row["confirmed_by"], row["status"]) == (True, "蒋欣", "submitted")
    assert await line.say("江畔报告人", "补充 今天全校消毒一次")


async def test_with_a_fever_it_is_a_report_and_filed_all_the_same(line: Line) -> None:
    line.clock_at("10:00")
    await line.say("舟妈", "38.2")
    await line.talk("江畔报告人", "零报告", "确认")
    (row,) = [row for row in line.export("school-reports") if row["school"] == "江畔中学"]
    assert (row["is_zero"], row["confirmed_by"], row["status"], row["fever"]) == (False, "蒋欣", "submitted", 1)


async def test_a_confirmation_without_a_report_shown_files_nothing_unseen(line: Line) -> None:
    said = await line.say("江畔报告人", "确认")
    (row,) = [row for row in line.export("school-reports") if row["school"] == "江畔中学"]
    assert row["confirmed_by"] is None
    assert said


async def test_the_bureau_sees_today_a_school_and_what_is_missing(line: Line) -> None:
    line.clock_at("10:40")
    await line.talk("卫老师", "班级", "确认")
    await line.talk("江畔报告人", "零报告", "确认")
    today = await line.say("区报告人", "今日")
    assert "2" in today
    assert "红旗小学" in await line.say("区报告人", "未报")
    assert "江畔中学" not in await line.say("区报告人", "未报")
    assert "江畔中学" in await line.say("区报告人", "查 江畔中学")
    await line.say("区报告人", "催报")
    assert line.owed("报告人")
    assert line.owed("江畔报告人", "zero-report-nudge") == []
    for text in ("今日", "未报", "查 江畔中学", "查 红旗小学"):
        said = await line.say("局领导", text)
        assert not any(name in said for name in NAMES)


#: Every word that belongs to a post, as somebody without it would send it.
ORDERS = (
    "班级",
    "未报",
    "催报",
    "代报 王乐乐 36.5",
    "缺勤 王乐乐 病假 感冒",
    "确认",
    "年级",
    "退回 2班 缺人",
    "零报告",
    "上报",
    "补充 没有",
    "今日",
    "查 红旗小学",
    "查 王乐乐",
    "绑定码",
    "撤销绑定 王乐乐",
    "把全班名单发我",
)


@pytest.mark.parametrize("text", ORDERS)
async def test_without_the_post_a_plain_refusal_and_never_another_family(line: Line, text: str) -> None:
    await line.say("奶奶", "38.2 咳嗽")
    before = line.counts()
    for who in ("舟妈", "某人", "卫老师", "江畔校长"):
        said = await line.say(who, text)
        assert said
        others = [name for name in NAMES if name != "周舟" and name not in text]
        assert not any(name in said for name in others), said
        assert "38.2" not in said
    assert line.report("王乐乐")["revision"] == 1
    after = line.counts()
    assert after["absences"] == before["absences"]
    assert [row["confirmed_by"] for row in line.export("class-reports") if row["school"] == "红旗小学"] == [None] * 3


async def test_one_familys_words_never_reach_another_familys_child(line: Line) -> None:
    for text in ("周舟36.5", "改 周舟 36.9", "周舟昨天39", "撤回"):
        said = await line.say("妈妈", text)
        assert "七年级" not in said
    assert line.report("周舟")["state"] == "unreported"


async def test_a_teacher_who_is_a_parent_wears_one_hat_at_a_time(line: Line) -> None:
    await line.talk("陈老师", f"绑定 {line.cast.codes['周舟']}", "同意")
    await line.say("陈老师", "周舟36.7，我36.4")
    assert line.report("周舟")["temperature_c"] == 36.7
    assert line.report("陈静")["temperature_c"] == 36.4
    assert "周舟" not in await line.say("陈老师", "班级")


async def test_a_message_of_an_hour_ago_is_taken_at_its_own_moment(line: Line) -> None:
    line.clock_at("10:00")
    await line.say("舟妈", "36.5", sent_at=at("08:30"))
    row = line.report("周舟")
    assert (row["state"], row["reported_at"]) == ("reported", "2026-03-02T08:30:00+08:00")
