"""The calendar in the database: legal days, modes, and what the cache believes."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from app.files.calendar import read_days
from app.files.sheets import BadSheet
from models.actions import calendar as actions
from models.actions.calendar import LegalDay
from models.queries.calendar import Calendar, CalendarCache, load, published
from models.rules.calendar import FOLLOW, Workday
from tests.cast import DISTRICT, MONDAY
from tests.play import Play

FEBRUARY_14, SPRING_FESTIVAL = date(2026, 2, 14), date(2026, 2, 17)


def calendar_of(play: Play) -> Calendar:
    with play.database.read() as connection:
        return load(connection, DISTRICT)


def order(play: Play, path: str, mode: str, day: date) -> bool:
    with play.database.write() as connection:
        work = play.work(connection)
        changed = actions.set_mode(work, play.cast.units[path], mode, day, "cli:test")
        work.flush()
        return changed


@pytest.mark.parametrize(
    ("day", "fact"),
    [
        (MONDAY, Workday(True)),
        (FEBRUARY_14, Workday(True, "春节调休上班")),
        (SPRING_FESTIVAL, Workday(False, "春节")),
        (date(2026, 3, 1), Workday(False)),
        (date(2035, 3, 5), Workday(True, is_verified=False)),
        (date(2035, 3, 4), Workday(False, is_verified=False)),
    ],
)
def test_the_published_calendar_knows_make_up_days_and_its_own_end(day: date, fact: Workday) -> None:
    assert published(day) == fact


def test_a_make_up_saturday_is_a_school_day_and_a_holiday_is_not(play_on_both: Play) -> None:
    play = play_on_both
    early = date(2026, 1, 1)
    order(play, "红旗小学", "school_day", early)
    with play.database.read() as connection:
        units, calendar = play.units.get(connection), load(connection, DISTRICT)
    school = play.cast.units["红旗小学/三年级/2班"]
    assert [calendar.is_due(units, school, day) for day in (MONDAY, date(2026, 2, 28), date(2026, 4, 6))] == [
        True,
        True,  # a Saturday worked for the Spring Festival
        False,  # Tomb-sweeping day's Monday
    ]
    assert not calendar.is_due(units, school, FEBRUARY_14)  # before starts_on
    assert play.cast.units["江畔中学"] in calendar.due_units(units, date(2026, 4, 6))
    assert calendar.previous_due_day(units, school, date(2026, 4, 7)) == date(2026, 4, 3)


def test_days_of_a_later_year_are_not_verified_until_imported(play: Play) -> None:
    day = date(2035, 10, 1)
    assert calendar_of(play).unverified([MONDAY, day]) == [day]
    with play.database.write() as connection:
        work = play.work(connection)
        assert actions.import_days(work, [LegalDay(day, False, "国庆")], "2035.xlsx", "cli:test") == 1
        assert actions.import_days(work, [LegalDay(day, False, "国庆")], "2035.xlsx", "cli:test") == 0
        work.flush()
    assert calendar_of(play).workday(day) == Workday(False, "国庆")


def test_an_order_of_the_same_day_replaces_the_earlier_one(play: Play) -> None:
    assert order(play, "红旗小学", "school_day", MONDAY)
    assert not order(play, "红旗小学", "school_day", MONDAY)
    assert order(play, "红旗小学", "holiday_quiet", MONDAY)
    assert [mode.mode for mode in calendar_of(play).modes_of(play.cast.units["红旗小学"])] == ["holiday_quiet"]
    order(play, "红旗小学", FOLLOW, MONDAY + timedelta(days=1))
    with play.database.read() as connection:
        units = play.units.get(connection)
    school = play.cast.units["红旗小学"]
    assert calendar_of(play).mode(units, school, MONDAY + timedelta(days=1)) == "closed_campus"
    with pytest.raises(ValueError, match="unknown calendar mode"):
        order(play, "红旗小学", "weekend", MONDAY)


def test_a_cache_reads_again_only_after_a_change(play: Play) -> None:
    cache = CalendarCache()
    with play.database.read() as connection:
        first = cache.get(connection, DISTRICT)
        assert cache.get(connection, DISTRICT) is first
    order(play, "红旗小学", "school_day", MONDAY)
    with play.database.read() as connection:
        assert cache.get(connection, DISTRICT) is not first


def test_a_calendar_file_is_read_and_its_faults_are_all_listed(tmp_path: Path) -> None:
    path = tmp_path / "2027.csv"
    path.write_text("日期,上班,名称\n2027-02-06,否,春节\n2027/2/14,是,调休\n", encoding="utf-8")
    assert read_days(path) == [
        LegalDay(date(2027, 2, 6), False, "春节"),
        LegalDay(date(2027, 2, 14), True, "调休"),
    ]
    path.write_text("日期,上班\n2月6日,否\n2027-02-07,也许\n2027-02-08,是\n2027-02-08,否\n", encoding="utf-8")
    with pytest.raises(BadSheet) as caught:
        read_days(path)
    assert [line.split("：")[0] for line in str(caught.value).splitlines()] == [
        "2027.csv 第 2 行「日期」",
        "2027.csv 第 3 行「上班」",
        "2027.csv 第 5 行「日期」",
    ]
