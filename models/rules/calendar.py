"""Which mode holds for a unit on a day, and whether anybody is due then (domain handbook 3.1).

Pure: whether a day is a workday (legal calendar and make-up days included) comes in as a fact; it is never derived here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from models.rules.district import MODES

#: A unit that says this follows the unit above it again.
FOLLOW = "follow"
#: Who is due in a mode: every day, on teaching days (调休 included), or never.
EVERY_DAY = frozenset({"closed_campus", "pre_term", "holiday_report"})
TEACHING_DAYS = frozenset({"school_day", "boarding_day"})
#: How strict a mode is: the more days and checks, the stricter. "Tightening" means going up (contract 6).
STRICTNESS: Mapping[str, int] = {
    "holiday_quiet": 0,
    "school_day": 1,
    "boarding_day": 2,
    "holiday_report": 3,
    "pre_term": 4,
    "closed_campus": 4,
}
NAMES: Mapping[str, str] = {
    "school_day": "教学日上报",
    "boarding_day": "教学日上报（住校）",
    "closed_campus": "校园封闭管理，每天上报",
    "pre_term": "返校前连续监测，每天上报",
    "holiday_report": "假期每天上报",
    "holiday_quiet": "假期不上报",
    FOLLOW: "随上级",
}


@dataclass(frozen=True, slots=True)
class ModeFrom:
    """From a day on, a unit follows a mode (or FOLLOW: the unit above it)."""

    unit_id: int
    mode: str
    from_date: date


@dataclass(frozen=True, slots=True)
class Workday:
    """What the calendar says of a day. is_verified: false beyond the published calendar (待核对)."""

    is_workday: bool
    name: str = ""
    is_verified: bool = True


def mode_on(chain: Sequence[int], modes: Mapping[int, Sequence[ModeFrom]], default: str, day: date) -> str:
    """The mode that holds on `day`: the nearest unit that has one, there the latest begun; else the district file's.

    chain: ids from the unit up to the district. modes: by unit, in any order.
    """
    for unit_id in chain:
        begun = [mode for mode in modes.get(unit_id, ()) if mode.from_date <= day]
        if begun:
            latest = max(enumerate(begun), key=lambda placed: (placed[1].from_date, placed[0]))[1]
            if latest.mode != FOLLOW:
                return latest.mode
    return default


def is_reporting_day(mode: str, workday: Workday, day: date, starts_on: date | None = None) -> bool:
    """Whether people of a unit in `mode` are due to report on `day`. Raises ValueError for an unknown mode."""
    if mode not in MODES:
        raise ValueError(f"unknown calendar mode: {mode}")
    if starts_on is not None and day < starts_on:
        return False
    if mode in EVERY_DAY:
        return True
    return mode in TEACHING_DAYS and workday.is_workday
