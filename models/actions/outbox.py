"""Putting pushes into the outbox, in the transaction of whatever made them owed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection

from models.rules.push import Owed, Push
from models.statements import insert
from models.tables import Outbox
from models.work import Row, Work

_SLICE = 500


def owe(work: Work, push: Push, occurrence_id: int | None = None) -> None:
    """Keep the push unless one with its key is there already; written with the batch."""
    work.later(50, "outbox", _insert_outbox, outbox_row(work, push, occurrence_id))


def owe_all(work: Work, pushes: Iterable[Push], occurrence_id: int | None = None) -> int:
    """Keep these pushes now, in slices; gives how many were new."""
    connection, new, rows = work.flush(), 0, []
    for push in pushes:
        rows.append(outbox_row(work, push, occurrence_id))
        if len(rows) == _SLICE:
            new += _insert_outbox(connection, rows)
            rows = []
    return new + (_insert_outbox(connection, rows) if rows else 0)


def outbox_row(work: Work, push: Push, occurrence_id: int | None = None) -> Row:
    return {
        "key": push.key,
        "kind": push.kind,
        "lane": int(push.lane),
        "occurrence_id": occurrence_id,
        "account_id": push.account_id,
        "person_id": push.person_id,
        "relation": push.relation,
        "body": work.vault.seal_json("outbox.body", dict(push.body)),
        "fields": dict(push.fields),
        "owed": _owed_json(push.owed),
        "moment": push.moment,
        # On our own clock, also where T is another day's: a job run "as of" then is delivered now.
        "due_at": work.now + ((push.due_at or push.moment) - push.moment),
        "expires_at": push.expires_at,
        "state": "queued",
        "channel": "",
        "attempts": 0,
        "error": "",
        "retryable": False,
        "created_at": work.now,
    }


def _owed_json(owed: Owed | None) -> dict[str, Any] | None:
    if owed is None:
        return None
    made = {name: value for name, value in asdict(owed).items() if value not in (None, ())}
    if owed.day is not None:
        made["day"] = owed.day.isoformat()
    if owed.persons:
        made["persons"] = list(owed.persons)
    return made


def _insert_outbox(connection: Connection, rows: list[Row]) -> int:
    unique = list({row["key"]: row for row in rows}.values())
    return len(
        connection.execute(
            insert(connection, Outbox).on_conflict_do_nothing(index_elements=("key",)).returning(Outbox.id), unique
        ).all()
    )
