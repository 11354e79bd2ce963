"""The rows of the exports class-reports, grade-reports and school-reports (contract 7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select

from models.queries.due import Due
from models.queries.figures.unit import figures_by_unit
from models.queries.reports import ReportInfo, deadline_of, reports_on
from models.queries.units import UnitInfo, Units
from models.rules.check_in import SLOT
from models.rules.district import District
from models.rules.figures import Figures, may_be_zero, total
from models.statements import values
from models.tables import Post

#: Days read at once: the statement stays of one size, and a year does not sit in memory.
_DAYS_AT_ONCE = 14


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One unit and day, with exactly the columns of the contract. None is an empty cell.

    Counts are those of today's records, so that classes add up to grades, grades to schools. is_zero: somebody signed
    a zero and it still holds. status: as the unit's report stands; never filed is `missing` once its deadline has
    passed, `draft` before.
    """

    date: date
    slot: str
    school: str
    grade: str | None
    class_: str | None
    expected: int
    due: int
    reported: int
    unreported: int
    present: int | None
    absent: int | None
    sick_absence: int
    personal_leave: int
    isolation_absence: int
    unexplained_absence: int
    fever: int
    symptomatic: int
    new_abnormal: int
    suspected: int
    confirmed: int
    close_contact: int
    home_isolation: int
    central_isolation: int
    not_returned: int
    in_key_region: int
    key_persons: int
    staff_due: int
    staff_reported: int
    staff_fever: int
    is_zero: bool
    zero_kind: str | None
    status: str
    confirmed_by: str | None
    confirmed_at: datetime | None
    on_time: bool | None
    version: int


#: The counts between `class` and `is_zero`, as `Figures` names them.
FIGURES = (
    "expected",
    "due",
    "reported",
    "unreported",
    "present",
    "absent",
    "sick_absence",
    "personal_leave",
    "isolation_absence",
    "unexplained_absence",
    "fever",
    "symptomatic",
    "new_abnormal",
    "suspected",
    "confirmed",
    "close_contact",
    "home_isolation",
    "central_isolation",
    "not_returned",
    "in_key_region",
    "key_persons",
    "staff_due",
    "staff_reported",
    "staff_fever",
)


def report_rows(
    connection: Connection,
    units: Units,
    district: District,
    due: Due,
    kind: str,
    first: date,
    last: date,
    now: datetime,
) -> Iterator[ReportRow]:
    """One row a unit of `kind` (class_unit, grade, school) and day on which it owes a report or has one.

    Two statements a fortnight.
    """
    wanted = [
        (school, [unit for unit in units.within(school.id) if unit.kind == kind])
        for school in sorted(units.schools(), key=lambda unit: (unit.position, unit.path))
    ]
    heads = _heads(connection) if kind == "grade" else []
    begin = first
    while begin <= last:
        end = min(last, begin + timedelta(days=_DAYS_AT_ONCE - 1))
        days = [begin + timedelta(days=number) for number in range((end - begin).days + 1)]
        figures = figures_by_unit(connection, None, days, due)
        reports = reports_on(connection, None, days)
        for day in days:
            headed = {unit for unit, since, until in heads if since <= day and (until is None or day < until)}
            for school, below in wanted:
                filed = (report := reports.get((school.id, day))) is not None and report.was_filed
                for unit in below:
                    skipped = kind == "grade" and unit.id not in headed and filed
                    row = _row(units, district, due, unit, day, figures, reports, now, skipped=skipped)
                    if row is not None:
                        yield row
        begin = end + timedelta(days=1)


def _row(
    units: Units,
    district: District,
    due: Due,
    unit: UnitInfo,
    day: date,
    figures: Mapping[tuple[int, date], Figures],
    reports: Mapping[tuple[int, date], ReportInfo],
    now: datetime,
    *,
    skipped: bool,
) -> ReportRow | None:
    sums = total(figures[one.id, day] for one in units.within(unit.id) if (one.id, day) in figures)
    report = reports.get((unit.id, day))
    heard = sums.reported + sums.staff_reported
    if report is None and not (due.owes(unit.id, day) and sums.due + sums.staff_due):
        return None
    if report is None and not heard and day > district.day_of(now):
        return None  # nobody owes anything for a day that has not come
    report = report or ReportInfo(unit.id, day)
    status = report.status
    if not report.was_filed and status in {"draft", "missing"}:
        passed = now > deadline_of(district, unit, day)
        status = "locked" if skipped and passed else "missing" if passed or status == "missing" else "draft"
    is_zero = report.is_zero and may_be_zero(sums, unit.kind, district.reporting)
    school, grade = units.get(unit.school_id), units.get(unit.grade_id)
    cells = (
        day,
        SLOT,
        school.name if school else unit.name,
        grade.name if grade else None,
        unit.name if unit.kind == "class_unit" else None,
        *(getattr(sums, name) for name in FIGURES),
        is_zero,
        (report.zero_kind or None) if is_zero else None,
        status,
        report.signer or None,
        report.confirmed_at,
        report.on_time,
        report.version,
    )
    return ReportRow(*cells)


def _heads(connection: Connection) -> list[tuple[int, date, date | None]]:
    """From when until when each grade has had a head."""
    rows = connection.execute(select(Post.unit_id, Post.from_date, Post.to_date).where(Post.role == "grade_head"))
    return [values(row) for row in rows]
