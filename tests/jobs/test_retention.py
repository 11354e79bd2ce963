"""A night of retention is many short transactions: each goes on where the last one, perhaps of a dead process, ended."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import func, insert, select, update

from models.actions import retention
from models.database import Database
from models.tables import Audit, CheckIn, Inbox, Outbox, Version
from schedules.jobs import retention as night
from schedules.registry import discover
from schedules.timetable import Timetable
from tests.cast import MONDAY, at
from tests.play import PUBLIC_URL, Play

LATER = MONDAY + timedelta(days=40)


def fill(play: Play, answers: int) -> None:
    """As many old answers as that in the inbox, and one report of each of two children."""
    play.say("奶奶", "36.5")
    play.say("可妈", "36.6")
    with play.database.write() as connection:
        connection.execute(
            insert(Inbox),
            [
                {"key": number.to_bytes(16), "state": "done", "received_at": at("08:00") + timedelta(seconds=number)}
                for number in range(answers)
            ],
        )


def count(database: Database, table: type) -> int:
    with database.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def pieces(play: Play, began: datetime) -> list[int]:
    """Work until nothing is left, a transaction a piece; how many answers were there after each."""
    left, more = [], True
    while more:
        with play.database.write() as connection:
            work = play.work(connection)
            more = retention.work_on(work, began)
            work.flush()
        left.append(count(play.database, Inbox))
    return left


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "ROWS_AT_A_TIME", 10)
    monkeypatch.setattr(retention.purge_rest, "__defaults__", (10,))


@pytest.mark.usefixtures("small")
def test_the_old_go_in_pieces_the_oldest_first_and_the_night_is_on_the_trail_once(play_on_both: Play) -> None:
    play = play_on_both
    fill(play, 35)
    assert pieces(play, at("21:00", LATER)) == [27, 17, 7, 0]
    with play.database.read() as connection:
        said = connection.execute(select(Audit.detail).where(Audit.action == "purge")).scalars().all()
        assert said == ["inbox=37 raw_text=2"]
        left = connection.execute(select(Version.name).where(Version.name.startswith("retention"))).scalars().all()
    assert sorted(left) == ["retention_next", "retention_night"]
    assert pieces(play, at("21:00", LATER)) == [0]  # once a night
    with play.database.read() as connection:
        assert connection.execute(select(func.count()).where(Audit.action == "purge")).scalar_one() == 1


@pytest.mark.usefixtures("small")
def test_who_is_killed_in_a_piece_is_followed_by_somebody_who_does_it_again(play_on_both: Play) -> None:
    play = play_on_both
    fill(play, 35)
    began = at("21:00", LATER)
    with play.database.write() as connection:
        assert retention.work_on(play.work(connection), began)
    with play.database.engine.connect() as connection:  # dies before it is committed
        transaction = connection.begin()
        retention.work_on(play.work(connection), began)
        transaction.rollback()
    assert count(play.database, Inbox) == 27
    assert pieces(play, began) == [17, 7, 0]
    with play.database.read() as connection:
        assert connection.execute(select(Audit.detail).where(Audit.action == "purge")).scalar_one() == (
            "inbox=37 raw_text=2"
        )
        assert connection.execute(select(CheckIn.raw)).scalars().all() == [None, None]


@pytest.mark.parametrize(
    ("clock", "works"), [("20:59", False), ("21:00", True), ("23:30", True), ("06:59", True), ("07:00", False)]
)
def test_it_works_in_the_quiet_hours_only(play: Play, clock: str, works: bool) -> None:
    fill(play, 3)
    play.now = at(clock, LATER)
    jobs = {"retention": night.job}
    table = Timetable(jobs, play.database, play.district, lambda connection, _: play.work(connection), PUBLIC_URL)
    table.run_as_of(night.job, play.now, play.now)
    assert (count(play.database, Inbox) == 0) is works


def test_a_night_is_one_night_across_midnight(play: Play) -> None:
    fill(play, 3)
    with play.database.write() as connection:
        connection.execute(update(Outbox).values(state="sent"))
    table = Timetable(
        {"retention": discover()["retention"]},
        play.database,
        play.district,
        lambda connection, now: play.work(connection),
        PUBLIC_URL,
    )
    for clock, day in (("23:59", LATER), ("00:01", LATER + timedelta(days=1))):
        play.now = at(clock, day)
        table.run_as_of(night.job, play.now, play.now)
    with play.database.read() as connection:
        kept_from = connection.execute(select(Version.value).where(Version.name == "check_ins_kept_from")).scalar_one()
        nights = connection.execute(select(func.count()).where(Audit.action == "purge")).scalar_one()
    assert date.fromordinal(kept_from) == LATER - timedelta(days=play.district.retention.check_ins)
    assert nights == 1
