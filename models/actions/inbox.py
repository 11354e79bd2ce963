"""Remembering what was answered, so that the same message pushed again gets the same answer and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from models.statements import Bulk, Question, insert
from models.tables import Inbox
from models.vault import Vault
from models.work import Row, Work

_ANSWERED = Question(lambda among: select(Inbox.key, Inbox.state, Inbox.body).where(among(Inbox.key, "keys")))
_INBOX = Bulk(Inbox, [column.name for column in Inbox.__table__.columns])


def answered(connection: Connection, vault: Vault, digests: Mapping[str, bytes]) -> dict[str, tuple[str, Any]]:
    """Those of the dedup keys that were accepted before: key → (state, what was answered or what is parked).

    digests: the keys and their digests under the newest secret; they are looked for under every one still accepted. One
    statement.
    """
    return ask_answered(connection, vault, digests)()


def ask_answered(
    connection: Connection, vault: Vault, digests: Mapping[str, bytes]
) -> Callable[[], dict[str, tuple[str, Any]]]:
    """`answered`, sent with other questions."""
    by_index = {digest: key for key, digest in digests.items()}
    if vault.is_rotating:
        by_index |= {index: key for key in digests for index in vault.indexes("inbox.key", key)}
    asked = _ANSWERED.ask(connection, keys=list(by_index))
    return lambda: {
        by_index[key]: (state, vault.open_json("inbox.body", body) if body else None) for key, state, body in asked()
    }


def remember(work: Work, digest: bytes, account_id: int | None, body: Any) -> None:
    """Keep what was answered (JSON; None: nothing was said) under its key's digest, with the batch."""
    work.later(
        5,
        "inbox",
        _insert_inbox,
        {
            "key": digest,
            "account_id": account_id,
            "state": "done",
            "body": None if body is None else work.vault.seal_json("inbox.body", body),
            "received_at": work.now,
        },
    )


def _insert_inbox(connection: Connection, rows: list[Row]) -> None:
    _INBOX(connection, rows)


def park(connection: Connection, vault: Vault, messages: Iterable[tuple[str, Any]], now: datetime) -> None:
    """Durably keep messages (key, JSON) to be handled later; those accepted before are left alone."""
    rows = [
        {
            "key": vault.index("inbox.key", key),
            "account_id": None,
            "state": "parked",
            "body": vault.seal_json("inbox.body", body),
            "received_at": now,
        }
        for key, body in messages
    ]
    connection.execute(insert(connection, Inbox).on_conflict_do_nothing(index_elements=("key",)), rows)


def unpark(connection: Connection, vault: Vault, limit: int) -> list[Any]:
    """Take parked messages, oldest first, out of the inbox; handling them puts their answer back."""
    taken = (
        select(Inbox.key)
        .where(Inbox.state == "parked")
        .order_by(Inbox.received_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    keys = [row.key for row in connection.execute(taken)]
    if not keys:
        return []
    rows = connection.execute(delete(Inbox).where(Inbox.key.in_(keys)).returning(Inbox.body, Inbox.received_at)).all()
    return [vault.open_json("inbox.body", row.body) for row in sorted(rows, key=lambda row: row.received_at)]
