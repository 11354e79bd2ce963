"""What was pushed to whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from models.tables import Outbox

#: States of a push that nobody has read and nobody will.
_LOST = ("dropped", "expired", "failed")


def was_pushed(connection: Connection, key: str) -> bool:
    """Whether the push with this key went out or is on its way. One statement."""
    found = connection.execute(select(Outbox.id).where(Outbox.key == key, Outbox.state.not_in(_LOST)))
    return found.first() is not None


def recent_keys(connection: Connection, account_ids: Iterable[int], prefix: str, since: datetime) -> set[str]:
    """Keys beginning with `prefix` of what these accounts were owed after `since`. One statement."""
    found = connection.execute(
        select(Outbox.key).where(
            Outbox.account_id.in_(sorted(set(account_ids))),
            Outbox.moment > since,
            Outbox.key.startswith(prefix, autoescape=True),
        )
    )
    return set(found.scalars())
