"""Whose browser a browser is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from models.tables import Account, AccountDevice


@dataclass(frozen=True, slots=True)
class Devices:
    """accounts: those the browser has shown itself to be; has_any: whether the link's owner has a browser at all."""

    accounts: tuple[int, ...]
    has_any: bool


def devices(connection: Connection, digests: Collection[bytes], owner: int, ways: Collection[str]) -> Devices:
    """What is known of a browser and of a link's owner. ways: those of becoming an account's that count. One statement."""
    rows = connection.execute(
        select(AccountDevice.device, AccountDevice.account_id).where(
            AccountDevice.paired_at.is_not(None),
            AccountDevice.how.in_(sorted(ways)),
            or_(AccountDevice.device.in_(list(digests)), AccountDevice.account_id == owner),
        )
    ).all()
    return Devices(
        tuple(row.account_id for row in rows if bytes(row.device) in digests),
        any(row.account_id == owner for row in rows),
    )


def account_of(connection: Connection, openid: str) -> int | None:
    """The account of a follower."""
    return connection.execute(select(Account.id).where(Account.openid == openid)).scalar_one_or_none()


def is_account(connection: Connection, account_id: int) -> bool:
    """Whether this account still follows."""
    found = connection.execute(select(Account.id).where(Account.id == account_id))
    return found.first() is not None
