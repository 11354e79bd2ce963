"""Exports of many days take no more memory than exports of few."""

from __future__ import annotations

import tracemalloc
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert

from app.files.exports.columns import COLUMNS
from app.files.exports.rows import ROWS, Source
from app.files.exports.writers import WRITERS
from models.rules.check_in import Health, Measured
from models.tables import CheckIn, Enrolment, Person, PersonDay
from tests.cast import MONDAY, SCHOOL_YEAR, at
from tests.cli.conftest import Desk
from tests.house import make_runtime

PEOPLE, DAYS = 800, 14


def crowd(desk: Desk) -> None:
    """Many pupils of one class, each with a report on each of the days."""
    unit, school = desk.cast.units["红旗小学/三年级/2班"], desk.cast.units["红旗小学"]
    health = desk.vault.seal_json("check_ins.health", Health((Measured(366),)).to_json())
    raw = desk.vault.seal("check_ins.raw", "36.6，没有出门" * 5)
    ids = range(5000, 5000 + PEOPLE)
    with desk.database.write() as connection:
        connection.execute(
            insert(Person),
            [
                {
                    "id": number,
                    "kind": "student",
                    "number": f"N{number}",
                    "name": f"学生{number}",
                    "unit_id": unit,
                    "school_id": school,
                    "joined_on": SCHOOL_YEAR,
                }
                for number in ids
            ],
        )
        connection.execute(
            insert(Enrolment), [{"person_id": number, "unit_id": unit, "from_date": SCHOOL_YEAR} for number in ids]
        )
        for step in range(DAYS):
            key = {"report_date": MONDAY + timedelta(days=step), "slot": "am", "revision": 1}
            moment = at("08:00") + timedelta(days=step)
            said = {"health": health, "raw": raw, "reporter": "guardian", "sent_at": moment, "received_at": moment}
            stands = {"unit_id": unit, "state": "reported", "result": "normal", "marks": "", "revisions": 1}
            times = {"newest_sent_at": moment, "first_sent_at": moment, "newest_msg_id": 0}
            connection.execute(insert(CheckIn), [key | said | {"person_id": number, "msg_id": 0} for number in ids])
            connection.execute(insert(PersonDay), [key | stands | times | {"person_id": number} for number in ids])


def peak(desk: Desk, form: str, days: int) -> tuple[int, int]:
    """Rows written, and the most bytes that Python held meanwhile."""
    runtime = make_runtime(desk.database)
    tracemalloc.start()
    try:
        with desk.database.read() as connection, Path(f"out.{form}").open("wb") as file:
            source = Source(runtime, connection, MONDAY, MONDAY + timedelta(days=days - 1))
            rows = WRITERS[form](file, COLUMNS["checkins"], ROWS["checkins"](source))
        return rows, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.long
@pytest.mark.parametrize("form", WRITERS)
def test_fourteen_days_take_no_more_memory_than_two(desk_on_both: Desk, form: str) -> None:
    crowd(desk_on_both)
    peak(desk_on_both, form, 1)  # whatever is made once is made now
    few, memory_few = peak(desk_on_both, form, 2)
    many, memory_many = peak(desk_on_both, form, DAYS)
    assert many == few * DAYS // 2 >= PEOPLE * DAYS
    # All rows of the further days held at once would be five times as much.
    assert memory_many < memory_few + 2 * 2**20
