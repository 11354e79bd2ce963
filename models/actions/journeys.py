"""Keeping where people were: journeys from answers and declarations, and the key regions they touched (domain 5.5, 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select, update

from models.queries.regions import StoredRegion, all_regions
from models.rules.key_persons import covers, stems_of
from models.statements import insert, values
from models.tables import Journey
from models.work import Work


@dataclass(frozen=True, slots=True)
class Stay:
    """A journey as it is kept. kind: own, household, plan. said: the journey as JSON (place, province, transport …)."""

    kind: str
    code: str
    far: str
    left_on: date | None
    returned_on: date | None
    planned_return: date | None
    away_now: bool
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """A journey after it was kept. region: the key region it touched, on a day of the stay."""

    id: int
    stay: Stay
    first_on: date
    last_on: date | None
    region: StoredRegion | None


@dataclass(slots=True)
class _Row:
    id: int
    kind: str
    place_index: bytes
    far: str
    left_on: date | None
    returned_on: date | None
    planned_return: date | None
    first_on: date
    last_on: date | None


def regions_of(work: Work) -> list[StoredRegion]:
    """The running list of key regions; one statement a batch."""
    if "stored regions" not in work.known:
        work.known["stored regions"] = all_regions(work.flush())
    found: list[StoredRegion] = work.known["stored regions"]
    return found


def touched(regions: Sequence[StoredRegion], code: str, left_on: date | None, last_on: date) -> StoredRegion | None:
    """The key region a stay touched on a day on which it was one; an unknown beginning counts as long ago."""
    for region in regions:
        ends_before = region.to_date is not None and left_on is not None and left_on >= region.to_date
        held_once = region.to_date is None or region.from_date < region.to_date
        if held_once and covers(region.code, code) and region.from_date <= last_on and not ends_before:
            return region
    return None


def keep_journeys(
    work: Work, person_id: int, unit_id: int, day: date, stays: Sequence[Stay], source: str
) -> list[Kept]:
    """Keep what was said of journeys; one known already is completed, never shortened to nothing. Two statements and
    one a changed row."""
    known = _known(work, person_id)
    kept = []
    for stay in stays:
        index = work.vault.index("journeys.place", stay.code or str(stay.said.get("place", "")))
        row = _same(known, stay, index)
        left_on, returned_on = stay.left_on, stay.returned_on
        if row is not None:
            left_on, returned_on = left_on or row.left_on, returned_on or row.returned_on
        if stay.away_now:
            returned_on = None
        known_first = row.first_on if row is not None else day
        first_on = left_on or min(day, known_first, returned_on or day)
        known_last = row.last_on if row is not None else None
        last_on = None if stay.away_now or stay.kind == "plan" else returned_on or known_last or day
        region = None
        if stay.kind != "plan":
            region = touched(regions_of(work), stay.code, left_on, last_on or day)
        province, city, county = (_digest(work, stem) for stem in stems_of(stay.code))
        cells = {
            "person_id": person_id,
            "unit_id": unit_id,
            "kind": stay.kind,
            "place": work.vault.seal_json("journeys.place", dict(stay.said)),
            "place_index": index,
            "province_index": province,
            "city_index": city,
            "county_index": county,
            "far": stay.far,
            "left_on": left_on,
            "returned_on": returned_on,
            "planned_return": stay.planned_return or (row.planned_return if row else None),
            "first_on": first_on,
            "last_on": last_on,
            "source": source,
            "updated_at": work.now,
            "region_id": region.id if region else None,
        }
        if row is None:
            statement = insert(work.connection, Journey).values(**cells, said_on=day).returning(Journey.id)
            number = work.connection.execute(statement).scalar_one()
            known.append(_Row(number, stay.kind, index, stay.far, left_on, returned_on, None, first_on, last_on))
        else:
            number = row.id
            work.connection.execute(update(Journey).where(Journey.id == number).values(**cells))
            row.place_index, row.far, row.left_on, row.returned_on = index, stay.far, left_on, returned_on
            row.first_on, row.last_on = first_on, last_on
        kept.append(Kept(number, stay, first_on, last_on, region))
    return kept


def close_journeys(work: Work, ended: Mapping[int, date]) -> None:
    """People said later that they are at home: their open journeys (by id) ended on that day."""
    for number, day in ended.items():
        work.connection.execute(
            update(Journey)
            .where(Journey.id == number, Journey.last_on.is_(None))
            .values(last_on=day, returned_on=day, updated_at=work.now)
        )


def _digest(work: Work, stem: str) -> bytes | None:
    return work.vault.index("journeys.code", stem) if stem else None


def _known(work: Work, person_id: int) -> list[_Row]:
    rows = work.flush().execute(
        select(
            Journey.id,
            Journey.kind,
            Journey.place_index,
            Journey.far,
            Journey.left_on,
            Journey.returned_on,
            Journey.planned_return,
            Journey.first_on,
            Journey.last_on,
        )
        .where(Journey.person_id == person_id)
        .order_by(Journey.id.desc())
    )
    return [_Row(*values(row)) for row in rows]


def _same(known: Sequence[_Row], stay: Stay, index: bytes) -> _Row | None:
    """The row a journey completes: the same place in time that may be one stay; else one whose place was not known."""
    for row in known:
        if row.kind == "plan" and stay.kind == "own" and row.place_index == index:
            return row  # what was planned has begun
        if row.kind == stay.kind and row.place_index == index:
            apart = stay.left_on is not None and row.last_on is not None and stay.left_on > row.last_on
            begins_again = stay.away_now and row.returned_on is not None and stay.left_on is None
            if not apart and not begins_again:
                return row
    if not stay.far:
        return None
    return next((row for row in known if row.kind == stay.kind and not row.far and row.last_on is None), None)
