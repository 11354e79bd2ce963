"""The calendar as one value: the legal calendar with the district's own days, and the modes units follow."""

from __future__ import annotations

import calendar as months
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import chinese_calendar
from sqlalchemy import Connection, select

from models.queries.units import UnitInfo, Units, version_of
from models.rules.calendar import ModeFrom, Workday, is_reporting_day, mode_on
from models.rules.district import District
from models.statements import values
from models.tables import CalendarDay
from models.tables import CalendarMode as ModeRow

_HOLIDAYS = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午",
    "Mid-autumn Festival": "中秋",
    "National Day": "国庆",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


class Calendar:
    """Who is due on which day. version: the calendar's, at which it was read."""

    def __init__(
        self,
        days: Mapping[date, Workday],
        modes: Mapping[int, Sequence[ModeFrom]],
        district: District,
        version: int = 0,
    ) -> None:
        self._days, self._modes, self._district = days, modes, district
        self.version = version

    def workday(self, day: date) -> Workday:
        """What the calendar says of a day: the district's own days first, then the published calendar.

        Beyond both it is the weekday, marked as not verified.
        """
        return self._days.get(day) or published(day)

    def mode(self, units: Units, unit_id: int, day: date) -> str:
        """The mode (domain handbook 3.1) that holds for a unit on a day."""
        return mode_on(chain(units, unit_id), self._modes, self._district.mode, day)

    def is_due(self, units: Units, unit_id: int, day: date) -> bool:
        """Whether the people of a unit report on a day."""
        return is_reporting_day(self.mode(units, unit_id, day), self.workday(day), day, self._district.times.starts_on)

    def due_units(self, units: Units, day: date) -> set[int]:
        """The ids of all units whose people report on a day."""
        top = units.district
        return {unit.id for unit in units.within(top.id) if self.is_due(units, unit.id, day)} if top else set()

    def previous_due_day(self, units: Units, unit_id: int, day: date, within: int = 60) -> date | None:
        """The last day before `day` on which the unit reported; None if there was none in `within` days."""
        days = (day - timedelta(days=back) for back in range(1, within + 1))
        return next((earlier for earlier in days if self.is_due(units, unit_id, earlier)), None)

    def modes_of(self, unit_id: int) -> Sequence[ModeFrom]:
        """What was ever ordered for a unit, by day."""
        return sorted(self._modes.get(unit_id, ()), key=lambda mode: mode.from_date)

    @property
    def ordered(self) -> frozenset[int]:
        """The units a mode was ever ordered for."""
        return frozenset(self._modes)

    def unverified(self, days: Iterable[date]) -> list[date]:
        """Those of `days` that only the weekday speaks for: the operator should import the year's calendar."""
        return [day for day in days if not self.workday(day).is_verified]


def chain(units: Units, unit_id: int) -> list[int]:
    """A unit and all above it, upwards; empty for one the tree does not know."""
    found: list[int] = []
    unit: UnitInfo | None = units.get(unit_id)
    while unit is not None:
        found.append(unit.id)
        unit = units.get(unit.parent_id)
    return found


def published(day: date) -> Workday:
    """The State Council's calendar as `chinesecalendar` carries it; beyond its years the weekday, not verified."""
    try:
        is_holiday, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return Workday(day.weekday() < months.SATURDAY, "", is_verified=False)
    shown = _HOLIDAYS.get(name, name) if name else ""
    if not is_holiday and day.weekday() >= months.SATURDAY:
        shown += "调休上班"
    return Workday(not is_holiday, shown)


def load(connection: Connection, district: District) -> Calendar:
    """The calendar of the district. Three statements."""
    version = version_of(connection, "calendar")
    days = {
        row.day: Workday(row.is_workday, row.name)
        for row in connection.execute(select(CalendarDay.day, CalendarDay.is_workday, CalendarDay.name))
    }
    modes: dict[int, list[ModeFrom]] = defaultdict(list)
    rows = connection.execute(select(ModeRow.unit_id, ModeRow.mode, ModeRow.from_date).order_by(ModeRow.id))
    for row in rows:
        modes[row.unit_id].append(ModeFrom(*values(row)))
    return Calendar(days, modes, district, version)


class CalendarCache:
    """Gives the calendar, reading it again only when somebody (in any process) has changed it."""

    def __init__(self) -> None:
        self._calendar: Calendar | None = None

    def get(self, connection: Connection, district: District) -> Calendar:
        known = self._calendar
        if known is None or known.version != version_of(connection, "calendar"):
            known = self._calendar = load(connection, district)
        return known
