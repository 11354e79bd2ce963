"""Key regions: which places count on which day. Decisions look at the rows valid on the day of stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select

from models.rules.district import KeyRegion
from models.statements import values
from models.tables import KeyRegionRow


@dataclass(frozen=True, slots=True)
class StoredRegion:
    """One row of the versioned list."""

    id: int
    name: str
    code: str
    from_date: date
    to_date: date | None
    added_at: datetime
    added_by: str

    def holds_on(self, day: date) -> bool:
        return self.from_date <= day and (self.to_date is None or day < self.to_date)


def all_regions(connection: Connection) -> list[StoredRegion]:
    """Every key region there ever was, by day. One statement."""
    rows = connection.execute(
        select(
            KeyRegionRow.id,
            KeyRegionRow.name,
            KeyRegionRow.code,
            KeyRegionRow.from_date,
            KeyRegionRow.to_date,
            KeyRegionRow.added_at,
            KeyRegionRow.added_by,
        ).order_by(KeyRegionRow.from_date, KeyRegionRow.id)
    )
    return [StoredRegion(*values(row)) for row in rows]


def as_rules(connection: Connection) -> tuple[KeyRegion, ...]:
    """The list as the rules and the reading take it. One statement."""
    return tuple(KeyRegion(row.name, row.code, row.from_date, row.to_date) for row in all_regions(connection))
