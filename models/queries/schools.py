"""How the schools of a district stand on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from models.queries.due import Due
from models.queries.figures import figures_by_unit
from models.queries.reports import ReportInfo, reports_on
from models.queries.units import UnitInfo, Units
from models.rules.figures import Figures, total


@dataclass(frozen=True, slots=True)
class SchoolDay:
    """One school's day: its figures, its report, the classes with anybody due, and those of them not signed."""

    school: UnitInfo
    figures: Figures
    report: ReportInfo
    unfiled: tuple[UnitInfo, ...]


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
