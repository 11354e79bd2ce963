"""What must hold in the books of a district at any moment, whoever said what in whatever order.

`audit(...)` reads one day as exports and rows have it and gives every sentence that is not true of it; a sound day gives
none. Shared by the small machine that tries everything and by the long month.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Connection, select

from models.queries.due import due_in
from models.queries.figures.rows import FIGURES, ReportRow, report_rows
from models.queries.figures.unit import figures_by_unit
from models.queries.reports import reports_on
from models.queries.units import Units
from models.rules.check_in import COUNTS
from models.rules.district import District
from models.rules.figures import may_be_zero, total
from models.tables import PersonDay, ReportVersion, UnitDay

LEVELS = ("class_unit", "grade", "school")
PUPILS = tuple(name for name in FIGURES if not name.startswith("staff"))
STAFF = tuple(name for name in FIGURES if name.startswith("staff"))
ENDED = frozenset({"locked", "amended", "missing"})
#: What a signature stands for: these may not change under it without its being opened again.
UNDER_THE_SIGNATURE = (
    *("reported", "fever", "symptomatic", "sick_absence", "personal_leave", "isolation_absence"),
    *("unexplained_absence", "staff_reported", "staff_fever", "staff_symptomatic"),
)


@dataclass(slots=True)
class Truth:
    """What really was so, kept by the test itself. fevers, heard: persons of a class (by path) on the day."""

    fevers: Mapping[str, int] = field(default_factory=dict)
    heard: Mapping[str, int] = field(default_factory=dict)


def audit(
    connection: Connection, units: Units, district: District, day: date, now: datetime, truth: Truth, *, closed: bool
) -> list[str]:
    """Everything that is wrong with the books of `day`; empty when they are sound. closed: the day has been locked."""
    due = due_in(connection, units, district)
    rows = {
        kind: {_path(row): row for row in report_rows(connection, units, district, due, kind, day, day, now)}
        for kind in LEVELS
    }
    wrong = [*_sums(rows), *_counters(connection, units, day), *_true(rows["class_unit"], truth)]
    reports = {units[place[0]].path: one for place, one in reports_on(connection, None, [day]).items()}
    named: dict[str, list[str]] = defaultdict(list)  # unit → the zeros persons have signed
    versions: dict[str, list[int]] = defaultdict(list)
    for version in connection.execute(
        select(ReportVersion).where(ReportVersion.report_date == day).order_by(ReportVersion.version)
    ):
        path = units[version.unit_id].path
        versions[path].append(version.version)
        if version.by_person_id is not None and version.is_zero:
            named[path].append(version.zero_kind)
    parts = {units[place[0]].path: one for place, one in figures_by_unit(connection, None, [day], due).items()}
    for kind, listed in rows.items():
        for path, row in listed.items():
            report = reports.get(path)
            figures = total(one for name, one in parts.items() if name == path or name.startswith(f"{path}/"))
            if row.is_zero:
                if not named[path]:
                    wrong.append(f"{path}: a zero nobody has signed")
                if row.zero_kind not in named[path]:
                    wrong.append(f"{path}: a {row.zero_kind} zero where {named[path]} was signed")
                if not may_be_zero(figures, kind):
                    wrong.append(f"{path}: a zero with {figures.to_json()}")
                if row.status in {"missing", "returned"}:
                    wrong.append(f"{path}: a zero that is {row.status}")
            if row.on_time is not None and row.confirmed_by is None:
                wrong.append(f"{path}: on time or late, and signed by nobody")
            if row.status == "missing" and row.confirmed_by:
                wrong.append(f"{path}: missing, though {row.confirmed_by} signed")
            if closed and row.status not in ENDED:
                wrong.append(f"{path}: the day is closed and the report {row.status}")
            if (
                report is not None
                and report.status in {"submitted", "accepted", "locked", "amended"}
                and report.was_filed
            ):
                signed = report.figures
                wrong += [
                    f"{path}: {report.status} with {name} {getattr(signed, name)}, and it is {getattr(figures, name)}"
                    for name in UNDER_THE_SIGNATURE
                    if getattr(signed, name) != getattr(figures, name)
                ]
            if versions[path] != list(range(1, len(versions[path]) + 1)):
                wrong.append(f"{path}: versions {versions[path]}")
            elif row.version != len(versions[path]):
                wrong.append(f"{path}: version {row.version}, and {len(versions[path])} were kept")
    return wrong


def _path(row: ReportRow) -> str:
    return "/".join(part for part in (row.school, row.grade, row.class_) if part)


def _sums(rows: Mapping[str, Mapping[str, ReportRow]]) -> list[str]:
    """Classes add up to grades, and grades to schools, in every column the pupils have; schools hold all the staff."""
    wrong = []
    for upper, lower in (("school", "grade"), ("grade", "class_unit")):
        for path, row in rows[upper].items():
            below = [one for name, one in rows[lower].items() if name.startswith(f"{path}/")]
            for name in PUPILS:
                values = [getattr(one, name) for one in below]
                added = None if all(value is None for value in values) else sum(value or 0 for value in values)
                if (added or 0) != (getattr(row, name) or 0):
                    wrong.append(f"{path}: {name} {getattr(row, name)}, and {added} in its {lower}s")
            wrong += [
                f"{path}: {name} {getattr(row, name)}, fewer than in its {lower}s"
                for name in STAFF
                if sum(getattr(one, name) for one in below) > getattr(row, name)
            ]
            if row.unreported < 0 or row.reported > row.due:
                wrong.append(f"{path}: {row.reported} reported of {row.due} due")
    wrong += [
        f"{path}: {name} in a class, whose staff are counted above it"
        for path, row in rows["class_unit"].items()
        for name in STAFF
        if getattr(row, name)
    ]
    return wrong


def _counters(connection: Connection, units: Units, day: date) -> list[str]:
    """The running counts equal a recount of the persons' days."""
    recount: Counter[tuple[int, str, str]] = Counter()
    persons = select(PersonDay.unit_id, PersonDay.marks, PersonDay.state).where(PersonDay.report_date == day)
    for row in connection.execute(persons):
        kind = "student" if units[row.unit_id].kind == "class_unit" else "staff"
        recount.update((row.unit_id, kind, mark) for mark in row.marks.split(",") if mark)
        if row.state != "backfill":
            recount[row.unit_id, kind, "reported"] += 1
        if row.state == "reported":
            recount[row.unit_id, kind, "on_time"] += 1
    wrong = []
    counted = connection.execute(select(UnitDay).where(UnitDay.report_date == day)).all()
    for one in counted:
        for name in COUNTS:
            is_now, should = getattr(one, name), recount.pop((one.unit_id, one.kind, name), 0)
            if is_now != should:
                wrong.append(f"{units[one.unit_id].path}: counter {name} {is_now}, recounted {should}")
    wrong += [f"{units[unit].path}: {number} {name} uncounted" for (unit, _, name), number in recount.items() if number]
    parts = figures_by_unit(connection, None, [day])
    if total(parts.values()).fever != sum(one.fever for one in counted if one.kind == "student"):
        wrong.append("the district's fevers are not those of its classes")
    return wrong


def _true(classes: Mapping[str, ReportRow], truth: Truth) -> list[str]:
    wrong = []
    for path, row in classes.items():
        if path in truth.fevers and row.fever != truth.fevers[path]:
            wrong.append(f"{path}: fever {row.fever}, and in truth {truth.fevers[path]}")
        if path in truth.heard and row.reported != truth.heard[path]:
            wrong.append(f"{path}: reported {row.reported}, and in truth {truth.heard[path]}")
        if row.is_zero and truth.fevers.get(path):
            wrong.append(f"{path}: a zero, and {truth.fevers[path]} have a fever")
    return wrong
