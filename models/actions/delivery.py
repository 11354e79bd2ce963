"""Claiming pushes, and recording what became of them. Every change is guarded by who holds the row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, func, or_, select, text, update
from sqlalchemy.orm import aliased
from sqlalchemy.types import Boolean, Integer

from models.actions import sending
from models.actions import template_outcomes as deliveries
from models.rules.push import Lane
from models.rules.reach import NEVER, REPEATABLE_FOR, SENT_AGAIN, TEMPLATE, Claimed, Windows, platform_day
from models.statements import BulkUpdate, prepared
from models.tables import Account, Grant, Outbox, Person
from models.vault import Vault
from models.work import Row

INTERRUPTED = "发送途中进程中断，结果未知"
#: Spelled out, so that the partial indexes are used on both engines.
QUEUED = text("outbox.state = 'queued'")
SENDING = text("outbox.state = 'sending'")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try. spent: the window a customer-service message used up (typed, tapped or "").

    state queued means: again at `due_at`; a failed push with a `due_at` is tried again by itself then.
    used: calls by rung; closed: rungs the platform has closed for its day; granted: the template whose grant was used;
    ungranted: the one that turned out not to be granted. is_try: a call was made.
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
    why: str = ""
    tried: frozenset[str] = frozenset()
    used: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    granted: str = ""
    ungranted: str = ""
    is_try: bool = True


_FLYING = aliased(Outbox, name="flying")
_IN_FLIGHT = select(_FLYING.id).where(_FLYING.account_id == Outbox.account_id, text("flying.state = 'sending'"))
#: Built once: building it costs more than running it.
_DUE = (
    select(
        Outbox.id,
        Outbox.key,
        Outbox.kind,
        Outbox.lane,
        Outbox.account_id,
        Outbox.person_id,
        Outbox.relation,
        Outbox.body,
        Outbox.fields,
        Outbox.owed,
        Outbox.moment,
        Outbox.expires_at,
        Outbox.attempts,
        Outbox.created_at,
        Outbox.occurrence_id,
        Outbox.tried,
        Outbox.error,
        Account.openid,
        Account.refused,
        Account.typed_at,
        Account.typed_spent,
        Account.tapped_at,
        Account.tapped_spent,
        Person.phone,
    )
    .outerjoin(Account, Account.id == Outbox.account_id)
    .outerjoin(Person, Person.id == Outbox.person_id)
    .where(QUEUED, Outbox.due_at <= bindparam("now", type_=Outbox.due_at.type), ~_IN_FLIGHT.exists())
    .order_by(Outbox.lane, Outbox.due_at, Outbox.id)
    .limit(bindparam("at_most", type_=Integer))
    .with_for_update(of=Outbox, skip_locked=True)
)
_DUE_OF_ONE = _DUE.where(Outbox.occurrence_id == bindparam("occasion", type_=Integer))


def due(
    connection: Connection,
    vault: Vault,
    now: datetime,
    limit: int,
    occurrence_id: int | None = None,
    *,
    urgent_only: bool = False,
    with_grants: bool = False,
) -> list[Claimed]:
    """Up to `limit` pushes that are due, alerts first, at most one an account, locked. One statement (with grants two).

    An account one of whose pushes is in flight waits. urgent_only: alerts and answers only.
    """
    statement = _DUE_OF_ONE if occurrence_id is not None else _DUE
    if urgent_only:
        statement = statement.where(Outbox.lane <= int(Lane.ANSWER))
    given = {"now": now, "at_most": limit, "occasion": occurrence_id}
    rows = connection.execute(statement, given).all()
    busy: set[int] = set()
    chosen = []
    for row in rows:
        if row.account_id is None or row.account_id not in busy:
            chosen.append(row)
        if row.account_id is not None:
            busy.add(row.account_id)
    granted = _granted(connection, busy) if with_grants and busy else {}
    return [
        Claimed(
            id=row.id,
            key=row.key,
            kind=row.kind,
            lane=Lane(row.lane),
            account_id=row.account_id,
            person_id=row.person_id,
            relation=row.relation,
            body=vault.open_json("outbox.body", row.body) if row.body else None,
            fields=row.fields,
            owed=row.owed,
            moment=row.moment,
            expires_at=row.expires_at,
            attempts=row.attempts + 1,
            created_at=row.created_at,
            openid=row.openid,
            refused=row.refused,
            windows=Windows(row.typed_at, row.typed_spent or 0, row.tapped_at, row.tapped_spent or 0),
            occurrence_id=row.occurrence_id,
            tried=frozenset(filter(None, row.tried.split(","))),
            error=row.error,
            phone=row.phone,
            granted=granted.get(row.account_id, {}),
        )
        for row in chosen
    ]


def _granted(connection: Connection, accounts: Collection[int]) -> dict[int, dict[str, int]]:
    found: dict[int, dict[str, int]] = {}
    rows = connection.execute(
        select(Grant.account_id, Grant.template_id, Grant.remaining).where(Grant.account_id.in_(sorted(accounts)))
    )
    for row in rows:
        found.setdefault(row.account_id, {})[row.template_id] = row.remaining
    return found


#: Every row of a turn goes in one statement: a statement a row costs more than everything else a push costs.
_CLAIM = BulkUpdate(
    Outbox,
    "id",
    ("claimed_by", "claimed_at", "channel"),
    sets={"state": "'sending'", "attempts": "outbox.attempts + 1"},
    where="outbox.state = 'queued'",
)


def claim(connection: Connection, worker: str, now: datetime, rungs: Mapping[int, str]) -> None:
    """Take these locked pushes; rungs: id → the rung tried first, so that a crash can be judged. One statement."""
    _CLAIM(
        connection,
        [
            {"id": number, "claimed_by": worker, "claimed_at": now, "channel": rung}
            for number, rung in sorted(rungs.items())
        ],
    )


_FATE = ("state", "channel", "errcode", "error", "sent_at", "msgid", "retryable", "why", "tried", "due_at", "attempts")
#: `attempts` of a row given is what was counted in advance and never made.
_COUNTED = {
    "due_at": "COALESCE(given.due_at, outbox.due_at)",
    "attempts": "outbox.attempts - given.attempts",
    "claimed_by": "NULL",
}
_SETTLE = BulkUpdate(
    Outbox,
    "id",
    (*_FATE, "claimed_by"),
    sets=_COUNTED,
    where="outbox.state = 'sending' AND outbox.claimed_by = given.claimed_by",
)
_DECIDE = BulkUpdate(Outbox, "id", _FATE, sets=_COUNTED, where="outbox.state = 'queued'")


def settle(connection: Connection, worker: str, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Record what became of pushes this worker holds; rows it no longer holds are left alone."""
    if not outcomes:
        return
    _SETTLE(connection, [{**_row(outcome), "claimed_by": worker} for outcome in outcomes])
    _remember(connection, outcomes)
    if msgids := {outcome.msgid for outcome in outcomes if outcome.msgid}:
        deliveries.early_failures(connection, msgids, now)
    used = Counter(rung for outcome in outcomes for rung in outcome.used)
    sending.count_calls(connection, platform_day(now), used, {rung for outcome in outcomes for rung in outcome.closed})


def decide(connection: Connection, outcomes: Sequence[Outcome]) -> None:
    """Record what was decided about due pushes without a call, in the transaction that locked them. One statement."""
    _DECIDE(connection, [_row(outcome, untried=0) for outcome in outcomes])


def _row(outcome: Outcome, untried: int | None = None) -> Row:
    return {
        "id": outcome.id,
        "state": outcome.state,
        "channel": outcome.channel,
        "errcode": outcome.errcode,
        "error": outcome.error[:200],
        "sent_at": outcome.sent_at,
        "msgid": outcome.msgid,
        "retryable": outcome.retryable,
        "why": outcome.why[:120],
        "tried": ",".join(sorted(outcome.tried)),
        "due_at": outcome.due_at or (NEVER if outcome.state == "failed" else None),
        "attempts": int(not outcome.is_try) if untried is None else untried,
    }


#: Accounts are locked in the order of their ids, as everybody does; an UPDATE of many has an order of its own.
_LOCK = prepared(
    lambda among: select(Account.id).where(among(Account.id, "ids")).order_by(Account.id).with_for_update()
)
_SPEND = BulkUpdate(
    Account,
    "id",
    ("typed_spent", "tapped_spent", "refused"),
    sets={
        "typed_spent": "accounts.typed_spent + given.typed_spent",
        "tapped_spent": "accounts.tapped_spent + given.tapped_spent",
        "refused": "COALESCE(given.refused, accounts.refused)",
    },
)
_SHUT = prepared(lambda among: update(Account).where(among(Account.id, "ids")).values(typed_at=None, tapped_at=None))


def _remember(connection: Connection, outcomes: Sequence[Outcome]) -> None:
    """What the tries taught about accounts. A statement, and one more each for what is rare."""
    changed: dict[int, dict[str, Any]] = {}
    shut: set[int] = set()
    for outcome in outcomes:
        if outcome.account_id is None or not (outcome.spent or outcome.shut or outcome.refused):
            continue
        row = changed.setdefault(
            outcome.account_id, {"id": outcome.account_id, "typed_spent": 0, "tapped_spent": 0, "refused": None}
        )
        if outcome.spent:
            row[f"{outcome.spent}_spent"] += 1
        row["refused"] = outcome.refused[:64] or row["refused"]
        if outcome.shut:
            shut.add(outcome.account_id)
    if changed:
        if connection.dialect.name != "sqlite":  # whose writer has locked everything
            connection.execute(_LOCK(connection), {"ids": sorted(changed)})
        _SPEND(connection, [changed[account] for account in sorted(changed)])
    if shut:
        connection.execute(_SHUT(connection), {"ids": sorted(shut)})
    for used, column in (
        ([o for o in outcomes if o.granted], "granted"),
        ([o for o in outcomes if o.ungranted], "ungranted"),
    ):
        if used:
            left = Grant.remaining - 1 if column == "granted" else 0
            connection.execute(
                update(Grant)
                .where(Grant.account_id == bindparam("the_id"), Grant.template_id == bindparam("the_template"))
                .values(remaining=left),
                [{"the_id": o.account_id, "the_template": getattr(o, column)} for o in used],
            )


def take_over(connection: Connection, alive: Callable[[Collection[str]], set[str]], now: datetime) -> int:
    """Settle what dead workers held. Gives how many.

    Kinds that go again are queued, and so is what would have gone as a template message a short while ago: the platform
    sends one client_msg_id once. Whatever else was in flight becomes unknown.
    """
    holders = set(
        connection.execute(select(Outbox.claimed_by).where(SENDING, Outbox.claimed_by.is_not(None)).distinct())
        .scalars()
        .all()
    )
    known = {holder for holder in holders if holder is not None}
    dead = sorted(known - alive(known)) if known else []
    if not dead:
        return 0
    held = and_(SENDING, Outbox.claimed_by.in_(dead))
    repeatable = or_(
        Outbox.kind.in_(sorted(SENT_AGAIN)),
        and_(Outbox.channel == TEMPLATE, Outbox.claimed_at > now - REPEATABLE_FOR),
    )
    again = connection.execute(
        update(Outbox).where(held, repeatable).values(state="queued", claimed_by=None, channel="")
    )
    unknown = connection.execute(update(Outbox).where(held).values(state="unknown", claimed_by=None, error=INTERRUPTED))
    return int(again.rowcount or 0) + int(unknown.rowcount or 0)


def retry_failed(connection: Connection, occurrence_id: int, now: datetime) -> int:
    """Queue again what failed for a passing reason; "still owed" and expiry are judged when it is sent."""
    done = connection.execute(
        update(Outbox)
        .where(Outbox.occurrence_id == occurrence_id, Outbox.state == "failed", Outbox.retryable.is_(True))
        .values(state="queued", attempts=0, due_at=now, error="", errcode=None, channel="", why="", tried="")
    )
    return int(done.rowcount or 0)


def try_again(connection: Connection, now: datetime) -> int:
    """Queue what failed for a passing reason and is to be tried again by now; gives how many."""
    done = connection.execute(
        update(Outbox)
        .where(text("outbox.state = 'failed' AND outbox.retryable"), Outbox.due_at <= now)
        .values(state="queued", tried="")
    )
    return int(done.rowcount or 0)


def give_up(connection: Connection, occurrence_id: int, later: datetime, error: str) -> int:
    """Call the pushes of an occurrence that the platform keeps refusing failed, to be tried again at `later`.

    What waits for the end of the quiet hours is left waiting.
    """
    done = connection.execute(
        update(Outbox)
        .where(Outbox.occurrence_id == occurrence_id, QUEUED, or_(Outbox.error != "", Outbox.due_at < later))
        .values(
            state="failed",
            retryable=True,
            error=case((Outbox.error == "", error), else_=Outbox.error),
            due_at=case((Outbox.due_at < later, later), else_=Outbox.due_at),
        )
    )
    return int(done.rowcount or 0)


def next_due(connection: Connection, occurrence_id: int) -> datetime | None:
    """When the next push of an occurrence that is not yet final falls due; None: all are final."""
    return connection.execute(
        select(func.min(Outbox.due_at)).where(
            Outbox.occurrence_id == occurrence_id, Outbox.state.in_(("queued", "sending"))
        )
    ).scalar_one()


def anything_due(connection: Connection, now: datetime) -> bool:
    """Whether a push waits; cheap, for workers with nothing to do."""
    found = connection.execute(select(Outbox.id).where(QUEUED, Outbox.due_at <= now).limit(1))
    return found.first() is not None


def expire_held(connection: Connection, now: datetime, error: str) -> int:
    """Held pushes nobody let go in time."""
    done = connection.execute(
        update(Outbox)
        .where(text("outbox.state = 'held'"), Outbox.expires_at <= now)
        .values(state="expired", error=error)
    )
    return int(done.rowcount or 0)


def settle_unknown(connection: Connection, number: int, state: str, who: str, now: datetime) -> bool:
    """A person says what became of push `number`: sent, failed, or queued (send it again). False: it is not unknown."""
    done = connection.execute(
        update(Outbox)
        .where(Outbox.id == number, text("outbox.state = 'unknown'"))
        .values(
            state=state,
            error="" if state != "failed" else f"{who}判定为未送达"[:200],
            due_at=now if state == "queued" else Outbox.due_at,
            attempts=case((bindparam("again", state == "queued", type_=Boolean).is_(True), 0), else_=Outbox.attempts),
        )
    )
    return bool(done.rowcount)
