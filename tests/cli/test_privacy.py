"""Letting go: one person's health data on request, and what the district's rule says is old."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update

from app.cli.privacy import NAMES
from models.actions import retention
from models.actions.check_ins import Entry, record
from models.rules.check_in import Health, Measured
from models.tables import Absence, Account, Alert, Audit, CheckIn, Inbox, Outbox, Person, PersonDay, UnitDay
from models.work import Work
from tests.cast import DISTRICT, MONDAY, at
from tests.cli.conftest import Desk

PUSH = {
    "lane": 2,
    "fields": {"note": "x"},
    "moment": at("07:30"),
    "due_at": at("07:30"),
    "expires_at": at("11:30"),
    "created_at": at("07:30"),
    "attempts": 0,
    "retryable": False,
    "error": "",
    "channel": "",
    "relation": "guardian",
    "kind": "reply",
}


def fill(desk: Desk, who: str) -> int:
    """A fever with everything that hangs on it; gives the person's id."""
    person, unit = desk.cast.people[who], desk.cast.units["红旗小学/三年级/2班"]
    account = desk.cast.accounts["妈妈"]
    with desk.database.write() as connection:
        work = desk.work(connection)
        health = Health((Measured(385),), ("cough",))
        record(
            work,
            Entry(person, "student", unit, MONDAY, health, f"{who}38.5", "guardian", at("08:00"), account_id=account),
        )
        work.flush()
        facts = desk.vault.seal_json("alerts.facts", {"tenths": 385})
        connection.execute(
            insert(Alert).values(
                person_id=person,
                report_date=MONDAY,
                code="A01",
                level="red",
                unit_id=unit,
                facts=facts,
                raised_at=at("08:00"),
                updated_at=at("08:00"),
                clock_from=at("08:00"),
            )
        )
        connection.execute(
            insert(Absence).values(
                person_id=person, report_date=MONDAY, unit_id=unit, kind="sick", entered_at=at("08:00")
            )
        )
        body = desk.vault.seal_json("outbox.body", {"text": "38.5"})
        alert = connection.execute(select(Alert.id).where(Alert.person_id == person)).scalar_one()
        about = {"rule": "unacknowledged", "alert": alert}
        teacher = {
            "kind": "alert",
            "relation": "self",
            "person_id": desk.cast.people["陈老师"],
            "state": "sent",
            "owed": about,
        }
        connection.execute(insert(Outbox).values(PUSH | teacher | {"key": f"{who}-alert", "body": body}))
        rows = [
            PUSH | {"key": f"{who}-{state}", "state": state, "person_id": person, "account_id": account, "body": body}
            for state in ("queued", "sent")
        ]
        connection.execute(insert(Outbox), rows)
    return person


def counted(desk: Desk, table: Any, person: int) -> int:
    with desk.database.read() as connection:
        return connection.execute(select(func.count()).select_from(table).where(table.person_id == person)).scalar_one()


def test_forgetting_erases_what_was_reported_and_leaves_the_neighbours_alone(desk_on_both: Desk) -> None:
    desk = desk_on_both
    child, other = fill(desk, "林林"), fill(desk, "王乐乐")
    with desk.database.write() as connection:
        mother = desk.cast.accounts["妈妈"]
        connection.execute(update(Account).where(Account.id == mother).values(wait=b"sealed"))
        connection.execute(
            insert(Inbox).values(
                key=b"k" * 16, account_id=mother, state="done", body=b"sealed", received_at=at("08:00")
            )
        )

    done = desk.run("forget", "--number", "S001", "--yes")
    assert done.exit_code == 0, done.stderr
    assert "已删除 学生 S001 的健康数据" in done.stdout

    with desk.database.read() as connection:
        revisions = connection.execute(select(CheckIn.health, CheckIn.raw).where(CheckIn.person_id == child)).all()
        assert revisions == [(None, None)]
        assert connection.execute(
            select(PersonDay.state, PersonDay.result, PersonDay.marks).where(PersonDay.person_id == child)
        ).one() == ("reported", "", "")
        pushes = {
            row.key: row.state
            for row in connection.execute(select(Outbox.key, Outbox.state).where(Outbox.person_id == child))
        }
        assert pushes == {"林林-queued": "dropped", "林林-sent": "sent"}
        assert (
            connection.execute(
                select(func.count()).select_from(Outbox).where(Outbox.person_id == child, Outbox.body.is_not(None))
            ).scalar_one()
            == 0
        )
        assert (
            connection.execute(select(Account.wait).where(Account.id == desk.cast.accounts["妈妈"])).scalar_one()
            is None
        )
        assert connection.execute(select(Inbox.body)).scalar_one() is None
        told = {
            row.key: row.body
            for row in connection.execute(select(Outbox.key, Outbox.body).where(Outbox.kind == "alert"))
        }
        assert told["林林-alert"] is None
        assert told["王乐乐-alert"] is not None
        # what was counted stays counted: it names nobody
        assert connection.execute(select(func.sum(UnitDay.fever))).scalar_one() == 2
        (noted,) = connection.execute(select(Audit.action, Audit.object, Audit.detail)).all()
        assert (noted.action, noted.object) == ("forget", f"person:{child}")
        assert "林林" not in noted.detail
    assert (counted(desk, Alert, child), counted(desk, Absence, child)) == (0, 0)
    assert (counted(desk, Alert, other), counted(desk, Absence, other)) == (1, 1)
    rows = json.loads(
        desk.run(
            "export", "checkins", "--from", "2026-03-02", "--to", "2026-03-02", "--format", "json", "--out", "-"
        ).stdout
    )
    (row,) = [row for row in rows if row["name"] == "林林"]
    assert (row["state"], row["result"], row["temperature_c"], row["raw"]) == ("reported", None, None, None)
    (kept,) = [row for row in rows if row["name"] == "王乐乐"]
    assert (kept["temperature_c"], kept["raw"]) == (38.5, "王乐乐38.5")


def test_forgetting_asks_first_and_nothing_happens_on_no(desk: Desk) -> None:
    child = fill(desk, "林林")
    done = desk.run("forget", "--number", "S001", given="n\n")
    assert done.exit_code == 1
    assert "林林" in done.stderr
    assert counted(desk, Alert, child) == 1


def test_forgetting_nobody_is_said(desk: Desk) -> None:
    done = desk.run("forget", "--number", "X999", "--yes")
    assert (done.exit_code, done.stdout, done.stderr) == (1, "", "名册里没有编号为 X999 的人\n")


def test_a_number_shared_by_a_pupil_and_a_teacher_is_asked_back(desk: Desk) -> None:
    with desk.database.write() as connection:
        connection.execute(update(Person).where(Person.number == "T001").values(number="S001"))
    done = desk.run("forget", "--number", "S001", "--yes")
    assert done.exit_code == 1
    assert "--kind" in done.stderr
    assert desk.run("forget", "--number", "S001", "--kind", "staff", "--yes").exit_code == 0


def purged(work: Work, at: datetime) -> Counter[str]:
    """The whole rule as of `at`, piece by piece."""
    done = Counter[str]()
    for low, high in retention.begin(work, at):
        done += retention.purge_people(work, at, low, high)
    return done + retention.purge_rest(work, at)


def test_what_is_old_goes_and_what_is_not_stays(desk_on_both: Desk) -> None:
    desk = desk_on_both
    child = fill(desk, "林林")
    rule = DISTRICT.retention
    with desk.database.write() as connection:
        work = desk.work(connection)
        night = at("03:00") + timedelta(days=rule.raw_text)
        assert purged(work, night) == {}  # the last day on which everything is kept

        night += timedelta(days=1)
        assert purged(work, night) == {"raw_text": 1, "push_text": 2}
        assert connection.execute(select(CheckIn.raw, CheckIn.health.is_not(None))).one() == (None, True)

        night = at("03:00") + timedelta(days=rule.check_ins + 1)
        done = purged(work, night)
        assert (done["check_ins"], done["person_days"], done["alerts"], done["absences"]) == (1, 1, 1, 1)
        assert done["outbox"] == 2  # the one still queued is not final
        assert purged(work, night) == {}
        assert connection.execute(select(func.sum(UnitDay.fever))).scalar_one() == 1
    assert counted(desk, PersonDay, child) == 0


def test_days_that_were_purged_do_not_look_unreported(desk: Desk) -> None:
    fill(desk, "林林")
    done = desk.run("purge")
    assert done.exit_code == 0, done.stderr
    with desk.database.write() as connection:
        work = desk.work(connection)
        purged(work, datetime.now(UTC) + timedelta(days=365))
    out = desk.run("export", "checkins", "--from", "2026-03-02", "--to", "2026-03-02", "--format", "json", "--out", "-")
    assert json.loads(out.stdout) == []


def test_purging_is_on_the_trail(desk: Desk) -> None:
    desk.run("purge")
    with desk.database.read() as connection:
        assert connection.execute(select(Audit.action, Audit.object)).all() == [("purge", "district")]


def test_every_class_of_data_that_is_let_go_has_a_name(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    child = fill(desk, "林林")
    seen: set[str] = set()

    def note(_work: Work, deeds: Any) -> Counter[str]:
        seen.update(name for name, _ in deeds)
        return Counter()

    monkeypatch.setattr(retention, "_run", note)
    with desk.database.write() as connection:
        work = desk.work(connection)
        purged(work, at("03:00"))
        retention.forget_person(work, child)
    assert len(seen) > 20
    assert seen <= set(NAMES)
