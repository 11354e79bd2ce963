"""Whose browser a browser is, and what an account does not want to get."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update

from models.statements import insert
from models.tables import AccountDevice, OptOut
from models.work import Work


def pair_first(work: Work, device: bytes, account_id: int, at: datetime) -> None:
    """A browser that nobody knows has opened this account's first link: it is theirs."""
    connection = work.flush()
    statement = insert(connection, AccountDevice).values(
        device=device, account_id=account_id, paired_at=at, how="first"
    )
    connection.execute(statement.on_conflict_do_nothing())


def pair_proven(work: Work, device: bytes, account_id: int, at: datetime) -> None:
    """The platform says that this browser is the account's."""
    connection = work.flush()
    made = {"paired_at": at, "how": "wechat", "code": None, "code_until": None}
    statement = insert(connection, AccountDevice).values(device=device, account_id=account_id, **made)
    connection.execute(statement.on_conflict_do_update(index_elements=("device", "account_id"), set_=made))


def offer_code(work: Work, device: bytes, account_id: int, code: str, until: datetime) -> None:
    """A browser shows `code`; sent in the account's own chat before `until`, it makes the browser theirs."""
    connection = work.flush()
    statement = insert(connection, AccountDevice).values(
        device=device, account_id=account_id, how="", code=code, code_until=until
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=("device", "account_id"), set_={"code": code, "code_until": until}
        )
    )


def pair_by_code(work: Work, account_id: int, code: str, at: datetime) -> bool:
    """The account has sent a code that one of its links showed; False where there is no such code, or it has ended."""
    done = work.flush().execute(
        update(AccountDevice)
        .where(AccountDevice.account_id == account_id, AccountDevice.code == code, AccountDevice.code_until > at)
        .values(paired_at=at, how="code", code=None, code_until=None)
    )
    return bool(done.rowcount)


def opt(work: Work, account_id: int, kind: str, *, out: bool) -> None:
    """No more of one kind, or again."""
    connection = work.flush()
    if out:
        statement = insert(connection, OptOut).values(account_id=account_id, kind=kind, since=work.now)
        connection.execute(statement.on_conflict_do_nothing())
    else:
        connection.execute(delete(OptOut).where(OptOut.account_id == account_id, OptOut.kind == kind))
