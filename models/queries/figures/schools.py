"""How the schools of a district stand on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from models.queries.due import Due
from models.queries.figures.rolls import classes_without, is_summed
from models.queries.figures.school import EVERYTHING, calendar_of, figures_by_school
from models.queries.figures.unit import figures_of
from models.queries.reports import SIGNED, ReportInfo, school_reports
from models.queries.units import UnitInfo, Units
from models.rules.check_in import SLOT
from models.rules.figures import Figures
from models.tables import Report


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
    parts: Collection[str] = EVERYTHING,
) -> dict[date, list[SchoolSum]]:
    """Every school that owes a report (or those of `school_ids` that do), by day, in reading order. parts: as there.

    Summed by the database: four statements whatever the size, a fifth where classes follow a mode of their own.
    """
    wanted = None if school_ids is None else set(school_ids)
    schools = [one for one in units.schools() if wanted is None or one.id in wanted]
    schools.sort(key=lambda one: (one.position, one.path))
    figures = figures_by_school(connection, units, days, due, wanted, parts=parts)
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
    """Every school that owes a report (or these `schools`, whatever they owe), in reading order, with its open classes.

    Six statements whatever the size.
    """
    ids = None if schools is None else [school.id for school in schools]
    if schools is None:
        found: list[SchoolSum] = sums_on(connection, units, [day], due)[day]
    else:
        figures = figures_of(connection, units, ids or [], day, due)
        reports = school_reports(connection, [day], ids)
        found = [
            SchoolSum(one, figures[one.id], reports.get((one.id, day)) or ReportInfo(one.id, day))
            for one in sorted(schools, key=lambda one: (one.position, one.path))
        ]
    unfiled = unfiled_on(connection, units, day, due, ids)
    return [SchoolDay(one.school, one.figures, one.report, tuple(unfiled.get(one.school.id, ()))) for one in found]


def unfiled_on(
    connection: Connection, units: Units, day: date, due: Due, school_ids: Iterable[int] | None = None
) -> dict[int, list[UnitInfo]]:
    """The classes somebody is due in and nobody has signed, by school (None: of all) and in reading order. Two
    statements."""
    signed = select(Report.unit_id).where(
        Report.report_date == day,
        Report.slot == SLOT,
        Report.status.in_(sorted(SIGNED)),
        Report.first_filed_at.is_not(None),
    )
    summed = is_summed(connection)
    found: dict[int, list[UnitInfo]] = {}
    for unit_id in classes_without(connection, calendar_of([day]), signed, school_ids, summed=summed):
        unit = units.get(unit_id)
        if unit is not None and unit.kind == "class_unit" and unit.school_id and due.owes(unit_id, day):
            found.setdefault(unit.school_id, []).append(unit)
    for classes in found.values():
        classes.sort(key=lambda one: _place(units, one))
    return found


def _place(units: Units, one: UnitInfo) -> tuple[int, str, int, str]:
    above = units.get(one.parent_id)
    return (above.position, above.path, one.position, one.path) if above else (0, "", one.position, one.path)
