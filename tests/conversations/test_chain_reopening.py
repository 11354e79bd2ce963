"""After a signature: changes open it again, tell those who signed, and lose nothing."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from models.tables import Report, ReportVersion
from tests.jobs.helper import run
from tests.play import Play


def _statuses(play: Play) -> dict[str, str]:
    paths = {number: path for path, number in play.cast.units.items()}
    with play.database.read() as connection:
        return {paths[row.unit_id]: row.status for row in connection.execute(select(Report.unit_id, Report.status))}


def _sign_all(play: Play) -> None:
    play.clock("09:10")
    for who, word in (("黄老师", "班级"), ("陈老师", "班级"), ("孙主任", "年级"), ("报告人", "零报告")):
        play.say(who, word)
        play.say(who, "确认")


def test_a_late_fever_opens_class_grade_and_school_and_tells_each_signer_once(play_on_both: Play) -> None:
    play = play_on_both
    play.say("可妈", "36.5")
    _sign_all(play)
    assert _statuses(play) == {
        "红旗小学/三年级/1班": "accepted",
        "红旗小学/三年级/2班": "accepted",
        "红旗小学/三年级": "accepted",
        "红旗小学": "submitted",
    }
    play.clock("09:42")
    play.say("可妈", "量了又是38.4")
    assert _statuses(play) == {
        "红旗小学/三年级/1班": "draft",
        "红旗小学/三年级/2班": "accepted",
        "红旗小学/三年级": "draft",
        "红旗小学": "draft",
    }
    change = "更正: 发热 0→1、有症状 0→1, 09:42。签报已重新打开，请回复“{}”查看，无误后回复“确认”。"
    assert "三年级1班 " + change.format("班级") in play.owed("黄老师", "class-report")
    assert "三年级 " + change.format("年级") in play.owed("孙主任", "grade-report")
    assert "红旗小学 " + change.format("零报告") in play.owed("报告人", "school-report")
    assert not play.owed("陈老师", "class-report")
    # A second answer finds nothing signed and tells nobody again.
    play.say("可妈", "改 38.6")
    assert len(play.owed("黄老师", "class-report")) == 1


def test_the_first_filing_keeps_deciding_whether_it_was_on_time(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("09:20")
    play.say("黄老师", "班级")
    play.say("黄老师", "确认")
    play.clock("09:50")
    play.say("可妈", "36.5")
    play.say("黄老师", "班级")
    play.say("黄老师", "确认")
    with play.database.read() as connection:
        row = connection.execute(select(Report.on_time, Report.version, Report.zero_kind)).one()
        kept = connection.execute(select(ReportVersion.version, ReportVersion.zero_kind)).all()
    assert tuple(row) == (True, 2, "full")
    assert sorted(tuple(one) for one in kept) == [(1, "qualified"), (2, "full")]


def test_an_answer_that_says_nothing_new_opens_nothing(play_on_both: Play) -> None:
    play = play_on_both
    play.say("可妈", "36.5")
    _sign_all(play)
    play.say("可妈", "36.5")
    assert _statuses(play)["红旗小学/三年级/1班"] == "accepted"


def test_an_absence_entered_after_the_signature_opens_it_too(play_on_both: Play) -> None:
    play = play_on_both
    _sign_all(play)
    play.say("黄老师", "缺勤 赵可 病假 感冒")
    assert _statuses(play)["红旗小学/三年级/1班"] == "draft"
    assert any("因病缺勤 0→1" in text for text in play.owed("报告人", "school-report"))


def test_an_answer_of_the_staff_opens_grade_and_school_and_no_class(play_on_both: Play) -> None:
    play = play_on_both
    _sign_all(play)
    play.say("陈老师", "37.8")
    assert _statuses(play) == {
        "红旗小学/三年级/1班": "accepted",
        "红旗小学/三年级/2班": "accepted",
        "红旗小学/三年级": "draft",
        "红旗小学": "draft",
    }
    assert any("教职工发热 0→1" in text for text in play.owed("报告人", "school-report"))


def test_a_danger_told_without_a_number_opens_a_signed_zero(play_on_both: Play) -> None:
    play = play_on_both
    _sign_all(play)
    play.clock("09:42")
    play.say("可妈", "孩子发烧了")
    assert _statuses(play)["红旗小学/三年级/1班"] == "draft"
    assert any("更正: 待核实 0→1, 09:42" in text for text in play.owed("报告人", "school-report"))
    assert "另有1人待核实" in play.say("黄老师", "班级")
    assert play.say("黄老师", "确认").startswith("已确认：三年级1班日报")
    run(play, "day-lock", "11:30")
    with play.database.read() as connection:
        zeros = connection.execute(select(Report.unit_id).where(Report.is_zero)).scalars().all()
    assert zeros == [play.cast.units["红旗小学/三年级/2班"]]


def test_two_in_one_batch_one_signs_and_both_are_told(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("10:20")
    play.say("报告人", "零报告")
    play.say("校长", "零报告")
    said = play.turn(play.incoming("校长", "确认"), play.incoming("报告人", "确认"))
    assert said[0].startswith("已上报：红旗小学零报告")
    assert "由校长签报" in said[0]
    assert said[1].startswith("红旗小学不用重复确认：褚明已于10:20签报（由校长签报）")


@pytest.mark.timeout(60)
def test_two_at_once_on_two_connections_one_signs_and_both_are_told(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("10:20")
    for who in ("报告人", "校长", "副报告人"):
        play.say(who, "零报告")
    messages = [play.incoming(who, "确认") for who in ("报告人", "校长", "副报告人")]
    said: list[str] = []
    gate = threading.Barrier(len(messages))

    def confirm(message) -> None:  # type: ignore[no-untyped-def]
        gate.wait()
        said.extend(play.turn(message))

    threads = [threading.Thread(target=confirm, args=(message,)) for message in messages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 3
    assert sum(text.startswith("已上报：红旗小学") for text in said) == 1
    assert sum(text.startswith("红旗小学不用重复确认：") for text in said) == 2
    with play.database.read() as connection:
        assert connection.execute(select(ReportVersion.version)).scalars().all() == [1]


@pytest.mark.timeout(60)
def test_an_answer_in_the_same_second_is_in_the_figures_or_opens_them(play_on_both: Play) -> None:
    """Signed figures never miss an answer without being opened again, whichever commits first."""
    play = play_on_both
    for minute in range(5):
        play.clock(f"09:{10 + minute}")
        play.say("黄老师", "班级")
        messages = [play.incoming("黄老师", "确认"), play.incoming("可妈", f"改 {36 + 2 * (minute % 2)}.{minute}")]
        gate = threading.Barrier(2)

        def turn(message, gate=gate) -> None:  # type: ignore[no-untyped-def]
            gate.wait()
            play.turn(message)

        threads = [threading.Thread(target=turn, args=(message,)) for message in messages]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        fever = minute % 2
        with play.database.read() as connection:
            row = connection.execute(select(Report.status, Report.figures, Report.is_zero)).one()
        if row.status == "submitted":
            assert row.figures.get("fever", 0) == fever
            assert row.is_zero == (not fever)
        else:
            assert row.status == "draft"


def test_nobody_signs_figures_they_have_not_seen(play: Play) -> None:
    play.clock("09:10")
    assert "无误请回复“确认”" in play.say("黄老师", "确认")
    assert _statuses(play) == {}


def test_somebody_with_several_posts_is_asked_which_and_may_name_it(play: Play) -> None:
    from sqlalchemy import insert

    from models.tables import Post
    from tests.cast import SCHOOL_YEAR

    with play.database.write() as connection:
        connection.execute(
            insert(Post).values(
                person_id=play.cast.people["陈老师"],
                role="grade_head",
                title="年级主任",
                unit_id=play.cast.units["红旗小学/三年级"],
                from_date=SCHOOL_YEAR,
            )
        )
    play.clock("09:10")
    assert play.say("陈老师", "确认") == ("您有2项可以确认：三年级2班、三年级。请写明是哪一项，例如：确认 三年级2班")
    assert play.say("陈老师", "确认 2班").startswith("已确认：三年级2班零报告（未报3人）")
    assert "班级已确认1/2" in play.say("陈老师", "年级")
    assert play.say("陈老师", "确认").startswith("已确认：三年级零报告")


def test_a_teacher_who_is_a_parent_elsewhere_keeps_the_hats_apart(play: Play) -> None:
    from sqlalchemy import insert

    from models.tables import Binding
    from tests.cast import at

    with play.database.write() as connection:
        connection.execute(
            insert(Binding).values(
                account_id=play.cast.accounts["陈老师"],
                person_id=play.cast.people["周舟"],
                relation="guardian",
                rank=2,
                bound_at=at("06:00"),
                consent_version="2026-02",
                consented_at=at("06:00"),
            )
        )
    play.clock("09:10")
    shown = play.say("陈老师", "班级")
    assert "周舟" not in shown
    assert "七年级" not in shown
    assert "没有找到“周舟”" in play.say("陈老师", "代报 周舟 36.5")
    play.say("陈老师", "周舟36.6")
    assert play.say("陈老师", "确认").startswith("已确认：三年级2班")


def test_two_pupils_of_one_name_are_asked_about_by_number(play: Play) -> None:
    from sqlalchemy import update

    from models.tables import Person

    with play.database.write() as connection:
        connection.execute(update(Person).where(Person.number == "S003").values(name="林林"))
    assert play.say("陈老师", "代报 林林 36.5") == (
        "“林林”有2位：林林（学号S001）、林林（学号S003）。请写全名或学号再发一次。"
    )
    assert play.say("陈老师", "代报 S003 36.5").startswith("已代报：林林 36.5℃")
    assert "未报：林林、王乐乐" in play.say("陈老师", "班级")


def test_a_class_is_seen_with_few_statements(play: Play) -> None:
    from tests.jobs.helper import Counted

    with Counted(play) as counted:
        play.say("陈老师", "班级")
    shown = len(counted)
    with Counted(play) as counted:
        play.say("报告人", "零报告")
    assert shown <= 20
    assert len(counted) <= 21
