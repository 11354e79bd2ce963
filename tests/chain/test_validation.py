"""V01–V22 of the domain handbook (6.4): for each a day that breaks it, the nearest day that does not, and the words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from bots.reports.words.findings import in_words
from models.actions.management import Start, release, start
from models.actions.reports import file
from models.queries.figures.unit import figures_of
from models.queries.management import managed
from models.rules.figures import NAMES, Figures, may_be_zero, validate, validate_day, zero_kind
from models.rules.typed import Typed, compare
from models.tables import Clearance, Enrolment, Journey, Management, Person
from tests.cast import MONDAY, at
from tests.jobs.helper import run
from tests.play import Play

TUESDAY = MONDAY + timedelta(days=1)
SECOND, SCHOOL = "红旗小学/三年级/2班", "红旗小学"
DAY = Figures(
    enrolled=30, expected=30, due=30, reported=28, on_time=27, fever=1, cough=1, symptomatic=2, judged=1, sick_absence=1
)
AT_SCHOOL = replace(DAY, present=27, absent=3, personal_leave=2)

#: code, the day that breaks it, the nearest that does not, whether it blocks, what a teacher reads
RULES = [
    ("V01", replace(DAY, expected=31), replace(DAY, expected=30), True, "应到31人，多于在册30人"),
    ("V02", replace(AT_SCHOOL, present=26), AT_SCHOOL, True, "实到26人加缺勤3人，不等于应到30人"),
    ("V03", replace(AT_SCHOOL, sick_absence=2), AT_SCHOOL, True, "缺勤3人，与登记的缺勤原因合计4人不一致"),
    ("V04", replace(DAY, exempt=3), replace(DAY, exempt=2), True, "已报28人加免报3人，多于应报30人"),
    (
        *("V05", replace(DAY, unexplained_absence=1), replace(DAY, personal_leave=1), False),
        "有1人缺勤原因不明，请查明后回复“缺勤 姓名 病假 …”登记",
    ),
    ("V06", replace(DAY, symptomatic=3), DAY, True, "有症状3人，与各症状人数不一致"),
    ("V06", replace(DAY, cough=2, symptomatic=1), replace(DAY, symptomatic=1), True, "有症状1人，与各症状人数不一致"),
    (
        *("V07", replace(DAY, symptomatic=31, cough=31), replace(DAY, symptomatic=30, cough=30), True),
        "有症状31人，多于应报30人",
    ),
    (
        *("V08", replace(DAY, other_city=10, abroad=20, place_unknown=1)),
        *(replace(DAY, other_city=10, abroad=20), True),
        "不在本地30人，另有地点不明1人，合计多于应报30人；一个人一天只在一个地方",
    ),
    ("V09", replace(DAY, in_key_region=31), replace(DAY, in_key_region=30), True, "在重点地区31人，多于应报30人"),
    (
        *("V11", replace(DAY, suspected=1, confirmed=1, twice_found=1), replace(DAY, suspected=1, confirmed=1), True),
        "有学生1人、教职工0人同时登记了两种病例状态，一个人只能有一种",
    ),
    (
        *("V12", replace(DAY, staff_twice_kept=1), DAY, True),
        "有学生0人、教职工1人同时登记了两种隔离，一个人只能在一处",
    ),
    (
        *("V12", replace(DAY, close_contact=2, contacts_unplaced=1), replace(DAY, close_contact=2), False),
        "密接2人中有1人没有隔离登记，请回复“隔离 姓名 居家 …”登记，或签报后用“补充 …”说明原因",
    ),
    ("V15", replace(DAY, judged=0), DAY, False, "发热1人中，已判断0人，请核实其余并说明是否需要报告"),
    ("V17", replace(DAY, cough=-1, symptomatic=0, fever=0, judged=0), DAY, True, "有小于零的数字"),
    (
        *("V21", replace(DAY, home_isolation=1, cleared_isolating=1), replace(DAY, home_isolation=1), True),
        "有学生1人、教职工0人今天已准入复课，隔离却没有解除，只能有一样",
    ),
]


@pytest.mark.parametrize(("code", "wrong", "near", "blocks", "words"), RULES, ids=lambda value: str(value)[:3])
def test_a_day_that_breaks_a_rule_is_told_apart_from_the_nearest_that_does_not(
    code: str, wrong: Figures, near: Figures, blocks: bool, words: str
) -> None:
    found = [finding for finding in validate(wrong) if (finding.code, finding.blocks) == (code, blocks)]
    assert in_words(found) == words
    assert (code, blocks) not in {(finding.code, finding.blocks) for finding in validate(near)}


def test_a_key_region_in_ones_own_city_needs_no_other_province() -> None:
    assert validate(replace(DAY, in_key_region=3)) == []  # V09: never forced below `other_province`


def test_who_has_not_returned_is_derived_and_cannot_be_typed() -> None:
    assert replace(DAY, other_city=1, other_province=2, abroad=3).not_returned == 6  # V10
    assert "not_returned" not in NAMES
    with pytest.raises(TypeError):
        Figures(not_returned=1)  # type: ignore[call-arg]


def test_isolations_go_on_from_what_was_signed_yesterday() -> None:
    signed = Figures(home_isolation=2)
    as_signed = replace(
        DAY, home_isolation=1, central_isolation=1, hospitalised=1, new_isolating=2, released_isolating=1
    )
    assert "V13" not in {finding.code for finding in validate(as_signed, signed=signed)}
    (found,) = [one for one in validate(replace(as_signed, home_isolation=2), signed=signed) if one.code == "V13"]
    assert not found.blocks
    assert in_words([found]) == "在隔离4人，昨天签报2人，今天新增2人、解除1人，数字接不上"


def test_a_sum_that_is_not_the_sum_of_its_parts_blocks() -> None:
    assert "V14" not in {finding.code for finding in validate(DAY, children=[DAY, Figures()])}
    (found,) = validate(replace(DAY, reported=29), children=[DAY])
    assert (found.code, found.blocks, in_words([found])) == ("V14", True, "合计与下级各单位之和不一致")


def test_nothing_in_the_scope_of_a_level_is_inside_a_zero() -> None:
    well = Figures(enrolled=30, expected=30, due=30, reported=30)
    assert zero_kind(well, "class_unit") == "full"  # V16
    assert not may_be_zero(replace(well, sick_absence=1), "class_unit")
    assert may_be_zero(replace(well, sick_absence=1), "school")
    assert not may_be_zero(replace(well, new_confirmed=1), "school")
    assert may_be_zero(replace(well, confirmed=1), "school")  # in management since an earlier day


def test_a_fever_nobody_judged_is_no_zero_and_one_judged_is() -> None:
    ill = Figures(enrolled=30, expected=30, due=30, reported=30, fever=1, symptomatic=1)
    assert zero_kind(ill, "school") == ""  # V15
    assert zero_kind(replace(ill, judged=1), "school") == "full"


def test_uncounted_presence_is_not_zero_presence() -> None:
    assert validate(replace(DAY, present=None, absent=None)) == []  # V17: null is not 0
    assert "V02" in {finding.code for finding in validate(replace(DAY, present=0, absent=0))}


@pytest.mark.parametrize(("back", "holds"), [(-1, False), (0, True), (3, True), (4, False)])
def test_a_day_to_come_and_a_day_long_gone_are_not_signed(back: int, holds: bool) -> None:
    found = validate_day(MONDAY - timedelta(days=back), MONDAY, 3)
    assert (found == []) is holds
    if found:
        assert found[0].blocks
        assert in_words(found) == f"与今天相差{abs(back)}天：还没到的日子不能签报，过去的只能补报3天以内的"


def test_a_roster_mended_after_the_signature_is_named_and_a_transfer_is_not() -> None:
    moved_in = replace(DAY, enrolled=31, expected=31, due=31)
    assert "V19" not in {one.code for one in validate(moved_in, yesterday=DAY, signed=DAY)}
    (found,) = [one for one in validate(moved_in, yesterday=moved_in, signed=DAY) if one.code == "V19"]
    assert not found.blocks
    assert in_words([found]) == "昨天签报时在册30人，现在名册上昨天是31人，名册在签报后改动过"


@pytest.mark.parametrize(("before", "today", "jumps"), [(0, 2, False), (2, 3, True), (3, 3, False), (1, 2, True), (4, 7, True), (0, 1, False)])  # fmt: skip
def test_sick_leave_that_jumps_is_a_warning(before: int, today: int, jumps: bool) -> None:
    found = validate(replace(DAY, sick_absence=today), yesterday=replace(DAY, sick_absence=before))
    assert ("V20" in {one.code for one in found}) is jumps
    assert not [one for one in found if one.blocks]


def test_a_typed_number_is_compared_and_never_taken_over() -> None:
    (found,) = compare(Typed(due=30, reported=30), DAY, staff=False)  # V22
    assert (found.name, found.typed, found.derived) == ("reported", 30, 28)
    assert compare(Typed(due=30, reported=28), DAY, staff=False) == []


# -- the same on records, as people make them ---------------------------------------------------------------------------


def _figures(play: Play, path: str, day=MONDAY) -> Figures:  # type: ignore[no-untyped-def]
    with play.database.read() as connection:
        units = play.units.get(connection)
        unit = play.cast.units[path]
        return figures_of(connection, units, [unit], day)[unit]


def _managed(play: Play, who: str, kind: str, day=MONDAY) -> None:  # type: ignore[no-untyped-def]
    with play.database.write() as connection:
        work = play.work(connection)
        start(work, Start(play.cast.people[who], play.cast.units[SECOND], kind, day, "区疾控", 14))


def test_the_register_keeps_one_finding_and_one_measure_a_person(play_on_both: Play) -> None:
    play = play_on_both
    for kind in ("suspected", "confirmed", "home_isolation", "hospitalised"):
        _managed(play, "林林", kind)
    one = _figures(play, SECOND)
    assert (one.suspected, one.confirmed, one.home_isolation, one.hospitalised) == (0, 1, 0, 1)
    assert (one.twice_found, one.twice_kept, one.new_isolating, one.released_isolating) == (0, 0, 2, 1)
    assert {finding.code for finding in validate(one)} == set()
    with play.database.write() as connection:  # what the register itself never writes
        row = {"unit_id": play.cast.units[SECOND], "known_on": MONDAY, "state": "observing", "started_at": at("08:00")}
        for kind in ("asymptomatic", "central_isolation"):
            connection.execute(insert(Management).values(person_id=play.cast.people["林林"], kind=kind, **row))
    assert {finding.code for finding in validate(_figures(play, SECOND)) if finding.blocks} == {"V11", "V12"}


def test_a_contact_without_isolation_is_named_to_the_reporter_by_number(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("08:10")
    play.say("报告人", "密接 王乐乐 区疾控电话通知 3月2日08:00")
    assert _figures(play, SECOND).contacts_unplaced == 1
    warned = "请核对：密接1人中有1人没有隔离登记"
    assert warned in play.say("报告人", "零报告")
    play.say("报告人", "隔离 王乐乐 居家 3月1日 区疾控通知")
    assert _figures(play, SECOND).contacts_unplaced == 0
    assert warned not in play.say("报告人", "零报告")


def test_an_isolation_entered_for_a_day_that_was_signed_is_explained(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("09:40")
    play.say("报告人", "零报告")
    assert play.say("报告人", "确认").startswith("已上报")
    run(play, "day-lock", "11:30")
    play.clock("08:00", TUESDAY)
    _managed(play, "王乐乐", "home_isolation", TUESDAY)
    assert "数字接不上" not in play.say("报告人", "零报告")
    _managed(play, "李小明", "home_isolation", MONDAY)
    assert "在隔离2人，昨天签报0人，今天新增1人、解除0人，数字接不上" in play.say("报告人", "零报告")


def test_somebody_admitted_while_still_isolated_keeps_the_school_from_being_signed(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("08:00")
    _managed(play, "王乐乐", "home_isolation")
    with play.database.write() as connection:
        values = {
            "certificate": "released",
            "check_passed": True,
            "presented_at": at("08:10"),
            "checked_at": at("08:20"),
        }
        connection.execute(update(Clearance).values(**values, admitted_at=at("08:30"), ended_on=MONDAY))
        assert connection.execute(select(Clearance.person_id)).scalars().all() == [play.cast.people["王乐乐"]]
    play.clock("09:40")
    play.say("报告人", "零报告")
    said = play.say("报告人", "确认")
    assert "有学生1人、教职工0人今天已准入复课，隔离却没有解除" in said
    with play.database.write() as connection:
        work = play.work(connection)
        release(work, managed(work, [play.cast.people["王乐乐"]]), MONDAY, "解除通知", 14)
    play.say("报告人", "零报告")
    assert play.say("报告人", "确认").startswith("已上报")


def test_one_isolated_anew_on_the_day_they_came_back_is_no_contradiction(play_on_both: Play) -> None:
    play = play_on_both
    with play.database.write() as connection:
        connection.execute(
            insert(Clearance).values(
                person_id=play.cast.people["王乐乐"],
                unit_id=play.cast.units[SECOND],
                reason="sick",
                needed_on=MONDAY,
                admitted_at=at("07:30"),
                ended_on=MONDAY,
            )
        )
    play.clock("08:00")
    _managed(play, "王乐乐", "home_isolation")
    assert _figures(play, SECOND).cleared_isolating == 0


def test_nobody_signs_a_day_to_come(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("09:40")
    with play.database.write() as connection:
        work = play.work(connection)
        unit = work.units[play.cast.units[SCHOOL]]
        me = play.cast.people["报告人"]
        assert file(work, unit, TUESDAY, me, "", play.now).findings[0].code == "V18"
        assert file(work, unit, MONDAY - timedelta(days=4), me, "", play.now).outcome == "blocked"
        late = file(work, unit, MONDAY - timedelta(days=3), me, "", play.now)
        assert (late.outcome, late.report.status, late.report.on_time) == ("filed", "amended", False)
        assert file(work, unit, MONDAY, me, "", play.now).outcome == "filed"


def test_places_are_counted_once_and_the_unknown_one_by_itself(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("08:00")
    play.say("奶奶", "36.5 孩子不在本地，还没回来")
    play.say("小明爸爸", "36.5 孩子现在在沈阳")
    one = _figures(play, SECOND)
    assert (one.place_unknown, one.not_returned) == (1, 1)
    play.say("奶奶", "在上海")
    one = _figures(play, SECOND)
    assert (one.place_unknown, one.not_returned) == (0, 2)
    with play.database.write() as connection:  # two more children than there are are away
        connection.execute(delete(Enrolment).where(Enrolment.person_id == play.cast.people["林林"]))
        connection.execute(delete(Journey))
        connection.execute(delete(Enrolment).where(Enrolment.person_id == play.cast.people["李小明"]))
    play.clock("09:10")
    play.say("陈老师", "班级")
    assert "不在本地2人，另有地点不明0人，合计多于应报1人" in play.say("陈老师", "确认")


def test_a_pupil_entered_for_yesterday_after_the_class_was_signed_is_seen(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("09:10")
    play.say("陈老师", "班级")
    play.say("陈老师", "确认")
    run(play, "day-lock", "11:30")
    play.clock("08:00", TUESDAY)
    assert "名册在签报后改动过" not in play.say("陈老师", "班级")
    with play.database.write() as connection:
        connection.execute(update(Person).where(Person.name == "王乐乐").values(left_on=MONDAY))
    assert "昨天签报时在册3人，现在名册上昨天是2人，名册在签报后改动过" in play.say("陈老师", "班级")


def test_a_class_that_falls_ill_is_pointed_out_before_it_is_signed(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("08:30", TUESDAY)
    for name in ("林林", "王乐乐"):
        play.say("陈老师", f"缺勤 {name} 病假 感冒")
    assert "比昨天明显增多" not in play.say("陈老师", "班级")
    play.say("陈老师", "缺勤 李小明 病假 感冒")
    assert "因病缺勤3人，比昨天明显增多，请留意是否有聚集" in play.say("陈老师", "班级")
    run(play, "class-report", "09:05", TUESDAY)
    assert "比昨天明显增多" in play.owed("陈老师", "class-report")[-1]  # in the one message a teacher has to read
