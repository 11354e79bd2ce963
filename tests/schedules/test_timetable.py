"""Occurrences: due once, whoever ticks, however late."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from models.actions.outbox import owe_all
from models.database import Database
from models.rules.push import Owed, Push
from models.tables import Occurrence, Outbox
from schedules.job import Job, Lateness
from schedules.timetable import Timetable
from tests.cast import DISTRICT, MONDAY, at
from tests.house import make_runtime, seat

PROMPT = Job("prompt", lambda times: (times.prompt,), lambda moment: [])
REMINDER = Job("reminder", lambda times: times.reminders, lambda moment: [], lateness=Lateness.LAST)
EVERY = Job(
    "every", lambda times: times.reminders, lambda moment: [], lateness=Lateness.ALL, useless_after=timedelta(days=2)
)


@pytest.fixture
def timetable(database: Database) -> Timetable:
    runtime = make_runtime(database)
    seat(runtime)
    return Timetable({job.name: job for job in (PROMPT, REMINDER, EVERY)}, database, DISTRICT, runtime.work, "")


def fired(timetable: Timetable) -> list[tuple[str, str, str]]:
    with timetable.database.read() as connection:
        rows = connection.execute(select(Occurrence.job, Occurrence.due_at, Occurrence.state).order_by(Occurrence.id))
        return [(row.job, f"{DISTRICT.local(row.due_at):%d %H:%M}", row.state) for row in rows]


def test_a_new_timetable_owes_nothing_of_the_past(timetable: Timetable) -> None:
    assert timetable.tick(at("12:00")) == []
    assert fired(timetable) == []


def test_each_occurrence_fires_once_however_often_one_ticks(timetable: Timetable) -> None:
    timetable.tick(at("07:00"))
    for clock in ("07:29", "07:30", "07:30", "07:31"):
        timetable.tick(at(clock))
    assert fired(timetable) == [("prompt", "02 07:30", "planned")]


def test_after_a_pause_only_the_latest_runs_and_the_others_are_seen_as_missed(timetable: Timetable) -> None:
    timetable.tick(at("07:00"))
    timetable.tick(at("09:30"))
    assert [one for one in fired(timetable) if one[0] == "reminder"] == [
        ("reminder", "02 08:40", "missed"),
        ("reminder", "02 09:05", "planned"),
    ]
    assert [one[2] for one in fired(timetable) if one[0] == "every"] == ["planned", "planned"]


def test_a_prompt_is_not_sent_in_the_evening(timetable: Timetable) -> None:
    timetable.tick(at("07:00"))
    timetable.tick(at("21:00"))
    assert ("prompt", "02 07:30", "missed") in fired(timetable)


@pytest.mark.parametrize(
    ("asked", "slot"),
    [
        pytest.param("08:00", "08:40", id="before the first: the first"),
        pytest.param("09:04", "08:40", id="between: the latest not after"),
        pytest.param("09:05", "09:05", id="on the minute"),
        pytest.param("23:00", "15:00", id="after the last: the last"),
    ],
)
def test_as_of_picks_the_latest_slot_not_after_the_moment(timetable: Timetable, asked: str, slot: str) -> None:
    due = timetable.occurrence_of(REMINDER, at(asked))
    assert DISTRICT.local(due.at).time() == time.fromisoformat(slot)


def test_running_by_hand_and_ticking_share_the_guard(timetable: Timetable) -> None:
    timetable.tick(at("07:00"))
    assert timetable.run_as_of(PROMPT, at("07:30"), at("07:10")).state == "planned"
    timetable.tick(at("07:31"))
    assert timetable.run_as_of(PROMPT, at("20:00"), at("20:00")).state == "before"
    assert [one for one in fired(timetable) if one[0] == "prompt"] == [("prompt", "02 07:30", "planned")]


def test_the_next_time_is_tomorrow_once_todays_has_passed(timetable: Timetable) -> None:
    assert timetable.next_due(PROMPT, at("07:30")) == at("07:30", date(2026, 3, 3))
    assert timetable.next_due(PROMPT, at("07:29")) == at("07:30", MONDAY)


def test_a_large_occasion_keeps_what_is_new_and_leaves_what_is_owed_already(database: Database) -> None:
    """Many rows go in by ways of their own on each engine; a key that is there already is neither doubled nor lost."""
    runtime = make_runtime(database)
    seat(runtime)

    def owe(numbers: range, said: str) -> int:
        pushes = [
            Push(
                key=f"large:{number}",
                kind="test-nudge",
                account_id=number,
                body={"text": f'{said} “{number}”\n"\\'},
                moment=at("07:30"),
                expires_at=at("09:00"),
                fields={"unit": "红旗小学"},
                owed=Owed("unreported", MONDAY, (number,)) if number % 2 else None,
            )
            for number in numbers
        ]
        with database.write() as connection:
            return owe_all(runtime.work(connection, at("07:30")), pushes)

    assert owe(range(400, 700), "first") == 300
    assert owe(range(300, 800), "second") == 200
    with database.read() as connection:
        rows = connection.execute(select(Outbox).order_by(Outbox.account_id)).all()
    assert [row.account_id for row in rows] == list(range(300, 800))
    for row in rows:
        said = "first" if 400 <= row.account_id < 700 else "second"
        assert runtime.vault.open_json("outbox.body", row.body) == {"text": f'{said} “{row.account_id}”\n"\\'}
        assert (row.moment, row.due_at, row.expires_at) == (at("07:30"), at("07:30"), at("09:00"))
        assert row.fields == {"unit": "红旗小学"}
        owed = {"rule": "unreported", "day": "2026-03-02", "persons": [row.account_id]}
        assert row.owed == (owed if row.account_id % 2 else None)
