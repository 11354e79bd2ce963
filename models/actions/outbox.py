"""Putting pushes into the outbox, in the transaction of whatever made them owed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from json.encoder import encode_basestring
from operator import itemgetter
from typing import Any

from psycopg.errors import UniqueViolation
from sqlalchemy import Connection

from models.queries.people import school_by_person
from models.rules.push import Owed, Push, in_turns
from models.statements import Bulk
from models.tables import Outbox
from models.vault import to_json
from models.work import Row, Work

_SLICE = 2000
#: From so many rows on, PostgreSQL takes them by COPY.
_WORTH_COPYING = 200


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
    rows = draft_rows(work, pushes, per_second) if occurrence_id is not None else _rows(work, pushes)
    return keep_rows(work.flush(), rows, occurrence_id, state=state)


def draft_rows(work: Work, pushes: Iterable[Push], per_second: int | None = None) -> list[Row]:
    """The rows of one occasion's pushes, schools in turn, for `keep_rows`. Writes nothing, so that what costs time,
    sealing above all, can be done before any lock is taken."""
    listed = list(pushes)
    schools = school_by_person(work.connection, (push.person_id for push in listed if push.person_id is not None))
    rows = _rows(work, in_turns(listed, schools.get))
    if per_second is not None:
        for number, row in enumerate(rows):
            row["due_at"] += timedelta(seconds=number // per_second)
    return rows


def _rows(work: Work, pushes: Iterable[Push]) -> list[Row]:
    return [outbox_row(work, push) for push in pushes]


def keep_rows(connection: Connection, rows: list[Row], occurrence_id: int | None, *, state: str = "queued") -> int:
    """Write drafted rows as this occurrence's, in slices; gives how many were new."""
    new = 0
    for start in range(0, len(rows), _SLICE):
        piece = rows[start : start + _SLICE]
        for row in piece:
            row["occurrence_id"], row["state"] = occurrence_id, state
        new += _insert_outbox(connection, piece)
    return new


def outbox_row(work: Work, push: Push, occurrence_id: int | None = None) -> Row:
    due_at = work.now
    if push.due_at is not None and push.due_at != push.moment:
        # On our own clock, also where T is another day's: a job run "as of" then is delivered now.
        due_at += push.due_at - push.moment
    return {
        "key": push.key,
        "kind": push.kind,
        "lane": int(push.lane),
        "occurrence_id": occurrence_id,
        "account_id": push.account_id,
        "person_id": push.person_id,
        "relation": push.relation,
        "body": work.vault.seal("outbox.body", _body_json(push.body)),
        "fields": push.fields,
        "owed": _owed_json(push.owed),
        "moment": push.moment,
        "due_at": due_at,
        "expires_at": push.expires_at,
        "state": "queued",
        "channel": "",
        "tried": "",
        "why": "",
        "attempts": 0,
        "error": "",
        "retryable": False,
        "created_at": work.now,
    }


def _body_json(body: Mapping[str, Any]) -> str:
    """Nearly all are plain text, and a general encoder costs more than sealing it."""
    text = body.get("text")
    if len(body) == 1 and isinstance(text, str):
        return f'{{"text":{encode_basestring(text)}}}'
    return to_json(dict(body))


_COLUMNS = (
    "key",
    "kind",
    "lane",
    "occurrence_id",
    "account_id",
    "person_id",
    "relation",
    "body",
    "fields",
    "owed",
    "moment",
    "due_at",
    "expires_at",
    "state",
    "channel",
    "tried",
    "why",
    "attempts",
    "error",
    "retryable",
    "created_at",
)


def _owed_json(owed: Owed | None) -> dict[str, Any] | None:
    """By hand: `dataclasses.asdict` copies deeply, and costs a third of planning a large occasion."""
    if owed is None:
        return None
    made: dict[str, Any] = {"rule": owed.rule}
    if owed.day is not None:
        made["day"] = owed.day.isoformat()
    if owed.persons:
        made["persons"] = list(owed.persons)
    for name in ("unit", "alert", "campaign"):
        if (value := getattr(owed, name)) is not None:
            made[name] = value
    return made


_INSERT = Bulk(Outbox, _COLUMNS, lambda made: made.on_conflict_do_nothing(index_elements=("key",)))


def _insert_outbox(connection: Connection, rows: list[Row]) -> int:
    unique = list({row["key"]: row for row in rows}.values())
    if connection.dialect.name != "sqlite" and len(unique) >= _WORTH_COPYING:
        return _copy_outbox(connection, unique)
    return _INSERT(connection, unique)


_NAMES = ",".join(f'"{name}"' for name in _COLUMNS)
_COPY = f"COPY outbox ({_NAMES}) FROM STDIN"
_pick = itemgetter(*_COLUMNS)


def _copy_outbox(connection: Connection, rows: list[Row]) -> int:
    """PostgreSQL's own way in for many rows, several times faster than any INSERT.

    COPY knows no ON CONFLICT: where one of the rows is there already, which is rare, the slice is inserted instead.
    """
    cursor: Any = connection.connection.cursor()
    try:
        cursor.execute("SAVEPOINT outbox_in")
        try:
            with cursor.copy(_COPY) as copy:
                for row in rows:
                    copy.write_row(_pick({**row, "fields": _json(row["fields"]), "owed": _json(row["owed"])}))
        except UniqueViolation:
            cursor.execute("ROLLBACK TO SAVEPOINT outbox_in")
            return _INSERT(connection, rows)
        cursor.execute("RELEASE SAVEPOINT outbox_in")
        return len(rows)
    finally:
        cursor.close()


def _json(value: Any) -> str | None:
    return None if value is None else to_json(value)
