"""Which mode holds, and who is due."""

from __future__ import annotations

from datetime import date

import pytest

from models.rules.calendar import FOLLOW, NAMES, STRICTNESS, ModeFrom, Workday, is_reporting_day, mode_on
from models.rules.district import MODES
from tests.cast import MONDAY

CLASS, SCHOOL, DISTRICT = 30, 20, 10
CHAIN = (CLASS, SCHOOL, DISTRICT)


@pytest.mark.parametrize(
    ("mode", "on_workdays", "on_holidays"),
    [
        ("closed_campus", True, True),
        ("pre_term", True, True),
        ("holiday_report", True, True),
        ("school_day", True, False),
        ("boarding_day", True, False),
        ("holiday_quiet", False, False),
    ],
)
def test_who_reports_when(mode: str, on_workdays: bool, on_holidays: bool) -> None:
    assert is_reporting_day(mode, Workday(True), MONDAY) is on_workdays
    assert is_reporting_day(mode, Workday(False), MONDAY) is on_holidays


def test_nobody_is_due_before_monitoring_starts() -> None:
    assert not is_reporting_day("closed_campus", Workday(True), date(2026, 2, 21), starts_on=date(2026, 2, 22))
    assert is_reporting_day("closed_campus", Workday(True), date(2026, 2, 22), starts_on=date(2026, 2, 22))


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown calendar mode"):
        is_reporting_day("weekend", Workday(True), MONDAY)


def test_the_nearest_unit_and_its_latest_day_win() -> None:
    modes = {
        DISTRICT: [ModeFrom(DISTRICT, "school_day", date(2026, 2, 1))],
        SCHOOL: [
            ModeFrom(SCHOOL, "closed_campus", date(2026, 3, 1)),
            ModeFrom(SCHOOL, "pre_term", date(2026, 3, 5)),
            ModeFrom(SCHOOL, FOLLOW, date(2026, 3, 9)),
        ],
        CLASS: [ModeFrom(CLASS, "holiday_report", date(2026, 3, 7))],
    }
    seen = [
        mode_on(CHAIN, modes, "holiday_quiet", date(2026, month, day))
        for month, day in ((1, 31), (2, 28), (3, 4), (3, 5))
    ]
    assert seen == ["holiday_quiet", "school_day", "closed_campus", "pre_term"]
    assert mode_on(CHAIN, modes, "holiday_quiet", date(2026, 3, 8)) == "holiday_report"
    assert mode_on(CHAIN[1:], modes, "holiday_quiet", date(2026, 3, 9)) == "school_day"


def test_every_mode_has_a_name_and_a_strictness() -> None:
    assert set(STRICTNESS) == set(MODES)
    assert set(NAMES) == {*MODES, FOLLOW}
