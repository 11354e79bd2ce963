"""The demonstration district goes through the real import."""

from __future__ import annotations

import time
from pathlib import Path

from app.demo.district import BUREAU, TOUR_CHILD, TOUR_CLASS, demo_sheets, load_demo, write_demo_roster
from app.files.roster import load
from models.database import Database
from models.queries import roster as stored
from models.queries import units as unit_queries
from models.vault import Vault
from models.work import Work
from tests.cast import DISTRICT, SECRET, at


def work_on(database: Database, connection: object) -> Work:
    return Work(connection, at("07:00"), DISTRICT, Vault(SECRET), unit_queries.load(connection))  # type: ignore[arg-type]


def test_it_arrives_in_seconds_with_everybody_in_place(database: Database) -> None:
    began = time.monotonic()
    with database.write() as connection:
        work = work_on(database, connection)
        changes = load_demo(work)
        work.flush()
    assert time.monotonic() - began < 5
    assert 290 <= changes.added["student"] <= 320
    assert 40 <= changes.added["staff"] <= 55
    with database.read() as connection:
        units = unit_queries.load(connection)
        codes = stored.codes(connection, Vault(SECRET), units)
    assert [school.school_kind for school in units.children(units.district.id if units.district else 0)] == [
        "kindergarten",
        "primary",
        "junior",
    ]
    assert [row.unit.path for row in codes if row.name == TOUR_CHILD] == [TOUR_CLASS]
    assert {row.school for row in codes} == {"春江第一幼儿园", "红旗小学", "江畔中学", BUREAU}
    with database.write() as connection:
        assert load_demo(work_on(database, connection)).is_empty


def test_every_class_has_its_teacher_and_every_school_its_reporter(sqlite: Database) -> None:
    _, pupils, staff = demo_sheets()
    classes = {f"{row[1]}/{row[2]}" for _, row in pupils.rows}
    assert {str(row[5]) for _, row in staff.rows if row[4] == "班主任"} == classes
    assert len([row for _, row in staff.rows if row[4] == "疫情报告人"]) == 3
    assert len({row[4] for _, row in pupils.rows}) == len(pupils.rows)  # no name twice


def test_it_is_the_same_every_time_and_as_a_workbook_too(sqlite: Database, tmp_path: Path) -> None:
    assert demo_sheets() == demo_sheets()
    path = tmp_path / "demo.xlsx"
    write_demo_roster(path)
    with sqlite.write() as connection:
        load_demo(work_on(sqlite, connection))
    with sqlite.write() as connection:
        changes, _ = load(work_on(sqlite, connection), path)
    assert changes.is_empty
