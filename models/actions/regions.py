"""Changing the list of key regions. Rows are never changed back: a region ends on a day, and may be added again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import insert, select, update

from models.actions import trail
from models.queries.regions import all_regions
from models.rules.district import KeyRegion
from models.tables import KeyRegionRow, Version
from models.work import Work


def add_regions(work: Work, regions: Iterable[KeyRegion], actor: str) -> int:
    """Add key regions; one of the same code that holds on the first day already is left as it is. Gives how many."""
    stored = all_regions(work.flush())
    new = [
        region
        for region in {(region.code, region.from_date): region for region in regions}.values()
        if not any(row.code == region.code and row.holds_on(region.from_date) for row in stored)
    ]
    if not new:
        return 0
    work.connection.execute(
        insert(KeyRegionRow),
        [
            {
                "name": region.name,
                "code": region.code,
                "from_date": region.from_date,
                "to_date": region.to_date,
                "added_at": work.now,
                "added_by": actor[:64],
            }
            for region in new
        ],
    )
    for region in new:
        span = f"{region.from_date} – {region.to_date or ''}"
        trail.note(work, actor, "regions.add", f"{region.name} {region.code}", span)
    trail.bump(work, "regions")
    return len(new)


def end_region(work: Work, code: str, day: date, actor: str) -> int:
    """From `day` on, `code` is no key region any more; people tracked for it stay tracked. Gives how many rows ended."""
    ending = [
        row.id for row in all_regions(work.flush()) if row.code == code and (row.to_date is None or row.to_date > day)
    ]
    if ending:
        work.connection.execute(
            update(KeyRegionRow).where(KeyRegionRow.id.in_(ending)).values(to_date=day, ended_at=work.now)
        )
        trail.note(work, actor, "regions.end", code, f"on {day}")
        trail.bump(work, "regions")
    return len(ending)


def seed_regions(work: Work, actor: str = "district file") -> int:
    """Put the district file's key regions into a list nobody has touched yet. Gives how many."""
    touched = work.flush().execute(select(Version.name).where(Version.name == "regions")).scalar_one_or_none()
    return 0 if touched else add_regions(work, work.district.key_regions, actor)
