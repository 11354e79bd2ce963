"""The hot statements in the driver's words: values go in and come out as SQLAlchemy's own would."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from models.database import Database
from models.statements import Bulk, BulkUpdate, Question, run, together
from models.tables import Account, Inbox, UnitDay
from models.tables.base import UtcDateTime

NOW = datetime(2026, 3, 1, 23, 42, 7, 123456, tzinfo=UTC)
ACCOUNTS = Bulk(
    Account, ("id", "openid", "wait", "typed_at", "typed_spent", "tapped_spent", "wrong_codes", "created_at")
)
INBOX = Bulk(Inbox, [column.name for column in Inbox.__table__.columns])
SPENT = BulkUpdate(Account, "id", ("typed_spent", "typed_at", "wait"))
FOUND = Question(
    lambda among: (
        select(Account.id, Account.openid, Account.wait, Account.typed_at, Account.typed_spent)
        .where(among(Account.openid, "openids"), Account.typed_spent.in_([0, 1, 2]))
        .order_by(Account.id)
    )
)
BY_KEY = Question(lambda among: select(Inbox.key, Inbox.body, Inbox.received_at).where(among(Inbox.key, "keys")))


def account(number: int, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": number,
        "openid": f"o-{number}\"\\'{{}},%s ℃",
        "wait": bytes(range(256)) if number % 2 else None,
        "typed_at": NOW + timedelta(seconds=number) if number % 3 else None,
        "typed_spent": number % 3,
        "tapped_spent": 0,
        "wrong_codes": 0,
        "created_at": NOW,
    }
    return made | more


def test_rows_come_out_as_they_went_in(database: Database) -> None:
    rows = [account(number) for number in range(1, 701)]
    with database.write() as connection:
        ACCOUNTS(connection, rows)
        found = FOUND(connection, openids=[row["openid"] for row in rows])
        assert found == [(row["id"], row["openid"], row["wait"], row["typed_at"], row["typed_spent"]) for row in rows]
        plain = connection.execute(select(Account.typed_at, Account.wait).order_by(Account.id)).all()
        assert [tuple(row) for row in plain] == [(row["typed_at"], row["wait"]) for row in rows]
        assert FOUND(connection, openids=[]) == []


def test_moments_of_any_zone_are_kept_in_utc_and_one_without_a_zone_is_refused(database: Database) -> None:
    china = NOW.astimezone(timezone(timedelta(hours=8)))
    with database.write() as connection:
        ACCOUNTS(connection, [account(1, typed_at=china)])
        assert FOUND(connection, openids=[account(1)["openid"]])[0][3] == NOW
        with pytest.raises(ValueError, match="time zone"):
            ACCOUNTS(connection, [account(2, typed_at=NOW.replace(tzinfo=None))])


def test_many_rows_are_changed_by_their_keys(database: Database) -> None:
    with database.write() as connection:
        ACCOUNTS(connection, [account(number) for number in (1, 2, 3)])
        SPENT(
            connection,
            [
                {"id": 1, "typed_spent": 2, "typed_at": NOW, "wait": None},
                {"id": 3, "typed_spent": 1, "typed_at": None, "wait": b"\x00\xff"},
            ],
        )
        found = FOUND(connection, openids=[account(number)["openid"] for number in (1, 2, 3)])
        assert [(row[0], row[4], row[3], row[2]) for row in found] == [
            (1, 2, NOW, None),
            (2, 2, NOW + timedelta(seconds=2), None),
            (3, 1, None, b"\x00\xff"),
        ]


def test_binary_keys_are_found(database: Database) -> None:
    rows = [
        {"key": bytes([number]) * 16, "account_id": None, "state": "done", "body": b"b", "received_at": NOW}
        for number in range(5)
    ]
    with database.write() as connection:
        INBOX(connection, rows)
        found = BY_KEY(connection, keys=[bytes([number]) * 16 for number in (1, 3, 9)])
        assert sorted(found) == [(bytes([number]) * 16, b"b", NOW) for number in (1, 3)]


def test_a_failing_statement_raises_sqlalchemys_error_and_says_no_value(database: Database) -> None:
    with pytest.raises(IntegrityError) as raised, database.write() as connection:
        ACCOUNTS(connection, [account(1), account(1)])
    assert raised.value.params is None
    with database.write() as connection:
        assert FOUND(connection, openids=[account(1)["openid"]]) == []


def test_among_statements_sent_together_one_that_fails_fails_them_all(database: Database) -> None:
    def write_three() -> None:
        with database.write() as connection, together(connection):
            for number in (1, 1, 2):
                ACCOUNTS(connection, [account(number)])

    with pytest.raises(SQLAlchemyError):
        write_three()
    with database.write() as connection:
        assert connection.execute(select(Account.id)).all() == []


def test_a_keeper_begins_anew_after_an_error(database: Database) -> None:
    keeper = database.keeper()
    for _ in range(2):
        with pytest.raises(SQLAlchemyError), keeper.write() as connection:
            run(connection, "SELECT no_such_column FROM accounts", {} if not database.is_sqlite else ())
        with keeper.write() as connection:
            assert connection.execute(text("SELECT 1")).scalar_one() == 1
    keeper.close()


def test_what_statements_take_for_a_moment_is_our_column_of_moments() -> None:
    from models.statements import _is_moment

    assert _is_moment(UtcDateTime())
    assert not _is_moment(UnitDay.__table__.c.report_date.type)
    assert date(2026, 3, 2).isoformat() == "2026-03-02"


def test_a_servers_log_is_written_back_beside_the_commits(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.database.CHECKPOINT_SECONDS", 0.01)
    monkeypatch.setattr("models.database.LONG_LOG", 0)
    log = Path(f"{sqlite.url.database}-wal")
    with sqlite.checkpointing():
        keeper = sqlite.keeper()
        for number in range(1, 40):
            with keeper.write() as connection:
                ACCOUNTS(connection, [account(number)])
        for _ in range(500):
            if log.stat().st_size == 0:  # cut, once nothing was written for a while
                break
            time.sleep(0.01)
        assert log.stat().st_size == 0
        with keeper.write() as connection:
            assert connection.exec_driver_sql("PRAGMA wal_autocheckpoint").scalar_one() == 0
        keeper.close()
