"""Every table has a rule, and every table with something of a person's health is really emptied by it."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, Boolean, Date, Integer, LargeBinary, Table, func, insert, select

from models.actions import retention
from models.rules.retention import HEALTH, OTHERS
from models.tables import Base
from models.tables.base import UtcDateTime
from tests.cast import DISTRICT, MONDAY, at
from tests.cli.conftest import Desk

#: Values a column must have for a row that is over: where any would do, one is made up by its type.
OVER: dict[str, dict[str, Any]] = {
    "person_days": {"state": "reported", "result": "fever"},
    "absences": {"kind": "sick"},
    "calls": {"outcome": "reached"},
    "journeys": {"kind": "own", "last_on": None},
    "key_persons": {"state": "released"},
    "managements": {"state": "released"},
    "incident_steps": {"state": "done"},
    "inbox": {"state": "done"},
    "outbox": {"state": "sent", "lane": 2, "occurrence_id": None},
}
FIRST_NIGHT = at("03:00", MONDAY + timedelta(days=1))


def value_of(column: Any, desk: Desk) -> Any:
    """Something the column takes, on the cast's Monday."""
    known = {
        "person_id": desk.cast.people["林林"],
        "unit_id": desk.cast.units["红旗小学/三年级/2班"],
        "account_id": desk.cast.accounts["妈妈"],
        "incident_id": 1,
        "key_person_id": 1,
    }
    if column.name in known:
        return known[column.name]
    made: dict[type, Any] = {
        LargeBinary: b"sealed",
        Date: MONDAY,
        UtcDateTime: datetime.combine(MONDAY, datetime.min.time(), UTC) + timedelta(hours=1),
        Boolean: True,
        JSON: {},
        Integer: 1,
    }
    return next((value for kind, value in made.items() if isinstance(column.type, kind)), "x")


def fill(desk: Desk, table: Table) -> dict[str, Any]:
    row = {column.name: value_of(column, desk) for column in table.columns}
    return row | OVER.get(table.name, {})


def rows_of(desk: Desk) -> dict[str, int]:
    with desk.database.read() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(Base.metadata.tables[name])).scalar_one()
            for name in HEALTH
        }


def test_every_table_says_how_long_its_rows_stay() -> None:
    tables = Base.metadata.tables
    assert set(tables) == set(HEALTH) | set(OTHERS), "a new table needs a line in models/rules/retention.py"
    assert not set(HEALTH) & set(OTHERS)
    for name, rule in HEALTH.items():
        assert rule.of in HEALTH if rule.of else hasattr(DISTRICT.retention, rule.days), name
        assert not rule.keeps, name


def test_what_is_sealed_or_said_of_a_person_is_on_the_list_of_health_or_explained() -> None:
    """The other way round: what looks like health data and is not, is named here one by one."""
    looks = {
        table.name
        for table in Base.metadata.sorted_tables
        if "person_id" in table.c or any(isinstance(column.type, LargeBinary) for column in table.columns)
    }
    assert looks - set(HEALTH) == {
        "accounts",
        "account_devices",
        "binding_codes",
        "bindings",
        "campaign_answers",
        "circulars",
        "drawings",
        "enrolments",
        "person_places",
        "persons",
        "platform_tokens",
        "posts",
        "receipts",
        "reports",
        "signatures",
    }


def let_go(desk: Desk, moment: datetime) -> Counter[str]:
    """The whole rule at once, piece by piece in transactions of their own; gives how much went, by class."""
    done: Counter[str] = Counter()
    with desk.database.write() as connection:
        work = desk.work(connection)
        ranges = retention.begin(work, moment)
        work.flush()
    for low, high in ranges:
        with desk.database.write() as connection:
            done += retention.purge_people(desk.work(connection), moment, low, high)
    with desk.database.write() as connection:
        return done + retention.purge_rest(desk.work(connection), moment)


def test_every_table_with_health_data_is_empty_when_its_days_are_over(desk_on_both: Desk) -> None:
    desk = desk_on_both
    with desk.database.write() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name in HEALTH:
                connection.execute(insert(table).values(fill(desk, table)))
    filled = rows_of(desk)
    assert filled == dict.fromkeys(HEALTH, 1)
    assert not let_go(desk, FIRST_NIGHT)
    assert rows_of(desk) == filled

    longest = max(getattr(DISTRICT.retention, rule.days) for rule in HEALTH.values() if rule.days)
    night = FIRST_NIGHT + timedelta(days=longest + 1)
    assert let_go(desk, night)
    assert rows_of(desk) == dict.fromkeys(HEALTH, 0)


def test_what_is_not_over_stays_however_old(desk: Desk) -> None:
    """Somebody still followed up, in management, without a clearance, or with an open incident."""
    ended = {"key_persons": "ended_on", "managements": "ended_on", "clearances": "ended_on", "incidents": "closed_at"}
    state = {"key_persons": {"state": "registered"}, "managements": {"state": "observing"}}
    with desk.database.write() as connection:
        for table in Base.metadata.sorted_tables:
            if table.name in ended:
                row = fill(desk, table) | {ended[table.name]: None} | state.get(table.name, {})
                if table.name == "key_persons":
                    row["ended_at"] = None
                connection.execute(insert(table).values(row))
    let_go(desk, at("03:00", date(2036, 1, 1)))
    left = rows_of(desk)
    assert {name for name, count in left.items() if count} == set(ended)
