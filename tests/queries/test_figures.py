"""Figures of units: one statement, staff and pupils apart, by the roster of the day."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from datetime import timedelta

from sqlalchemy import insert, select, update

from models.queries.due import due_in
from models.queries.figures.day_table import DayTable, day_table
from models.queries.figures.rows import FIGURES, ReportRow, report_rows
from models.queries.figures.school import figures_by_school
from models.queries.figures.unit import _question, figures_by_unit, figures_of
from models.rules.figures import Figures, total
from models.tables import Absence, Alert, Enrolment, Person, PersonDay, Report, ReportVersion
from tests.cast import MONDAY, at
from tests.jobs.helper import Counted, run
from tests.play import Play

TUESDAY = MONDAY + timedelta(days=1)


def figures(play: Play, path: str, day=MONDAY) -> Figures:  # type: ignore[no-untyped-def]
    with play.database.read() as connection:
        units = play.units.get(connection)
        unit = play.cast.units[path]
        return figures_of(connection, units, [unit], day)[unit]


def test_all_units_of_all_schools_take_one_statement(play_on_both: Play) -> None:
    play = play_on_both
    with play.database.read() as connection:
        units = play.units.get(connection)
        with Counted(play) as counted:
            figures_of(connection, units, [school.id for school in units.schools()], MONDAY)
        assert len(counted) == 1
        with Counted(play) as counted:
            figures_by_unit(connection, None, [MONDAY - timedelta(days=back) for back in range(14)])
        assert len(counted) == 1


def test_a_statement_is_built_once_for_whatever_units_and_days(play_on_both: Play) -> None:
    """Building it takes longer than signing a class; it was built anew for each class and day."""
    play = play_on_both
    units = [play.cast.units["红旗小学/三年级/1班"], play.cast.units["江畔中学/七年级/1班"]]
    with play.database.read() as connection:
        figures_by_unit(connection, units[:1], [MONDAY])
        known = _question.cache_info().misses
        for number, unit in enumerate(units):
            found = figures_by_unit(connection, [unit], [MONDAY + timedelta(days=number)])
            assert {place: one.due for place, one in found.items()} == {(unit, MONDAY + timedelta(days=number)): 1}
        assert figures_by_unit(connection, [], [MONDAY]) == {}
        assert _question.cache_info().misses == known


def test_pupils_and_staff_are_never_mixed(play_on_both: Play) -> None:
    play = play_on_both
    play.say("妈妈", "林林36.5")
    play.say("陈老师", "36.4")
    play.say("报告人", "38.1")
    school = figures(play, "红旗小学")
    assert (school.due, school.reported, school.fever) == (5, 1, 0)
    assert (school.staff_due, school.staff_reported, school.staff_fever) == (9, 2, 1)
    grade = figures(play, "红旗小学/三年级")
    assert (grade.due, grade.staff_due, grade.staff_reported) == (4, 2, 1)


def test_who_is_due_follows_the_roster_of_the_day(play_on_both: Play) -> None:
    play = play_on_both
    first, second = play.cast.units["红旗小学/三年级/1班"], play.cast.units["红旗小学/三年级/2班"]
    pupil = play.cast.people["李小明"]
    with play.database.write() as connection:  # moves over on Tuesday
        connection.execute(update(Enrolment).where(Enrolment.person_id == pupil).values(to_date=TUESDAY))
        connection.execute(insert(Enrolment).values(person_id=pupil, unit_id=first, from_date=TUESDAY))
        connection.execute(update(Person).where(Person.id == pupil).values(unit_id=first))
        connection.execute(update(Person).where(Person.name == "赵可").values(left_on=TUESDAY))
        connection.execute(update(Person).where(Person.name == "林林").values(joined_on=TUESDAY))
    with play.database.read() as connection:
        made = figures_by_unit(connection, [first, second], [MONDAY, TUESDAY])
    assert {(place, day): made[place, day].due for place, day in made} == {
        (first, MONDAY): 1,
        (second, MONDAY): 2,
        (first, TUESDAY): 1,
        (second, TUESDAY): 2,
    }


def test_absences_new_abnormal_ones_and_alerts_are_counted_by_person(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("08:00")
    play.say("奶奶", "38.2")
    play.say("小明爸爸", "36.5 咳嗽")
    play.clock("08:00", TUESDAY)
    play.say("奶奶", "38.4")
    play.say("妈妈", "林林37.9")
    second = play.cast.units["红旗小学/三年级/2班"]
    with play.database.write() as connection:
        values = {"unit_id": second, "kind": "sick", "entered_at": at("09:00")}
        connection.execute(insert(Absence).values(person_id=play.cast.people["林林"], report_date=TUESDAY, **values))
    monday, tuesday = figures(play, "红旗小学/三年级/2班"), figures(play, "红旗小学/三年级/2班", TUESDAY)
    assert (monday.fever, monday.symptomatic, monday.cough, monday.new_abnormal) == (1, 2, 1, 2)
    assert (tuesday.fever, tuesday.new_abnormal, tuesday.sick_absence) == (2, 1, 1)
    assert (tuesday.present, tuesday.absent) == (None, None)  # nobody is at school on a closed day


def test_a_danger_without_a_number_keeps_a_class_from_being_zero(play_on_both: Play) -> None:
    play = play_on_both
    play.clock("08:00")
    play.say("可妈", "孩子发烧了")
    one = figures(play, "红旗小学/三年级/1班")
    assert (one.reported, one.alerted) == (0, 1)
    play.clock("09:10")
    play.say("黄老师", "班级")
    play.say("黄老师", "确认")
    with play.database.read() as connection:
        assert connection.execute(select(Report.is_zero)).scalars().all() == [False]


def test_counters_and_classes_add_up_after_a_random_day(play_on_both: Play) -> None:
    """Whatever is said when: every sum fits, every zero is somebody's yes, and a recount gives the same."""
    play = play_on_both
    chance = random.Random(20260302)
    families = {"妈妈": ("林林", "林森"), "奶奶": ("",), "小明爸爸": ("",), "可妈": ("",), "舟妈": ("",)}
    signers = ("陈老师", "黄老师", "吴老师", "卫老师", "孙主任", "报告人", "江畔报告人")
    shows = {"孙主任": "年级", "报告人": "零报告", "江畔报告人": "零报告"}
    minute = 0
    for _ in range(120):
        minute += chance.randint(0, 4)
        if minute >= 350:
            break
        play.clock(f"{6 + minute // 60:02d}:{minute % 60:02d}")
        if chance.random() < 0.6:
            who = chance.choice(list(families))
            name = chance.choice(families[who])
            reading = chance.choice(("36.5", "36.8", "38.3", "37.4", "36.6 咳嗽", "36.4 没有不舒服"))
            play.say(who, f"{chance.choice(('', '改 '))}{name}{reading}")
        else:
            who = chance.choice(signers)
            play.say(who, shows.get(who, "班级"))
            play.say(who, "确认")
        if chance.random() < 0.2:
            _check(play)
    run(play, "day-lock", "11:59")
    _check(play)


#: Columns of pupils: the staff of a grade stand in no class, those of a school in no grade.
_PUPILS = [name for name in FIGURES if not name.startswith("staff_")]


def _add_up(rows: dict[str, list[ReportRow]], summed: dict[str, Figures], table: DayTable) -> None:
    """Classes are grades are schools, column by column and unit by unit; the sums by the database, and the workbook's
    table, say the same as the export."""
    by_grade, by_school = defaultdict(list), defaultdict(list)
    for row in rows["class_unit"]:
        by_grade[row.school, row.grade].append(row)
    for row in rows["grade"]:
        by_school[row.school].append(row)
        for name in _PUPILS:
            below = [value for one in by_grade[row.school, row.grade] if (value := getattr(one, name)) is not None]
            assert getattr(row, name) == (sum(below) if below else None), (row.school, row.grade, name)
    for row in rows["school"]:
        for name in _PUPILS:
            below = [value for one in by_school[row.school] if (value := getattr(one, name)) is not None]
            assert getattr(row, name) == (sum(below) if below else None), (row.school, name)
        assert row.staff_due >= sum(one.staff_due for one in by_school[row.school])
        for name in FIGURES:
            assert getattr(summed[row.school], name) == getattr(row, name), (row.school, name)
    for name in FIGURES:
        known = [value for row in rows["school"] if (value := getattr(row, name)) is not None]
        assert getattr(table.figures, name) == (sum(known) if known else None), name
    assert table.filing.zeros == sum(row.is_zero for row in rows["school"])
    assert [one.name for one in table.rows if one.is_zero] == [row.school for row in rows["school"] if row.is_zero]


def _check(play: Play) -> None:
    with play.database.read() as connection:
        units = play.units.get(connection)
        due = due_in(connection, units, play.district)
        rows = {
            kind: list(report_rows(connection, units, play.district, due, kind, MONDAY, MONDAY, play.now))
            for kind in ("class_unit", "grade", "school")
        }
        parts = figures_by_unit(connection, None, [MONDAY])
        recount = Counter(
            (row.unit_id, mark)
            for row in connection.execute(select(PersonDay.unit_id, PersonDay.marks, PersonDay.state))
            for mark in [*filter(None, row.marks.split(",")), *(["reported"] if row.state != "backfill" else [])]
        )
        versions = {
            row.unit_id
            for row in connection.execute(select(ReportVersion.unit_id).where(ReportVersion.by_person_id.is_not(None)))
        }
        alerts = connection.execute(select(Alert.id)).all()
        summed = figures_by_school(connection, units, [MONDAY], due)
        table = day_table(connection, units, play.district, due, MONDAY, play.now)
    for (unit_id, _), one in parts.items():
        if units[unit_id].kind == "class_unit":
            for name in ("reported", "fever", "symptomatic", "cough"):
                assert getattr(one, name) == recount[unit_id, name]
    for name in ("due", "reported", "unreported", "fever", "symptomatic"):
        sums = {kind: sum(getattr(row, name) for row in listed) for kind, listed in rows.items()}
        assert len(set(sums.values())) == 1
    _add_up(rows, {units[school].name: found for (school, _), found in summed.items()}, table)
    assert total(parts.values()).fever == sum(row.fever for row in rows["school"])
    signed = {units[unit_id].path for unit_id in versions}
    for listed in rows.values():
        for row in listed:
            path = "/".join(part for part in (row.school, row.grade, row.class_) if part)
            assert row.unreported == row.due - row.reported
            if row.is_zero:
                assert path in signed
                assert row.fever == 0
                assert row.zero_kind in {"full", "qualified"}
                assert row.status != "missing"
            if row.status in {"submitted", "accepted", "locked"} and path not in signed:
                assert row.grade is not None  # a grade without a head is skipped, not signed
            if row.fever:
                assert alerts
