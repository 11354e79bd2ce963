"""What the rates of a day are made of, by school (domain handbook 7.5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, func, select

from models.queries.figures.schools import SchoolSum
from models.queries.reports import ReportInfo
from models.rules.district import District, Reporting
from models.rules.figures import may_be_zero
from models.rules.rates import Filing, Watched, explained, minutes_to
from models.statements import values
from models.tables import Absence, Alert, Campaign, Receipt, Unit


def filing_of(one: SchoolSum, reporting: Reporting) -> Filing:
    """One school's own filing of a day it owed."""
    report: ReportInfo = one.report
    zero = report.is_zero and may_be_zero(one.figures, "school", reporting)
    return Filing(
        1,
        int(report.was_filed),
        int(report.was_filed and report.on_time is True),
        int(zero),
        int(zero and report.zero_kind == "qualified"),
    )


def watched_on(
    connection: Connection, district: District, day: date, school_ids: Iterable[int] | None = None
) -> dict[int, Watched]:
    """What was followed after on a day, by school (None: all); schools without anything are left out. Three statements.

    receipts: of the publications whose day this is.
    """
    here = Unit.school_id.is_not(None) if school_ids is None else Unit.school_id.in_(sorted(set(school_ids)))
    sick: dict[int, list[tuple[datetime, datetime | None]]] = defaultdict(list)
    alerts: dict[int, list[int | None]] = defaultdict(list)
    answered: dict[int, tuple[int, int]] = {}
    rows = connection.execute(
        select(Unit.school_id, Absence.entered_at, Absence.followed_up_at)
        .join(Unit, Unit.id == Absence.unit_id)
        .where(Absence.report_date == day, Absence.kind == "sick", here)
    )
    for row in rows:
        school, entered, found = values(row)
        sick[school].append((entered, found))
    raised_on = connection.execute(
        select(Unit.school_id, Alert.raised_at, Alert.acknowledged_at)
        .join(Unit, Unit.id == Alert.unit_id)
        .where(Alert.report_date == day, here)
    )
    for line in raised_on:
        school, raised, acknowledged = values(line)
        alerts[school].append(minutes_to(raised, acknowledged))
    begins, ends = district.end_of(day - timedelta(days=1)), district.end_of(day)
    counted = connection.execute(
        select(Unit.school_id, func.count(), func.count(Receipt.confirmed_at))
        .select_from(Receipt)
        .join(Campaign, Campaign.id == Receipt.campaign_id)
        .join(Unit, Unit.id == Receipt.unit_id)
        .where(Campaign.at >= begins, Campaign.at < ends, here)
        .group_by(Unit.school_id)
    )
    for one in counted:
        school, audience, receipts = values(one)
        answered[school] = audience, receipts
    return {
        school: Watched(
            len(sick[school]), explained(sick[school]), tuple(alerts[school]), *answered.get(school, (0, 0))
        )
        for school in sorted({*sick, *alerts, *answered})
    }
