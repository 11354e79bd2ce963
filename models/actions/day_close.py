"""Closing a day: every unit's report ends as locked, amended or missing (domain handbook 6.6, 7.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy import insert as plain_insert

from models.actions.trail import note
from models.queries.bound import holders_on
from models.queries.due import due_of
from models.queries.figures.unit import figures_by_unit
from models.queries.reports import ReportInfo, reports_on
from models.queries.units import UnitInfo
from models.rules.check_in import SLOT
from models.rules.district import Reporting
from models.rules.figures import Figures, may_be_zero, total
from models.statements import insert
from models.tables import Report, ReportVersion
from models.work import Row, Work


@dataclass(frozen=True, slots=True)
class Closed:
    """How many units' days ended how."""

    locked: int
    missing: int


def close(work: Work, day: date, at: datetime) -> Closed:
    """Lock what was signed once, as it stands now, and put down as missing what never was. Again: nothing new.

    What was opened again and not signed since keeps its signature's kind of zero only while that still holds. A grade
    without a head is a level that is skipped: it is locked when its school has filed. Nine statements at most.
    """
    connection = work.flush()
    # Held first, in the order in which answers open them again: whatever is committed before is in the figures read
    # next, and whatever comes after finds the day locked.
    held = select(Report.unit_id).where(Report.report_date == day, Report.slot == SLOT)
    connection.execute(held.order_by(Report.unit_id).with_for_update()).all()
    figures = figures_by_unit(connection, None, [day], due_of(work))
    reports = reports_on(connection, None, [day])
    headed = {holder.unit_id for holder in holders_on(connection, ("grade_head",), day)}
    changed: list[Row] = []
    versions: list[Row] = []
    missing: list[Row] = []
    owes = due_of(work).owes
    for school in work.units.schools():
        filed = (report := reports.get((school.id, day))) is not None and report.was_filed
        for unit in work.units.within(school.id):
            below = total(figures[one.id, day] for one in work.units.within(unit.id) if (one.id, day) in figures)
            if not below.due + below.staff_due or not owes(unit.id, day):
                continue
            one = reports.get((unit.id, day)) or ReportInfo(unit.id, day)
            skipped = unit.kind == "grade" and unit.id not in headed and filed
            if one.was_filed:
                _lock(one, unit, below, at, work.district.reporting, changed, versions)
            elif one.status != "missing":
                missing.append(_row(unit, day, "locked" if skipped else "missing"))
    if changed:
        place = (Report.unit_id == bindparam("unit"), Report.report_date == day, Report.slot == SLOT)
        names = ("status", "version", "is_zero", "zero_kind", "figures")
        connection.execute(
            update(Report).where(*place).values({name: bindparam(f"new_{name}") for name in names}), changed
        )
    if versions:
        connection.execute(plain_insert(ReportVersion), versions)
    if missing:
        statement = insert(connection, Report)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=("unit_id", "report_date", "slot"),
                set_={"status": statement.excluded.status, "capacity": statement.excluded.capacity},
            ),
            sorted(missing, key=lambda row: int(row["unit_id"])),
        )
    gone = sum(row["status"] == "missing" for row in missing)
    note(work, "job:day-lock", "day-closed", f"day:{day}", f"locked {len(changed)}, missing {gone}")
    return Closed(len(changed), gone)


def _lock(
    report: ReportInfo,
    unit: UnitInfo,
    figures: Figures,
    at: datetime,
    reporting: Reporting,
    changed: list[Row],
    versions: list[Row],
) -> None:
    if report.status in {"locked", "amended"}:
        return
    # Nobody's yes makes a zero here; a zero that no longer holds ends.
    still_zero = report.is_zero and may_be_zero(figures, unit.kind, reporting)
    row = {
        "unit": unit.id,
        "new_status": "locked",
        "new_version": report.version,
        "new_is_zero": still_zero,
        "new_zero_kind": report.zero_kind if still_zero else "",
        "new_figures": report.signed_figures,
    }
    if not report.is_signed:
        # Opened again or returned, and not signed since: the day keeps the figures as they are.
        row |= {"new_version": report.version + 1, "new_figures": figures.to_json()}
        versions.append(
            {
                "unit_id": unit.id,
                "report_date": report.report_date,
                "slot": SLOT,
                "version": row["new_version"],
                "status": "locked",
                "is_zero": row["new_is_zero"],
                "zero_kind": row["new_zero_kind"],
                "figures": row["new_figures"],
                "by_person_id": None,
                "capacity": "",
                "at": at,
                "reason": report.reason,
            }
        )
    changed.append(row)


def _row(unit: UnitInfo, day: date, status: str) -> Row:
    return {
        "unit_id": unit.id,
        "report_date": day,
        "slot": SLOT,
        "status": status,
        "version": 0,
        "is_zero": False,
        "zero_kind": "",
        "capacity": "acted_for" if status == "locked" else "",
    }
