"""The day's one logical table: a row a school, from which every printed layout is made (domain handbook 6.3)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from models.queries.due import Due
from models.queries.figures.rates import filing_of, watched_on
from models.queries.figures.schools import SchoolSum, sums_on
from models.queries.reports import deadline_of
from models.queries.units import Units
from models.rules.district import District
from models.rules.figures import Figures, may_be_zero, total
from models.rules.rates import Filing, Watched, rates

#: Days compared with: the day itself and so many before it.
DAYS = 3


@dataclass(frozen=True, slots=True)
class SchoolRow:
    """One school's day. late: minutes after the deadline, 0 on time. before: its figures of the two days before, latest
    first; None where it owed nothing or was not heard at all."""

    name: str
    kind: str
    status: str
    filed_at: datetime | None
    late: int
    version: int
    signer: str
    is_zero: bool
    zero_kind: str
    figures: Figures
    filing: Filing
    watched: Watched
    before: tuple[Figures | None, ...]

    @property
    def was_filed(self) -> bool:
        return self.filed_at is not None

    @property
    def rates(self) -> dict[str, str]:
        return rates(self.figures, self.filing, self.watched)

    @property
    def is_quiet(self) -> bool:
        """Nothing in it that keeps a school from a zero, and no symptom."""
        figures = self.figures
        unwell = figures.fever + figures.staff_fever + figures.symptomatic + figures.staff_symptomatic
        return may_be_zero(figures, "school") and not unwell and not figures.in_care


@dataclass(frozen=True, slots=True)
class DayTable:
    """The whole. made_at: the moment it was read at; is_locked: no filing changes it any more, amendments do."""

    district: str
    bureau: str
    day: date
    made_at: datetime
    is_locked: bool
    rows: tuple[SchoolRow, ...]

    @property
    def figures(self) -> Figures:
        return total(row.figures for row in self.rows)

    @property
    def filing(self) -> Filing:
        return sum((row.filing for row in self.rows), Filing())

    @property
    def watched(self) -> Watched:
        return sum((row.watched for row in self.rows), Watched())

    @property
    def rates(self) -> dict[str, str]:
        return rates(self.figures, self.filing, self.watched)

    def past(self, back: int) -> Figures | None:
        """The sum of `back` days before (1 or 2); None where nobody was heard then."""
        known = [found for row in self.rows if (found := row.before[back - 1]) is not None]
        return total(known) if known else None

    @property
    def check(self) -> str:
        """The same for the same figures, whenever and in whichever layout they are printed: 16 hexadecimal digits."""
        said = [[*_plain(row)] for row in self.rows]
        made = json.dumps([self.district, self.day.isoformat(), said], ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(made.encode()).hexdigest()[:16]


def _plain(row: SchoolRow) -> Sequence[object]:
    filed = row.filed_at.timestamp() if row.filed_at else None
    return [row.name, row.status, filed, row.version, row.zero_kind if row.is_zero else "", asdict(row.figures)]


def day_table(connection: Connection, units: Units, district: District, due: Due, day: date, now: datetime) -> DayTable:
    """The table of a day. Seven statements whatever the size, an eighth where classes follow a mode of their own."""
    days = [day - timedelta(days=back) for back in range(DAYS)]
    by_day = sums_on(connection, units, days, due)
    watched = watched_on(connection, district, day)
    before = [{one.school.id: one.figures for one in by_day[earlier]} for earlier in days[1:]]
    return DayTable(
        district.name,
        district.bureau or district.name,
        day,
        now,
        now > district.at(day, district.times.lock),
        tuple(_row(district, one, watched.get(one.school.id, Watched()), before) for one in by_day[day]),
    )


def _row(district: District, one: SchoolSum, watched: Watched, before: Sequence[dict[int, Figures]]) -> SchoolRow:
    report = one.report
    filed, deadline = report.first_filed_at, deadline_of(district, one.school, report.report_date)
    late = max(1, int((filed - deadline).total_seconds() // 60)) if filed is not None and filed > deadline else 0
    filing = filing_of(one, district.reporting)
    return SchoolRow(
        one.school.name,
        one.school.school_kind or "",
        report.status,
        filed,
        late,
        report.version,
        report.signer,
        bool(filing.zeros),
        report.zero_kind if filing.zeros else "",
        one.figures,
        filing,
        watched,
        tuple(_heard(past.get(one.school.id)) for past in before),
    )


def _heard(figures: Figures | None) -> Figures | None:
    return figures if figures is not None and figures.reported + figures.staff_reported else None
