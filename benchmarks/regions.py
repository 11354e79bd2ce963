"""A region joins the list: how long until everybody's journeys have been looked at again (issue 6: within a minute).

    python -m benchmarks.regions [--people 100000] [--database sqlite|postgresql]

Seeds pupils who have each been somewhere within the lookback, one in fifty in the region, and changes the list through
the code the chat and the command line use, in one transaction. What is registered is counted against the seed.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from benchmarks.machine import facts
from bots.key_persons.registering import after_regions
from models.actions.regions import add_regions, end_region
from models.database import Database, database_url
from models.queries.regions import all_regions
from models.queries.units import UnitsCache
from models.rules.district import District, KeyRegion, Times
from models.rules.key_persons import stems_of
from models.schema import migrate
from models.tables import Enrolment, Journey, KeyDecision, KeyPerson, Person, Post, Unit, Version
from models.vault import Vault
from models.work import Work
from tests.postgres import Cluster, binaries

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # 10:00 in the district
DISTRICT = District(name="大区", code="230717", bureau="大区教育局", times=Times(starts_on=date(2026, 2, 1)))
VAULT = Vault("benchmarks-need-a-secret-of-some-length")
CLASS = 40
#: One in fifty was in the region that joins; the others elsewhere.
SHARE, REGION, ELSEWHERE = 50, "420100", ("220100", "310000", "440100", "510100")


def seed(database: Database, people: int) -> None:
    """Units, pupils, a head teacher a class, and a journey for everybody."""
    classes = people // CLASS
    units: list[dict[str, Any]] = [{"id": 1, "parent_id": None, "kind": "district", "name": "大区", "path": "大区"}]
    units.append({"id": 2, "parent_id": 1, "kind": "school", "name": "一校", "path": "一校", "school_id": 2})
    units.append({"id": 3, "parent_id": 2, "kind": "grade", "name": "一年级", "path": "一校/一年级", "school_id": 2})
    units += [
        {"id": 10 + one, "parent_id": 3, "kind": "class_unit", "name": f"{one}班", "path": f"一校/一年级/{one}班"}
        | {"school_id": 2, "grade_id": 3}
        for one in range(classes)
    ]
    empty = {"school_id": None, "grade_id": None, "school_kind": None}
    cells: list[dict[str, Any]] = []
    persons: list[dict[str, Any]] = []
    for number in range(people):
        unit = 10 + number // CLASS % classes
        persons.append(
            {"id": number + 1, "kind": "student", "number": f"S{number}", "name": f"生{number}", "unit_id": unit}
        )
        code = REGION if number % SHARE == 0 else ELSEWHERE[number % len(ELSEWHERE)]
        cells.append({"person_id": number + 1, "unit_id": unit} | _place(code))
    for one in range(classes):
        persons.append(
            {"id": people + one + 1, "kind": "staff", "number": f"T{one}", "name": f"师{one}", "unit_id": 10 + one}
        )
    with database.write() as connection:
        connection.execute(insert(Unit), [empty | {"position": unit["id"]} | unit for unit in units])
        connection.execute(insert(Person), [{"school_id": 2, "joined_on": date(2025, 9, 1)} | one for one in persons])
        connection.execute(
            insert(Enrolment),
            [{"person_id": one["id"], "unit_id": one["unit_id"], "from_date": date(2025, 9, 1)} for one in persons],
        )
        connection.execute(
            insert(Post),
            [
                {"person_id": one["id"], "role": "head_teacher", "title": "班主任", "unit_id": one["unit_id"]}
                | {"from_date": date(2025, 9, 1)}
                for one in persons
                if one["kind"] == "staff"
            ],
        )
        connection.execute(insert(Journey), cells)
        connection.execute(insert(Version).values(name="roster", value=1))


_MADE: dict[str, dict[str, Any]] = {}


def _place(code: str) -> dict[str, Any]:
    """A journey of last week to a place, sealed and keyed as answers keep it."""
    if code not in _MADE:
        digests = [VAULT.index("journeys.code", stem) if stem else None for stem in stems_of(code)]
        _MADE[code] = {
            "kind": "own",
            "place": VAULT.seal_json("journeys.place", {"place": code}),
            "place_index": VAULT.index("journeys.place", code),
            "far": "other_province",
            "left_on": DAY - timedelta(days=8),
            "returned_on": DAY - timedelta(days=5),
            "first_on": DAY - timedelta(days=8),
            "last_on": DAY - timedelta(days=5),
            "said_on": DAY - timedelta(days=4),
            "source": "answer",
            "updated_at": NOW,
        } | dict(zip(("province_index", "city_index", "county_index"), digests, strict=True))
    return _MADE[code]


def measure(database: Database, people: int) -> None:
    migrate(database)
    begun = time.perf_counter()
    seed(database, people)
    print(f"  seeded {people} people in {time.perf_counter() - begun:.1f} s")
    cache = UnitsCache()
    begun = time.perf_counter()
    with database.write() as connection:
        work = Work(connection, NOW, DISTRICT, VAULT, cache.get(connection))
        add_regions(work, [KeyRegion("武汉市", REGION, DAY - timedelta(days=10))], "benchmark")
        registered, _, _ = after_regions(work, all_regions(work.flush()), (), "benchmark", NOW)
        work.flush()
    added = time.perf_counter() - begun
    with database.read() as connection:
        found = connection.execute(select(func.count()).select_from(KeyPerson)).scalar_one()
        kept = connection.execute(
            select(func.count()).select_from(KeyDecision).where(KeyDecision.regions_version == 1)
        ).scalar_one()
    assert found == registered == kept == (people + SHARE - 1) // SHARE, (found, registered, kept)
    begun = time.perf_counter()
    with database.write() as connection:
        work = Work(connection, NOW, DISTRICT, VAULT, cache.get(connection))
        ids = [row.id for row in all_regions(work.flush())]
        end_region(work, REGION, DAY, "benchmark")
        _, proposed, _ = after_regions(work, (), ids, "benchmark", NOW)
        work.flush()
    ended = time.perf_counter() - begun
    with database.read() as connection:
        version = KeyDecision.regions_version
        still = connection.execute(select(func.count()).select_from(KeyDecision).where(version == 1)).scalar_one()
    assert (proposed, still) == (found, kept), "an old decision no longer names the list it was made by"
    print(f"  added: {added:.2f} s, {registered} registered; ended: {ended:.2f} s, {proposed} proposed")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    given = parser.parse_args()
    print(facts())
    for kind in given.database or ["sqlite", "postgresql"]:
        print(kind)
        if kind == "sqlite":
            with tempfile.TemporaryDirectory() as folder:
                database = Database(database_url("sqlite:///regions.db", Path(folder)))
                measure(database, given.people)
                database.close()
            continue
        server = binaries()
        assert server is not None, "no PostgreSQL on this machine"
        cluster = Cluster(server)
        cluster.start()
        try:
            database = Database(database_url(cluster.url("postgres"), Path.cwd()))
            measure(database, given.people)
            database.close()
        finally:
            cluster.stop()


if __name__ == "__main__":
    main()
