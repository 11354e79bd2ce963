"""Claiming pushes, and recording what became of them. Every change is guarded by who holds the row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, case, func, or_, select, text, update
from sqlalchemy.orm import aliased
from sqlalchemy.types import Boolean, Integer, String

from models.actions import deliveries, sending
from models.rules.push import Lane
from models.rules.reach import NEVER, REPEATABLE_FOR, SENT_AGAIN, TEMPLATE, Claimed, Windows, platform_day
from models.tables import Account, Grant, Outbox, Person
from models.vault import Vault

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


_CLAIM = (
    update(Outbox)
    .where(Outbox.id == bindparam("the_id"), QUEUED)
    .values(
        state="sending",
        claimed_by=bindparam("the_worker"),
        claimed_at=bindparam("the_moment"),
        attempts=Outbox.attempts + 1,
        channel=bindparam("first_rung"),
    )
)


def claim(connection: Connection, worker: str, now: datetime, rungs: Mapping[int, str]) -> None:
    """Take these locked pushes; rungs: id → the rung tried first, so that a crash can be judged. One statement."""
    if rungs:
        connection.execute(
            _CLAIM,
            [
                {"the_id": number, "the_worker": worker, "the_moment": now, "first_rung": rung}
                for number, rung in rungs.items()
            ],
        )


_VALUES = {
    "state": bindparam("new_state"),
    "channel": bindparam("new_channel"),
    "errcode": bindparam("new_errcode"),
    "error": bindparam("new_error"),
    "sent_at": bindparam("new_sent_at"),
    "msgid": bindparam("new_msgid"),
    "retryable": bindparam("new_retryable"),
    "why": bindparam("new_why"),
    "tried": bindparam("new_tried"),
    "due_at": func.coalesce(bindparam("new_due", type_=Outbox.due_at.type), Outbox.due_at),
    "attempts": Outbox.attempts - bindparam("untried", type_=Integer),
    "claimed_by": None,
}
_SETTLE = (
    update(Outbox)
    .where(Outbox.id == bindparam("the_id"), Outbox.claimed_by == bindparam("the_worker"), SENDING)
    .values(_VALUES)
)
_DECIDE = update(Outbox).where(Outbox.id == bindparam("the_id"), QUEUED).values(_VALUES)


def settle(connection: Connection, worker: str, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Record what became of pushes this worker holds; rows it no longer holds are left alone."""
    if not outcomes:
        return
    connection.execute(_SETTLE, [{**_row(outcome), "the_worker": worker} for outcome in outcomes])
    _remember(connection, outcomes)
    if msgids := {outcome.msgid for outcome in outcomes if outcome.msgid}:
        deliveries.early_failures(connection, msgids, now)
    used = Counter(rung for outcome in outcomes for rung in outcome.used)
    sending.count_calls(connection, platform_day(now), used, {rung for outcome in outcomes for rung in outcome.closed})


def decide(connection: Connection, outcomes: Sequence[Outcome]) -> None:
    """Record what was decided about due pushes without a call, in the transaction that locked them. One statement."""
    if outcomes:
        connection.execute(_DECIDE, [_row(outcome, untried=0) for outcome in outcomes])


def _row(outcome: Outcome, untried: int | None = None) -> dict[str, object]:
    return {
        "the_id": outcome.id,
        "new_state": outcome.state,
        "new_channel": outcome.channel,
        "new_errcode": outcome.errcode,
        "new_error": outcome.error[:200],
        "new_sent_at": outcome.sent_at,
        "new_msgid": outcome.msgid,
        "new_retryable": outcome.retryable,
        "new_why": outcome.why[:120],
        "new_tried": ",".join(sorted(outcome.tried)),
        "new_due": outcome.due_at or (NEVER if outcome.state == "failed" else None),
        "untried": int(not outcome.is_try) if untried is None else untried,
    }


_ACCOUNT = (
    update(Account)
    .where(Account.id == bindparam("the_id"))
    .values(
        typed_spent=Account.typed_spent + bindparam("typed", type_=Integer),
        tapped_spent=Account.tapped_spent + bindparam("tapped", type_=Integer),
        typed_at=case((bindparam("shut", type_=Boolean).is_(True), None), else_=Account.typed_at),
        tapped_at=case((bindparam("shut", type_=Boolean).is_(True), None), else_=Account.tapped_at),
        refused=func.coalesce(bindparam("refusal", type_=String), Account.refused),
    )
)


def _remember(connection: Connection, outcomes: Sequence[Outcome]) -> None:
    """What the tries taught about accounts, in the order of their ids, as everybody locks them."""
    changed: dict[int, dict[str, object]] = {}
    for outcome in outcomes:
        if outcome.account_id is None or not (outcome.spent or outcome.shut or outcome.refused):
            continue
        row = changed.setdefault(
            outcome.account_id,
            {"the_id": outcome.account_id, "typed": 0, "tapped": 0, "shut": False, "refusal": None},
        )
        if outcome.spent:
            row[outcome.spent] = 1
        row["shut"] = outcome.shut
        row["refusal"] = outcome.refused[:64] or None
    if changed:
        connection.execute(_ACCOUNT, [changed[account] for account in sorted(changed)])
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
