"""Which reports stand for a day, and in which state."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased

from models.queries.units import UnitInfo
from models.rules.check_in import SLOT
from models.rules.district import District
from models.rules.figures import Figures
from models.statements import values
from models.tables import Person, Report, Unit

#: Signed and valid as it stands.
SIGNED = frozenset({"submitted", "accepted", "locked", "amended"})


@dataclass(frozen=True, slots=True)
class ReportInfo:
    """One unit's report of one day as it stands; version 0: nobody has signed anything."""

    unit_id: int
    report_date: date
    status: str = "draft"
    version: int = 0
    is_zero: bool = False
    zero_kind: str = ""
    signed_figures: dict[str, Any] | None = None
    first_filed_at: datetime | None = None
    confirmed_at: datetime | None = None
    confirmed_by: int | None = None
    capacity: str = ""
    accepted_by: int | None = None
    on_time: bool | None = None
    reason: str | None = None
    remark: bytes | None = None
    cosigned_at: datetime | None = None
    cosigner: str = ""  # who signed beside
    signer: str = ""  # the name behind confirmed_by

    @property
    def is_signed(self) -> bool:
        return self.status in SIGNED and self.first_filed_at is not None

    @property
    def was_filed(self) -> bool:
        """Signed at least once: a return or a re-opening does not make it "not filed" (6.6)."""
        return self.first_filed_at is not None

    @property
    def figures(self) -> Figures:
        """As they were signed."""
        return Figures.from_json(self.signed_figures or {})


_BESIDE = aliased(Person)
SELECT = (
    select(
        Report.unit_id,
        Report.report_date,
        Report.status,
        Report.version,
        Report.is_zero,
        Report.zero_kind,
        Report.figures,
        Report.first_filed_at,
        Report.confirmed_at,
        Report.confirmed_by,
        Report.capacity,
        Report.accepted_by,
        Report.on_time,
        Report.reason,
        Report.remark,
        Report.cosigned_at,
        _BESIDE.name,
        Person.name,
    )
    .outerjoin(Person, Person.id == Report.confirmed_by)
    .outerjoin(_BESIDE, _BESIDE.id == Report.cosigned_by)
    .where(Report.slot == SLOT)
)


def info(row: Any) -> ReportInfo:
    """A row of `SELECT` as a value."""
    *columns, beside, signer = values(row)
    made: Any = (*columns, beside or "", signer or "")
    return ReportInfo(*made)


def reports_on(
    connection: Connection, unit_ids: Iterable[int] | None, days: Sequence[date]
) -> dict[tuple[int, date], ReportInfo]:
    """The reports of these units (None: of all) on these days; units without one are left out. One statement."""
    statement = SELECT.where(Report.report_date.in_(days))
    if unit_ids is not None:
        statement = statement.where(Report.unit_id.in_(sorted(set(unit_ids))))
    return {(row.unit_id, row.report_date): info(row) for row in connection.execute(statement)}


def school_reports(
    connection: Connection, days: Sequence[date], school_ids: Iterable[int] | None = None
) -> dict[tuple[int, date], ReportInfo]:
    """The schools' own reports (None: of all) on these days. One statement; the classes' thousands stay where they are."""
    statement = SELECT.join(Unit, Unit.id == Report.unit_id).where(Report.report_date.in_(days), Unit.kind == "school")
    if school_ids is not None:
        statement = statement.where(Report.unit_id.in_(sorted(set(school_ids))))
    return {(row.unit_id, row.report_date): info(row) for row in connection.execute(statement)}


def filings(connection: Connection, days: Sequence[date]) -> dict[tuple[int, date], datetime]:
    """When each school first filed these days; those that did not are left out. One statement."""
    statement = (
        select(Report.unit_id, Report.report_date, Report.first_filed_at)
        .join(Unit, Unit.id == Report.unit_id)
        .where(Report.report_date.in_(days), Report.slot == SLOT, Unit.kind == "school")
        .where(Report.first_filed_at.is_not(None))
    )
    found: dict[tuple[int, date], datetime] = {}
    for row in connection.execute(statement):
        unit_id, day, filed_at = values(row)
        found[unit_id, day] = filed_at
    return found


def report_on(connection: Connection, unit_id: int, day: date) -> ReportInfo:
    """One unit's report; an empty draft where nobody has touched it. One statement."""
    return reports_on(connection, [unit_id], [day]).get((unit_id, day)) or ReportInfo(unit_id, day)


def deadline_of(district: District, unit: UnitInfo, day: date) -> datetime:
    """By when a unit's report is due (domain handbook 3.2)."""
    times = district.times
    clock = {"class_unit": times.class_deadline, "grade": times.grade_deadline}.get(unit.kind, times.school_deadline)
    return district.at(day, clock)
