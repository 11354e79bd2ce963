"""Contract 10 (and what 4 and 6 say of the same subjects), over the wire."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from models.tables import Account, Base, Binding, CheckIn, Inbox, Outbox
from schedules.registry import discover
from schedules.timetable import Timetable
from tests.cast import MONDAY, at, openid
from tests.contract.conftest import NAMES, Line

pytestmark = pytest.mark.anyio
TUESDAY = MONDAY + timedelta(days=1)


def run(line: Line, name: str, clock: str) -> int:
    """Plan a job's occurrence as of that moment; gives how many pushes are owed anew."""
    runtime = line.web.runtime
    jobs = discover()
    timetable = Timetable(jobs, runtime.database, runtime.district, runtime.work, "https://pinganbao.test")
    line.clock_at(clock)
    return timetable.run_as_of(jobs[name], at(clock), line.clock()).owed


def report_of(line: Line, kind: str, **wanted: str) -> dict[str, Any]:
    (row,) = [row for row in line.export(kind) if all(row[name] == value for name, value in wanted.items())]
    return row


# --- day and slot -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("00:05", "reported"),
        ("05:30", "reported"),
        ("09:00", "reported"),
        ("09:00:01", "late"),
        ("11:30", "late"),
        ("11:30:01", "backfill"),
        ("23:59", "backfill"),
    ],
)
async def test_the_state_follows_the_messages_own_moment_however_late_it_is_pushed(
    line: Line, written: str, state: str
) -> None:
    line.clock_at("08:00", TUESDAY)
    await line.say("舟妈", "36.5", sent_at=at(written))
    row = line.report("周舟")
    assert (row["state"], row["slot"]) == (state, "am")
    assert row["reported_at"].startswith(f"2026-03-02T{written}")
    assert line.report("周舟", TUESDAY)["state"] == "unreported"


async def test_one_row_a_person_and_day_whatever_is_said_later(line: Line) -> None:
    await line.say("舟妈", "36.5")
    line.clock_at("14:00")
    await line.say("舟妈", "下午又量了36.9")
    row = line.report("周舟")
    assert (row["slot"], row["temperature_c"], row["readings"], row["revision"]) == ("am", 36.9, "36.5|36.9", 2)
    assert row["state"] == "reported"  # what came in time stays in time


async def test_the_highest_counts_whatever_the_method(line: Line) -> None:
    await line.say("舟妈", "额温37.4，腋温36.8")
    assert (line.report("周舟")["temperature_c"], line.report("周舟")["result"]) == (37.4, "fever")


async def test_the_newest_is_the_later_moment_and_all_stay_as_revisions(line: Line) -> None:
    line.clock_at("08:30")
    await line.say("舟妈", "改 36.9", sent_at=at("08:20"), msg_id=500)
    await line.say("舟妈", "36.5", sent_at=at("08:10"), msg_id=900)  # older, pushed later
    row = line.report("周舟")
    assert (row["temperature_c"], row["raw"], row["reported_at"][11:16]) == (36.9, "改 36.9", "08:20")
    assert line.counts()["check_ins"] == 2


async def test_of_one_second_the_larger_msgid_is_the_newest(line: Line) -> None:
    line.clock_at("08:30")
    moment = at("08:20")
    await line.say("舟妈", "改 36.9", sent_at=moment, msg_id=9_000)
    await line.say("舟妈", "改 36.4", sent_at=moment, msg_id=8_000)
    assert line.report("周舟")["raw"] == "改 36.9"


async def test_a_backfilled_day_may_lie_three_days_back_at_most(line: Line) -> None:
    await line.talk("舟妈", "2月27日36.5", "对")
    assert line.report("周舟", MONDAY - timedelta(days=3))["state"] == "backfill"
    await line.talk("舟妈", "2月25日36.5", "对")
    assert line.report("周舟", MONDAY - timedelta(days=5))["state"] == "unreported"


# --- inbound ----------------------------------------------------------------------------------------------------
async def test_the_same_message_gets_the_same_answer_and_changes_nothing(line: Line) -> None:
    moment = line.clock()
    answers = [await line.say("舟妈", "36.5", sent_at=moment, msg_id=77) for _ in range(3)]
    assert len(set(answers)) == 1
    assert line.counts()["check_ins"] == 1
    assert line.report("周舟")["revision"] == 1


async def test_the_same_msgid_of_another_sender_is_another_message(line: Line) -> None:
    await line.say("舟妈", "36.5", msg_id=77)
    await line.say("可妈", "36.6", msg_id=77)
    assert line.report("赵可")["temperature_c"] == 36.6


@pytest.mark.parametrize("msg_id", [1, 2**31, 2**63 - 1, 2**63, 2**64 - 1])
async def test_any_64_bit_msgid_is_a_message(line: Line, msg_id: int) -> None:
    first = await line.say("舟妈", "36.5", sent_at=at("07:30"), msg_id=msg_id)
    assert first == await line.say("舟妈", "36.5", sent_at=at("07:30"), msg_id=msg_id)
    assert line.counts()["check_ins"] == 1


async def test_events_of_one_second_are_told_apart_by_all_that_their_key_holds(line: Line) -> None:
    moment = int(line.clock().timestamp())
    code, other = line.cast.codes["周舟"], line.cast.codes["赵可"]
    first = await line.event("某人", "SCAN", f"bind_{code}", created=moment)
    again = await line.event("某人", "SCAN", f"bind_{code}", created=moment)
    assert first == again
    assert line.counts()["inbox"] == 1
    await line.event("某人", "SCAN", f"bind_{other}", created=moment)
    assert line.counts()["inbox"] == 2
    for number in (1, 2, 2):
        extra = f"<MsgID>{number}</MsgID><Status><![CDATA[success]]></Status>"
        await line.event("某人", "TEMPLATESENDJOBFINISH", extra=extra, created=moment)
    assert line.counts()["inbox"] == 4


@pytest.mark.parametrize("event", ["card_pass_check", "an_event_of_2031", "WifiConnected", "user_pay_from_pay_cell"])
async def test_an_unknown_event_gets_success_and_touches_nothing(line: Line, event: str) -> None:
    before = line.counts()
    for who in ("舟妈", "某人"):
        assert await line.event(who, event) == ""
    assert line.counts() == before


async def test_unfollowing_deletes_what_came_from_the_platform_and_keeps_the_childs_record(line: Line) -> None:
    await line.say("舟妈", "38.2 周舟有点咳嗽")
    run(line, "checkin-reminder", "08:40")
    account = line.cast.accounts["舟妈"]
    await line.event("舟妈", "unsubscribe")
    runtime = line.web.runtime
    with runtime.database.read() as connection:
        assert connection.execute(select(func.count()).where(Account.openid == openid("舟妈"))).scalar_one() == 0
        assert connection.execute(select(func.count()).where(Binding.account_id == account)).scalar_one() == 0
        rows = connection.execute(select(CheckIn)).all()
        assert len(rows) == 1
        inbox = connection.execute(select(Inbox.account_id, Inbox.body)).all()
        assert all(row.account_id is None and row.body is None for row in inbox)
        open_ = select(func.count()).where(Outbox.account_id == account, Outbox.state.in_(("queued", "held")))
        assert connection.execute(open_).scalar_one() == 0
        for table in Base.metadata.sorted_tables:
            for stored in connection.execute(select(table)):
                assert openid("舟妈") not in repr(tuple(stored))
    row = line.report("周舟")
    assert (row["temperature_c"], row["raw"], row["reported_by"]) == (38.2, None, "家长")
    assert "绑定" in await line.say("舟妈", "36.5")
    assert line.report("周舟")["revision"] == 1


async def test_the_push_of_an_unfollowed_message_again_changes_nothing(line: Line) -> None:
    moment = line.clock()
    await line.say("舟妈", "36.5", sent_at=moment, msg_id=41)
    await line.event("舟妈", "unsubscribe")
    await line.say("舟妈", "36.5", sent_at=moment, msg_id=41)
    assert line.counts()["check_ins"] == 1


async def test_nothing_a_person_wrote_lies_readable_in_the_database(line: Line) -> None:
    await line.say("舟妈", "37.8 拉肚子 去过武汉")
    runtime = line.web.runtime
    with runtime.database.read() as connection:
        for table in Base.metadata.sorted_tables:
            for stored in connection.execute(select(table)):
                for value in stored:
                    shown = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                    for secret in ("37.8", "拉肚子", "diarrhea", "武汉", "湖北"):
                        assert secret not in shown, table.name


# --- confirming -------------------------------------------------------------------------------------------------
async def test_one_yes_files_and_reasons_are_asked_for_after(line: Line) -> None:
    line.clock_at("09:10")
    await line.say("奶奶", "38.2")
    filed = await line.talk("陈老师", "班级", "确认")
    assert "补充" in filed
    row = report_of(line, "class-reports", **{"class": "2班"})
    assert (row["status"], row["fever"], row["unreported"], row["is_zero"]) == ("submitted", 1, 2, False)


@pytest.mark.parametrize("word", ["确认", "签报", "确认零报告"])
async def test_the_other_words_for_yes_are_taken_too(line: Line, word: str) -> None:
    line.clock_at("10:00")
    await line.talk("江畔报告人", "零报告", word)
    assert report_of(line, "school-reports", school="江畔中学")["confirmed_by"] == "蒋欣"


@pytest.mark.parametrize("word", ["收到", "已联系"])
async def test_an_alert_is_acknowledged_by_its_words(line: Line, word: str) -> None:
    await line.say("舟妈", "38.2")
    await line.say("卫老师", word)
    (alert,) = line.export("alerts")
    assert alert["acknowledged_by"] == "卫东"


async def test_a_fever_after_the_lock_is_backfill_alerts_and_amends(line: Line) -> None:
    line.clock_at("10:00")
    await line.say("可妈", "36.5")
    await line.talk("卫老师", "班级", "确认")
    await line.talk("江畔报告人", "零报告", "确认")
    run(line, "day-lock", "11:30")
    assert report_of(line, "school-reports", school="江畔中学")["status"] == "locked"
    line.clock_at("12:00")
    await line.say("舟妈", "38.4")
    row = line.report("周舟")
    assert (row["state"], row["result"]) == ("backfill", "fever")
    assert any("周舟" in text for text in line.owed("卫老师", "alert"))
    assert any("周舟" in text or "更正" in text for text in line.owed("江畔报告人"))
    school = report_of(line, "school-reports", school="江畔中学")
    assert school["is_zero"] is False  # a zero that no longer holds is not shown as one


async def test_who_signed_is_told_when_what_they_signed_changes(line: Line) -> None:
    line.clock_at("09:40")
    await line.say("舟妈", "36.5")
    await line.talk("卫老师", "班级", "确认")
    await line.talk("江畔报告人", "零报告", "确认")
    await line.say("舟妈", "改 38.1")
    assert any("重新打开" in text for text in line.owed("卫老师"))
    assert any("重新打开" in text or "38.1" in text for text in line.owed("江畔报告人"))
    school = report_of(line, "school-reports", school="江畔中学")
    assert (school["fever"], school["is_zero"]) == (1, False)


# --- pushes -----------------------------------------------------------------------------------------------------
async def test_the_same_occurrence_twice_owes_nothing_twice(line: Line) -> None:
    assert run(line, "checkin-prompt", "07:31:30") == 18
    assert run(line, "checkin-prompt", "07:45") == 0
    assert len(line.owed("妈妈", "checkin-prompt")) == 1
    assert all(name in line.owed("妈妈", "checkin-prompt")[0] for name in ("林林", "林森"))


async def test_reminders_go_to_the_silent_only(line: Line) -> None:
    await line.say("舟妈", "36.5")
    run(line, "checkin-reminder", "08:40")
    assert line.owed("舟妈", "checkin-reminder") == []
    assert len(line.owed("可妈", "checkin-reminder")) == 1


async def test_official_pushes_name_no_child(line: Line) -> None:
    await line.say("舟妈", "38.2")
    run(line, "zero-report-escalation", "10:45")
    run(line, "daily-digest", "11:30")
    for who in ("区报告人", "局领导", "应急组"):
        for text in line.owed(who):
            assert not any(name in text for name in NAMES)
            assert "38.2" not in text
    assert line.owed("江畔校长", "zero-report-escalation")


async def test_late_schools_stand_in_the_digest_as_missing(line: Line) -> None:
    line.clock_at("10:00")
    await line.talk("江畔报告人", "零报告", "确认")
    run(line, "daily-digest", "11:30")
    (digest,) = line.owed("区报告人", "daily-digest")
    assert "已报1" in digest
    assert "红旗小学" in digest
    run(line, "day-lock", "11:30")
    assert report_of(line, "school-reports", school="红旗小学")["status"] == "missing"  # silence is never zero
    assert report_of(line, "school-reports", school="红旗小学")["is_zero"] is False


# --- staff chain, what is not there yet, conversation with the teacher -------------------------------------------
@pytest.mark.parametrize("text", ["入校报批", "值班表", "消毒记录", "物资台账"])
async def test_what_is_not_there_yet_is_said_so(line: Line, text: str) -> None:
    said = await line.say("报告人", text)
    assert "暂未开通" in said
    assert "没看懂" not in said


async def test_a_thread_to_the_head_teacher_is_answered_in_chat(line: Line) -> None:
    await line.talk("舟妈", "联系老师", "明天几点到校？")
    assert any("明天几点到校" in text for text in line.owed("卫老师"))
    assert not any("明天几点到校" in text for text in line.owed("陈老师"))


async def test_the_head_teacher_gets_the_classes_codes(line: Line) -> None:
    await line.talk("舟妈", "解绑", "确认解绑")
    said = await line.say("卫老师", "绑定码")
    assert "周舟" in said
    assert line.cast.codes["周舟"] in said
