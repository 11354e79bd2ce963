"""Which reports were asked for and have not come, and who has taken them on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from models.queries.reports import SIGNED
from models.rules.check_in import SLOT
from models.statements import values
from models.tables import Outbox, Person, Report, ReportNudge

#: A push in one of these states has not reached anybody.
LOST = ("dropped", "expired", "failed")


@dataclass(frozen=True, slots=True)
class Nudge:
    """One report that was asked for. asked_by: by hand, whose; taken: who answered 收到 last, and when."""

    unit_id: int
    asked_at: datetime
    asked_by: int | None
    steps_done: int
    taken_at: datetime | None
    taker: str

    def is_held(self, at: datetime, minutes: int) -> bool:
        """Whether somebody's 收到 still holds the next person back."""
        return self.taken_at is not None and at < self.taken_at + timedelta(minutes=minutes)


def open_nudges(connection: Connection, day: date, unit_ids: Iterable[int] | None = None) -> list[Nudge]:
    """The reports of `day` that were asked for and are not signed, of these units (None: of all). One statement."""
    signed = and_(
        Report.unit_id == ReportNudge.unit_id, Report.report_date == ReportNudge.report_date, Report.slot == SLOT
    )
    statement = (
        select(
            ReportNudge.unit_id,
            ReportNudge.asked_at,
            ReportNudge.asked_by,
            ReportNudge.steps_done,
            ReportNudge.taken_at,
            Person.name,
        )
        .outerjoin(Report, signed)
        .outerjoin(Person, Person.id == ReportNudge.taken_by)
        .where(ReportNudge.report_date == day)
        .where(or_(Report.status.is_(None), Report.status.not_in(sorted(SIGNED))))
        .order_by(ReportNudge.unit_id)
    )
    if unit_ids is not None:
        statement = statement.where(ReportNudge.unit_id.in_(sorted(set(unit_ids))))
    found = []
    for row in connection.execute(statement):
        *columns, taker = values(row)
        made: Any = (*columns, taker or "")
        found.append(Nudge(*made))
    return found


def taken_on(connection: Connection, unit_id: int, day: date) -> tuple[datetime, str] | None:
    """When somebody last answered 收到 to a reminder of this report, and who; None where nobody did. One statement."""
    row = connection.execute(
        select(ReportNudge.taken_at, Person.name)
        .join(Person, Person.id == ReportNudge.taken_by)
        .where(ReportNudge.unit_id == unit_id, ReportNudge.report_date == day, ReportNudge.taken_at.is_not(None))
    ).first()
    if row is None:
        return None
    at, name = values(row)
    return at, name


def pushed_keys(connection: Connection, account_ids: Iterable[int], since: datetime) -> dict[str, bool]:
    """The keys of what these accounts were pushed since then, and whether it may have arrived. One statement."""
    rows = connection.execute(
        select(Outbox.key, Outbox.state).where(Outbox.account_id.in_(sorted(set(account_ids))), Outbox.moment >= since)
    )
    return {row.key: row.state not in LOST for row in rows}
