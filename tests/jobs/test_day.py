"""The jobs of one day, on both engines."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models.tables import CheckIn, Inbox, Outbox, Person, Report
from schedules.registry import discover
from tests.cast import DISTRICT, MONDAY, at
from tests.jobs.helper import Counted, run, told
from tests.play import Play

SUNDAY = MONDAY - timedelta(days=1)
BUREAU = {"区报告人", "局领导", "应急组"}


def test_every_job_of_the_contract_is_found_and_files_are_named_after_them() -> None:
    assert set(discover()) >= {
        "checkin-prompt",
        "checkin-reminder",
        "class-report",
        "grade-report",
        "school-report",
        "zero-report-nudge",
        "zero-report-escalation",
        "daily-digest",
        "campaign-push",
        "campaign-reminder",
        "key-person-follow-up",
        "observation-check",
        "duty-handover",
        "retention",
    }


def test_the_prompt_goes_once_to_every_bound_guardian_and_member_of_school_staff(play_on_both: Play) -> None:
    play = play_on_both
    assert run(play, "checkin-prompt", "07:30").owed == 18  # six guardians, twelve of the schools' staff
    asked = told(play, "checkin-prompt")
    assert all(len(texts) == 1 for texts in asked.values())
    assert not BUREAU & set(asked)
    assert "新人" not in asked
    assert asked["妈妈"] == [
        "早上好，请报林林、林森今天的体温，可以一起发，比如：林林36.5，林森36.6，都没有不舒服。09:00前回复即可。"
    ]
    assert asked["奶奶"] == ["家长早上好，请报王乐乐今天的体温和身体情况，比如：36.5 没有不舒服。09:00前回复即可。"]
    assert asked["陈老师"] == ["陈静老师您好，请报今日体温和身体情况，比如：36.5 没有不舒服。09:00前回复即可，谢谢您。"]
    assert run(play, "checkin-prompt", "07:45").owed == 0


def test_a_pupil_who_has_left_is_not_asked_for(play_on_both: Play) -> None:
    play = play_on_both
    with play.database.write() as connection:
        connection.execute(update(Person).where(Person.name == "林森").values(left_on=MONDAY))
    run(play, "checkin-prompt", "07:30")
    assert "林森" not in told(play, "checkin-prompt")["妈妈"][0]


def test_reminders_go_to_the_silent_only_and_change_their_tone(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("08:00")
    for who in ("奶奶", "小明爸爸", "可妈"):
        play.say(who, "36.5")
    play.say("妈妈", "林林36.5")
    run(play, "checkin-reminder", "08:40")
    first = told(play, "checkin-reminder")
    assert {"妈妈", "舟妈"} <= set(first)
    assert not {"奶奶", "小明爸爸", "可妈", "爸爸"} & set(first)  # the father's only child has been reported
    assert first["妈妈"] == ["还没收到林森今天的健康情况，离截止还有20分钟，方便时请回复体温，例如 36.5，谢谢。"]
    run(play, "checkin-reminder", "09:05")
    assert told(play, "checkin-reminder")["舟妈"][1].startswith("周舟今天的体温还没报，已过截止时间")
    run(play, "checkin-reminder", "15:00")
    assert told(play, "checkin-reminder")["舟妈"][2].startswith("今天最后提醒一次")


def test_pushes_say_until_when_they_are_of_use_and_what_must_still_hold(play_on_both: Play) -> None:
    play = play_on_both
    run(play, "checkin-prompt", "07:30")
    run(play, "class-report", "09:05")
    run(play, "zero-report-nudge", "10:10")
    with play.database.read() as connection:
        rows = connection.execute(
            select(Outbox.kind, Outbox.key, Outbox.owed, Outbox.expires_at, Outbox.moment, Outbox.fields)
        ).all()
    by_kind = {row.kind: row for row in rows}
    assert by_kind["checkin-prompt"].expires_at == at("11:30")
    assert by_kind["checkin-prompt"].owed["rule"] == "unreported"
    assert by_kind["class-report"].owed["rule"] == "report_open"
    assert by_kind["zero-report-nudge"].expires_at == at("11:10")  # the next at 10:30, but an hour at least
    assert by_kind["zero-report-nudge"].moment == at("10:10")
    names = {"林林", "林森", "王乐乐", "李小明", "赵可", "周舟"}
    for row in rows:
        assert row.key.isascii()
        shown = " ".join(row.fields.values())
        assert not any(name in shown for name in names)
        assert "℃" not in shown


def test_head_teachers_get_their_class_by_name_and_one_word_files_it(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("08:00")
    play.say("奶奶", "38.2")
    play.say("妈妈", "林林36.5")
    run(play, "class-report", "09:05")
    sent = told(play, "class-report")
    assert set(sent) == {"陈老师", "黄老师", "吴老师", "卫老师"}
    assert sent["陈老师"] == [
        "三年级2班（3月2日）：应报3人，已报2人，未报1人；发热1人，有症状1人。\n未报：李小明\n异常：王乐乐 38.2℃\n"
        "请在09:30前核对，无误请回复“确认”。现在确认会标明未报1人；回复“催报”可再提醒家长。"
    ]
    play.clock("09:10")
    assert play.say("陈老师", "确认").startswith("已确认：三年级2班日报，09:10。")


def test_a_class_that_has_confirmed_is_not_asked_again(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("08:50")
    play.say("黄老师", "班级")
    play.say("黄老师", "确认")
    run(play, "class-report", "09:05")
    assert "黄老师" not in told(play, "class-report")


def test_grade_heads_come_first_and_the_academic_office_after_them(play_on_both: Play) -> None:
    play = play_on_both
    run(play, "grade-report", "09:30")
    assert set(told(play, "grade-report")) == {"孙主任"}
    run(play, "grade-report", "09:50")
    sent = told(play, "grade-report")
    assert set(sent) == {"孙主任", "教务"}
    assert len(sent["孙主任"]) == 1
    assert "教职工未报" in sent["教务"][0]
    assert "林林" not in sent["教务"][0]


def test_reporters_get_the_schools_figures(play_on_both: Play) -> None:
    play = play_on_both
    run(play, "school-report", "09:50")
    sent = told(play, "school-report")
    assert set(sent) == {"报告人", "江畔报告人"}
    assert "班级已确认0/3，未确认：三年级1班、三年级2班、五年级1班" in sent["报告人"][0]
    play.clock("09:55")
    assert play.say("报告人", "确认").startswith("已上报：红旗小学零报告（未报14人，3个班未确认）")


def test_only_reporters_who_have_not_filed_are_nudged_and_deputies_at_the_deadline(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("10:00")
    play.say("江畔报告人", "零报告")
    play.say("江畔报告人", "确认")
    run(play, "zero-report-nudge", "10:10")
    assert set(told(play, "zero-report-nudge")) == {"报告人"}
    assert "20分钟后截止" in told(play, "zero-report-nudge")["报告人"][0]
    run(play, "zero-report-nudge", "10:30")
    assert set(told(play, "zero-report-nudge")) == {"报告人", "副报告人"}


def test_the_first_escalation_tells_principal_and_bureau_and_later_ones_widen(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("10:00")
    play.say("江畔报告人", "零报告")
    play.say("江畔报告人", "确认")
    run(play, "zero-report-escalation", "10:45")
    first = told(play, "zero-report-escalation")
    assert set(first) == {"校长", "区报告人"}
    assert first["校长"] == [
        "您好，红旗小学今日日报已逾期15分钟，报告人暂未提交，请督促，或回复“零报告”核对后直接签报。"
    ]
    assert "江畔中学" not in first["区报告人"][0]
    run(play, "zero-report-escalation", "11:30")
    assert set(told(play, "zero-report-escalation")) == {"校长", *BUREAU}


def test_a_reporter_who_has_just_been_shown_the_figures_is_not_nudged_in_the_same_minute(play_on_both: Play) -> None:
    play = play_on_both
    run(play, "school-report", "10:10")
    assert "10:30" in told(play, "school-report")["报告人"][0]
    run(play, "zero-report-nudge", "10:10")
    assert "报告人" not in told(play, "zero-report-nudge")
    run(play, "zero-report-nudge", "10:30")
    assert "已确认0/3个班" in told(play, "zero-report-nudge")["报告人"][0]


def test_a_reporters_template_says_by_which_hour(play: Play) -> None:
    run(play, "class-report", "09:05")
    run(play, "grade-report", "09:50")
    run(play, "school-report", "09:50")
    run(play, "zero-report-nudge", "10:10")
    with play.database.read() as connection:
        rows = connection.execute(select(Outbox.kind, Outbox.fields)).all()
    assert {(row.kind, row.fields["time"]) for row in rows} == {
        ("class-report", "2026-03-02 09:30"),
        ("grade-report", "2026-03-02 09:50"),
        ("grade-report", "2026-03-02 10:10"),
        ("school-report", "2026-03-02 10:30"),
        ("zero-report-nudge", "2026-03-02 10:30"),
    }


def test_a_late_member_of_staff_is_told_who_waits_for_them(play: Play) -> None:
    run(play, "checkin-reminder", "09:05")
    sent = told(play, "checkin-reminder")
    assert "年级和教务处正在汇总" in sent["陈老师"][0]
    assert "班主任" not in sent["陈老师"][0]
    assert "班主任正在等全班情况" in sent["奶奶"][0]


def test_nobody_is_escalated_when_every_school_has_filed(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("10:00")
    for who in ("江畔报告人", "报告人"):
        play.say(who, "零报告")
        play.say(who, "确认")
    assert run(play, "zero-report-escalation", "10:45").owed == 0


def test_the_digest_names_schools_and_counts_and_no_person(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("08:00", SUNDAY)
    play.say("奶奶", "38.0")
    play.clock("08:00")
    play.say("奶奶", "36.8")
    play.say("舟妈", "36.6")
    play.clock("10:40")
    play.say("江畔报告人", "零报告")
    play.say("江畔报告人", "确认")
    run(play, "daily-digest", "11:30")
    sent = told(play, "daily-digest")
    assert set(sent) == BUREAU
    assert sent["局领导"] == [
        "春江区3月2日日报：应报2校，已报1（按时0），未报1（红旗小学）。\n"
        "迟报：江畔中学（迟10分）。\n"
        "学生：应报6，已报2（33.3%），发热0（较昨日−1），因病缺勤0，不在本地0。\n"
        "教职工：应报12，已报0（0.0%），发热0（与昨日持平）。\n"
        "疑似0，确诊0，密接0，在管0。\n"
        "情况不明：学生4人、教职工12人未报。回复“今日”看最新，“趋势”看变化，“未报”看名单。"
    ]


def test_the_day_closes_signed_reports_locked_and_silent_ones_missing(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("08:00")
    play.say("舟妈", "36.6")
    play.clock("09:00")
    play.say("卫老师", "班级")
    play.say("卫老师", "确认")
    play.say("江畔报告人", "零报告")
    play.say("江畔报告人", "确认")
    run(play, "day-lock", "11:30")
    run(play, "day-lock", "11:40")
    ends = _ends(play)
    assert ends == {
        "江畔中学": ("locked", True, "qualified"),
        "江畔中学/七年级": ("locked", False, ""),  # a level without a head is skipped, not missing
        "江畔中学/七年级/1班": ("locked", True, "full"),
        "红旗小学": ("missing", False, ""),
        "红旗小学/三年级": ("missing", False, ""),
        "红旗小学/三年级/1班": ("missing", False, ""),
        "红旗小学/三年级/2班": ("missing", False, ""),
        "红旗小学/五年级": ("missing", False, ""),
        "红旗小学/五年级/1班": ("missing", False, ""),
    }


def test_a_fever_after_the_lock_amends_what_was_signed_and_tells_the_signers(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("09:00")
    play.say("卫老师", "班级")
    play.say("卫老师", "确认")
    play.say("江畔报告人", "零报告")
    play.say("江畔报告人", "确认")
    run(play, "day-lock", "11:30")
    play.clock("13:42")
    play.say("舟妈", "38.5")
    ends = _ends(play)
    assert ends["江畔中学/七年级/1班"] == ("amended", False, "")
    assert ends["江畔中学"] == ("amended", False, "")
    assert "江畔中学 更正: 发热 0→1、有症状 0→1, 13:42。当日已锁定，记为更正版。回复“零报告”可查看。" in play.owed(
        "江畔报告人", "school-report"
    )


def test_a_late_answer_after_the_lock_changes_no_signed_figure(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("09:00")
    play.say("卫老师", "班级")
    play.say("卫老师", "确认")
    run(play, "day-lock", "11:30")
    play.clock("13:42")
    play.say("舟妈", "36.5")
    assert _ends(play)["江畔中学/七年级/1班"] == ("locked", True, "qualified")


def test_what_was_kept_long_enough_is_emptied(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("08:00")
    play.say("奶奶", "36.5")
    run(play, "checkin-prompt", "08:30")
    with play.database.write() as connection:
        connection.execute(update(Outbox).values(state="sent"))
    run(play, "retention", "21:00")
    assert _kept(play) == (1, 1, 18)
    run(play, "retention", "21:00", MONDAY + timedelta(days=3))
    assert _kept(play) == (0, 1, 18)
    run(play, "retention", "21:00", MONDAY + timedelta(days=31))
    assert _kept(play) == (0, 0, 18)
    run(play, "retention", "21:00", MONDAY + timedelta(days=91))
    assert _kept(play) == (0, 0, 0)


@pytest.mark.parametrize(
    ("name", "clock", "most"),
    [
        ("checkin-prompt", "07:30", 4),
        ("checkin-reminder", "08:40", 4),
        ("class-report", "09:05", 13),
        ("grade-report", "09:50", 13),
        ("school-report", "09:50", 13),
        ("zero-report-nudge", "10:10", 12),
        ("zero-report-escalation", "10:45", 11),
        ("daily-digest", "11:30", 10),
    ],
)
def test_a_plan_asks_the_same_few_questions_whatever_the_size(play: Play, name: str, clock: str, most: int) -> None:
    from models.work import Work
    from schedules.job import Moment
    from tests.play import PUBLIC_URL

    with play.database.read() as connection:
        work = Work(connection, at(clock), DISTRICT, play.vault, play.units.get(connection))
        with Counted(play) as counted:
            assert discover()[name].plan(
                Moment(at(clock), MONDAY, 0 if name != "grade-report" else 1, work, PUBLIC_URL)
            )
    assert len(counted) <= most


def _ends(play: Play) -> dict[str, tuple[str, bool, str]]:
    paths = {number: path for path, number in play.cast.units.items()}
    with play.database.read() as connection:
        rows = connection.execute(select(Report.unit_id, Report.status, Report.is_zero, Report.zero_kind)).all()
    return {paths[row.unit_id]: (row.status, row.is_zero, row.zero_kind) for row in rows}


def _kept(play: Play) -> tuple[int, int, int]:
    """Answered messages, raw texts, pushes."""
    with play.database.read() as connection:
        raw = [row.raw for row in connection.execute(select(CheckIn.raw)) if row.raw is not None]
        inbox = connection.execute(select(Inbox.key)).all()
        pushes = connection.execute(select(Outbox.id).where(Outbox.kind == "checkin-prompt")).all()
    return len(inbox), len(raw), len(pushes)
