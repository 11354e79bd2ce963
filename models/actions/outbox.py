"""Putting pushes into the outbox, in the transaction of whatever made them owed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from models.queries.people import school_by_person
from models.rules.push import Owed, Push, in_turns
from models.statements import insert
from models.tables import Outbox
from models.work import Row, Work

_SLICE = 500


def owe(work: Work, push: Push, occurrence_id: int | None = None) -> None:
    """Keep the push unless one with its key is there already; written with the batch."""
    work.later(50, "outbox", _insert_outbox, outbox_row(work, push, occurrence_id))


def owe_all(
    work: Work,
    pushes: Iterable[Push],
    occurrence_id: int | None = None,
    *,
    state: str = "queued",
    per_second: int | None = None,
) -> int:
    """Keep these pushes now, in slices; gives how many were new.

    Those of one occasion are ordered so that schools have their turns. state: queued, or held for a second person.
    per_second: start no more than this many a second, in all processes together (None: all at once).
    """
    connection, new, rows = work.flush(), 0, []
    if occurrence_id is not None:
        listed = list(pushes)
        schools = school_by_person(connection, (push.person_id for push in listed if push.person_id is not None))
        pushes = in_turns(listed, schools.get)
    for number, push in enumerate(pushes):
        row = outbox_row(work, push, occurrence_id)
        row["state"] = state
        if per_second is not None:
            row["due_at"] += timedelta(seconds=number // per_second)
        rows.append(row)
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


_OWED = tuple(field.name for field in fields(Owed))


def _owed_json(owed: Owed | None) -> dict[str, Any] | None:
    """By hand: `dataclasses.asdict` copies deeply, and costs a third of planning a large occasion."""
    if owed is None:
        return None
    made: dict[str, Any] = {}
    for name in _OWED:
        value = getattr(owed, name)
        if value is not None and value != ():
            made[name] = value
    if owed.day is not None:
        made["day"] = owed.day.isoformat()
    if owed.persons:
        made["persons"] = list(owed.persons)
    return made


def _insert_outbox(connection: Connection, rows: list[Row]) -> int:
    unique = list({row["key"]: row for row in rows}.values())
    statement = insert(connection, Outbox).on_conflict_do_nothing(index_elements=("key",))
    # Without RETURNING the driver sends the rows in bulk; rows that were there already are not counted.
    done = connection.execute(statement, unique, execution_options={"preserve_rowcount": True})
    return max(int(done.rowcount), 0)
