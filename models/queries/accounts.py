"""What is known of how accounts can be reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from models.rules.reach import Windows
from models.tables import Account, Grant, Person


@dataclass(frozen=True, slots=True)
class Reachable:
    """One account, and the phone of the person it is written to about."""

    openid: str | None
    refused: str | None
    windows: Windows
    granted: Mapping[str, int]
    phone: bytes | None


def reachable(
    connection: Connection, pairs: Iterable[tuple[int, int | None]]
) -> dict[tuple[int, int | None], Reachable]:
    """(account, person) → how they can be reached. Three statements over the whole district, whatever is asked."""
    wanted = set(pairs)
    accounts = {
        row.id: row
        for row in connection.execute(
            select(
                Account.id,
                Account.openid,
                Account.refused,
                Account.typed_at,
                Account.typed_spent,
                Account.tapped_at,
                Account.tapped_spent,
            )
        )
    }
    granted: dict[int, dict[str, int]] = {}
    for row in connection.execute(select(Grant.account_id, Grant.template_id, Grant.remaining)):
        granted.setdefault(row.account_id, {})[row.template_id] = row.remaining
    phones = {
        row.id: row.phone
        for row in connection.execute(select(Person.id, Person.phone).where(Person.phone.is_not(None)))
    }
    found = {}
    for account_id, person_id in wanted:
        account = accounts.get(account_id)
        if account is not None:
            found[account_id, person_id] = Reachable(
                account.openid,
                account.refused,
                Windows(account.typed_at, account.typed_spent, account.tapped_at, account.tapped_spent),
                granted.get(account_id, {}),
                phones.get(person_id) if person_id is not None else None,
            )
    return found
