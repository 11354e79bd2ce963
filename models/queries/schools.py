"""How the schools of a district stand on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from models.queries.due import Due
from models.queries.figures import figures_by_unit
from models.queries.reports import ReportInfo, reports_on, school_reports
from models.queries.school_figures import figures_by_school
from models.queries.units import UnitInfo, Units
from models.rules.figures import Figures, total


@dataclass(frozen=True, slots=True)
class SchoolSum:
    """One school's day: its figures and its report."""

    school: UnitInfo
    figures: Figures
    report: ReportInfo


@dataclass(frozen=True, slots=True)
class SchoolDay(SchoolSum):
    """The same, with the classes somebody is due in and nobody has signed."""

    unfiled: tuple[UnitInfo, ...]


def sums_on(
    connection: Connection,
    units: Units,
    days: Sequence[date],
    due: Due,
    school_ids: Iterable[int] | None = None,
    *,
    brief: bool = False,
) -> dict[date, list[SchoolSum]]:
    """Every school that owes a report (or those of `school_ids` that do), by day, in reading order. brief: as there.

    Summed by the database: two statements whatever the size, a third where classes follow a mode of their own.
    """
    wanted = None if school_ids is None else set(school_ids)
    schools = [one for one in units.schools() if wanted is None or one.id in wanted]
    schools.sort(key=lambda one: (one.position, one.path))
    figures = figures_by_school(connection, units, days, due, wanted, brief=brief)
    reports = school_reports(connection, days, wanted)
    return {
        day: [
            SchoolSum(one, figures[one.id, day], reports.get((one.id, day)) or ReportInfo(one.id, day))
            for one in schools
            if due.owes(one.id, day)
            and (one.id, day) in figures
            and figures[one.id, day].due + figures[one.id, day].staff_due
        ]
        for day in days
    }


def schools_on(
    connection: Connection,
    units: Units,
    day: date,
    due: Due,
    schools: list[UnitInfo] | None = None,
) -> list[SchoolDay]:
    """Every school that owes a report (or these `schools`, whatever they owe), in reading order. Two statements."""
    asked = units.schools() if schools is None else schools
    within = {school.id: list(units.within(school.id)) for school in asked}
    ids = None if schools is None else [unit.id for below in within.values() for unit in below]
    figures = figures_by_unit(connection, ids, [day], due)
    reports = reports_on(connection, ids, [day])
    found = []
    for school in sorted(asked, key=lambda one: (one.position, one.path)):
        below = within[school.id]
        sums = total(figures[unit.id, day] for unit in below if (unit.id, day) in figures)
        if schools is None and not (sums.due + sums.staff_due and due.owes(school.id, day)):
            continue
        unfiled = tuple(unit for unit in below if _owes(unit, day, figures, reports))
        report = reports.get((school.id, day)) or ReportInfo(school.id, day)
        found.append(SchoolDay(school, sums, report, unfiled))
    return found


def _owes(
    unit: UnitInfo,
    day: date,
    figures: Mapping[tuple[int, date], Figures],
    reports: Mapping[tuple[int, date], ReportInfo],
) -> bool:
    if unit.kind != "class_unit" or (unit.id, day) not in figures or not figures[unit.id, day].due:
        return False
    report = reports.get((unit.id, day))
    return report is None or not report.is_signed
