"""Claiming pushes, and recording what became of them. Every change is guarded by who holds the row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, update

from models.rules.push import Lane
from models.rules.reach import SENT_AGAIN, Claimed, Windows
from models.tables import Account, Outbox
from models.vault import Vault

INTERRUPTED = "发送途中进程中断，结果未知"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try. spent: the window a customer-service message used up (typed, tapped or "").

    state queued means: again at `due_at`.
    """

    id: int
    state: str
    channel: str = ""
    errcode: int | None = None
    error: str = ""
    due_at: datetime | None = None
    sent_at: datetime | None = None
    msgid: str | None = None
    retryable: bool = False
    account_id: int | None = None
    spent: str = ""
    shut: bool = False  # the platform says the window is closed
    refused: str = ""  # the platform says the person cannot be reached


def claim(
    connection: Connection, vault: Vault, worker: str, now: datetime, limit: int, occurrence_id: int | None = None
) -> list[Claimed]:
    """Take up to `limit` pushes that are due, alerts first. Two statements. `occurrence_id`: only that occurrence's."""
    due = select(Outbox.id).where(Outbox.state == "queued", Outbox.due_at <= now)
    if occurrence_id is not None:
        due = due.where(Outbox.occurrence_id == occurrence_id)
    due = due.order_by(Outbox.lane, Outbox.due_at, Outbox.id).limit(limit).with_for_update(skip_locked=True)
    ids = [row.id for row in connection.execute(due)]
    if not ids:
        return []
    connection.execute(
        update(Outbox)
        .where(Outbox.id.in_(ids))
        .values(state="sending", claimed_by=worker, attempts=Outbox.attempts + 1)
    )
    rows = connection.execute(
        select(
            Outbox.id,
            Outbox.key,
            Outbox.kind,
            Outbox.lane,
            Outbox.account_id,
            Outbox.person_id,
            Outbox.body,
            Outbox.fields,
            Outbox.owed,
            Outbox.moment,
            Outbox.expires_at,
            Outbox.attempts,
            Outbox.created_at,
            Account.openid,
            Account.refused,
            Account.typed_at,
            Account.typed_spent,
            Account.tapped_at,
            Account.tapped_spent,
        )
        .outerjoin(Account, Account.id == Outbox.account_id)
        .where(Outbox.id.in_(ids))
        .order_by(Outbox.lane, Outbox.id)
    )
    return [
        Claimed(
            id=row.id,
            key=row.key,
            kind=row.kind,
            lane=Lane(row.lane),
            account_id=row.account_id,
            person_id=row.person_id,
            body=vault.open_json("outbox.body", row.body) if row.body else None,
            fields=row.fields,
            owed=row.owed,
            moment=row.moment,
            expires_at=row.expires_at,
            attempts=row.attempts,
            created_at=row.created_at,
            openid=row.openid,
            refused=row.refused,
            windows=Windows(row.typed_at, row.typed_spent or 0, row.tapped_at, row.tapped_spent or 0),
        )
        for row in rows
    ]


def settle(connection: Connection, worker: str, outcomes: Iterable[Outcome]) -> None:
    """Record what became of pushes this worker holds; rows it no longer holds are left alone."""
    done = list(outcomes)
    if not done:
        return
    statement = (
        update(Outbox)
        .where(Outbox.id == bindparam("the_id"), Outbox.claimed_by == worker, Outbox.state == "sending")
        .values(
            state=bindparam("new_state"),
            channel=bindparam("new_channel"),
            errcode=bindparam("new_errcode"),
            error=bindparam("new_error"),
            sent_at=bindparam("new_sent_at"),
            msgid=bindparam("new_msgid"),
            retryable=bindparam("new_retryable"),
            claimed_by=None,
        )
    )
    connection.execute(
        statement,
        [
            {
                "the_id": outcome.id,
                "new_state": outcome.state,
                "new_channel": outcome.channel,
                "new_errcode": outcome.errcode,
                "new_error": outcome.error[:200],
                "new_sent_at": outcome.sent_at,
                "new_msgid": outcome.msgid,
                "new_retryable": outcome.retryable,
            }
            for outcome in done
        ],
    )
    later = [{"the_id": outcome.id, "new_due": outcome.due_at} for outcome in done if outcome.due_at is not None]
    if later:
        connection.execute(
            update(Outbox).where(Outbox.id == bindparam("the_id")).values(due_at=bindparam("new_due")), later
        )
    _spend(connection, done)


def _spend(connection: Connection, done: Iterable[Outcome]) -> None:
    for name in ("typed", "tapped"):
        column = getattr(Account, f"{name}_spent")
        spent = sorted(o.account_id for o in done if o.spent == name and o.account_id is not None)
        if spent:
            connection.execute(
                update(Account).where(Account.id == bindparam("the_id")).values({column.key: column + 1}),
                [{"the_id": account} for account in spent],
            )
    shut = sorted({o.account_id for o in done if o.shut and o.account_id is not None})
    if shut:
        connection.execute(update(Account).where(Account.id.in_(shut)).values(typed_at=None, tapped_at=None))
    refused = {o.account_id: o.refused for o in done if o.refused and o.account_id is not None}
    if refused:
        connection.execute(
            update(Account).where(Account.id == bindparam("the_id")).values(refused=bindparam("why")),
            [{"the_id": account, "why": why[:64]} for account, why in sorted(refused.items())],
        )


def take_over(connection: Connection, alive: Callable[[Collection[str]], set[str]]) -> int:
    """Settle what dead workers held: kinds that go again are queued, other nudges become unknown. Gives how many."""
    holders = {
        row.claimed_by
        for row in connection.execute(
            select(Outbox.claimed_by).where(Outbox.state == "sending", Outbox.claimed_by.is_not(None)).distinct()
        )
        if row.claimed_by is not None
    }
    dead = sorted(holders - alive(holders)) if holders else []
    if not dead:
        return 0
    held = (Outbox.state == "sending") & Outbox.claimed_by.in_(dead)
    again = connection.execute(
        update(Outbox).where(held, Outbox.kind.in_(sorted(SENT_AGAIN))).values(state="queued", claimed_by=None)
    )
    unknown = connection.execute(update(Outbox).where(held).values(state="unknown", claimed_by=None, error=INTERRUPTED))
    return int(again.rowcount or 0) + int(unknown.rowcount or 0)


def retry_failed(connection: Connection, occurrence_id: int, now: datetime) -> int:
    """Queue again what failed for a passing reason; "still owed" and expiry are judged when it is sent."""
    done = connection.execute(
        update(Outbox)
        .where(Outbox.occurrence_id == occurrence_id, Outbox.state == "failed", Outbox.retryable.is_(True))
        .values(state="queued", attempts=0, due_at=now, error="", errcode=None)
    )
    return int(done.rowcount or 0)


def next_due(connection: Connection, occurrence_id: int) -> datetime | None:
    """When the next push of an occurrence that is not yet final falls due; None: all are final."""
    return connection.execute(
        select(func.min(Outbox.due_at)).where(
            Outbox.occurrence_id == occurrence_id, Outbox.state.in_(("queued", "sending"))
        )
    ).scalar_one()
