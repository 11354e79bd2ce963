"""What was published, and who of its audience stands where."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, String, and_, case, cast, func, literal, or_, select

from models.queries.figures import on_roster
from models.queries.people import Holder
from models.rules.campaign import Audience, Facts
from models.statements import values
from models.tables import (
    Account,
    AccountDevice,
    Binding,
    Campaign,
    Enrolment,
    Occurrence,
    OptOut,
    Outbox,
    Person,
    Receipt,
    WatchSession,
)

JOB = "campaign-push"
_LOST = ("dropped", "expired", "failed")


@dataclass(frozen=True, slots=True)
class CampaignInfo:
    """One publication."""

    id: int
    kind: str
    title: str
    text: str
    strength: str
    question: str
    choices: list[str]
    roles: list[str]
    unit_ids: list[int]
    school_kinds: list[str]
    video: str
    video_seconds: int
    poster: str
    link: str
    number: str
    dated: date | None
    at: datetime | None
    deadline: datetime | None
    repeats: str
    repeats_until: datetime | None
    series_id: int | None
    unit_id: int | None
    author_id: int | None
    made_by: str
    approved_by: str
    replaces_id: int | None
    reason: str
    state: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    media_id: str = field(default="")

    @property
    def audience(self) -> Audience:
        return Audience(frozenset(self.roles), frozenset(self.unit_ids), frozenset(self.school_kinds))


_COLUMNS = tuple(getattr(Campaign, name) for name in CampaignInfo.__dataclass_fields__)


def _infos(rows: Iterable[Row[*tuple[Any, ...]]]) -> list[CampaignInfo]:
    return [CampaignInfo(*values(row)) for row in rows]


def campaign(connection: Connection, campaign_id: int) -> CampaignInfo | None:
    """One publication by its number."""
    return next(iter(by_ids(connection, [campaign_id])), None)


def by_ids(connection: Connection, ids: Iterable[int]) -> list[CampaignInfo]:
    return _infos(connection.execute(select(*_COLUMNS).where(Campaign.id.in_(sorted(set(ids)))).order_by(Campaign.id)))


def in_states(connection: Connection, *states: str) -> list[CampaignInfo]:
    """All publications in one of these states, oldest first. One statement."""
    return _infos(connection.execute(select(*_COLUMNS).where(Campaign.state.in_(states)).order_by(Campaign.id)))


def newest(connection: Connection, limit: int = 30) -> list[CampaignInfo]:
    """The latest publications, newest first."""
    return _infos(connection.execute(select(*_COLUMNS).order_by(Campaign.id.desc()).limit(limit)))


def replacements(connection: Connection) -> dict[int, int]:
    """Publication → the one that took its place."""
    rows = connection.execute(
        select(Campaign.replaces_id, Campaign.id).where(
            Campaign.replaces_id.is_not(None), Campaign.state.not_in(("draft", "waiting", "withdrawn"))
        )
    )
    return {row[0]: row[1] for row in rows if row[0] is not None}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on the roster, as an audience looks at them."""

    person_id: int
    kind: str
    unit_id: int


def members(connection: Connection, day: date) -> list[Member]:
    """Everybody on the roster on `day`, the bureau's own people included. One statement."""
    rows = connection.execute(
        select(Person.id, Person.kind, Enrolment.unit_id)
        .join(Enrolment, Enrolment.person_id == Person.id)
        .where(on_roster(day))
        .order_by(Person.id)
    )
    return [Member(*values(row)) for row in rows]


@dataclass(frozen=True, slots=True)
class Due:
    """One account that is to be told of a publication, for one row of its audience."""

    campaign_id: int
    account_id: int
    person_id: int
    relation: str
    name: str
    unit_id: int
    role: str


def push_key(campaign_id: int, account_id: int) -> str:
    return f"{JOB}:{campaign_id}:{account_id}"


def key_of(campaign_id: Any, account_id: Any) -> ColumnElement[str]:
    """`push_key` of two columns."""
    return literal(f"{JOB}:").concat(cast(campaign_id, String)).concat(":").concat(cast(account_id, String))


_PUSH = key_of(Receipt.campaign_id, Binding.account_id)


def _due(campaign_ids: Iterable[int]) -> Any:
    return (
        select(
            Receipt.campaign_id,
            Binding.account_id,
            Receipt.person_id,
            Binding.relation,
            Person.name,
            Receipt.unit_id,
            Receipt.role,
        )
        .join(Binding, and_(Binding.person_id == Receipt.person_id, Binding.ended_at.is_(None)))
        .join(Person, Person.id == Receipt.person_id)
        .where(
            Receipt.campaign_id.in_(sorted(set(campaign_ids))),
            Receipt.confirmed_at.is_(None),
        )
        .order_by(Receipt.campaign_id, Binding.account_id, Binding.id)
    )


def not_yet_pushed(connection: Connection, campaign_ids: Iterable[int]) -> list[Due]:
    """Bound accounts to which nothing of these publications was owed yet and that have not answered. One statement."""
    told = select(Outbox.id).where(Outbox.key == _PUSH).correlate(Receipt, Binding)
    unwanted = (
        select(OptOut.account_id)
        .join(Campaign, Campaign.kind == OptOut.kind)
        .where(OptOut.account_id == Binding.account_id, Campaign.id == Receipt.campaign_id)
        .correlate(Receipt, Binding)
    )
    return _dues(connection, _due(campaign_ids).where(~told.exists(), ~unwanted.exists()))


def still_silent(connection: Connection, campaign_ids: Iterable[int]) -> list[Due]:
    """Bound accounts that were told of these publications and have not answered. One statement."""
    told = select(Outbox.id).where(Outbox.key == _PUSH, Outbox.state.not_in(("queued", "sending", "held")))
    return _dues(connection, _due(campaign_ids).where(told.correlate(Receipt, Binding).exists()))


def _dues(connection: Connection, statement: Any) -> list[Due]:
    return [Due(*values(row)) for row in connection.execute(statement)]


def pushes_this_week(connection: Connection, at: datetime, day: date) -> dict[int, int]:
    """Publications of any kind owed to each account in the seven days before `at`. One statement."""
    occurrences = select(Occurrence.id).where(Occurrence.job == JOB, Occurrence.day >= day - timedelta(days=7))
    rows = connection.execute(
        select(Outbox.account_id, func.count())
        .where(
            Outbox.occurrence_id.in_(occurrences),
            Outbox.moment > at - timedelta(days=7),
            Outbox.state.not_in(_LOST),
        )
        .group_by(Outbox.account_id)
    )
    return {int(row[0]): row[1] for row in rows if row[0] is not None}


# --- who stands where ---------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Standing:
    """One row of an audience with all that is known of it."""

    campaign_id: int
    person_id: int
    role: str
    name: str
    unit_id: int
    how: str
    facts: Facts


def standings(
    connection: Connection, campaign_ids: Collection[int], unit_ids: Collection[int] | None = None
) -> Iterator[Standing]:
    """Everybody of these audiences (of these units only). One statement, streamed."""
    outbox = and_(Outbox.key == _PUSH)
    statement = (
        select(
            Receipt.campaign_id,
            Receipt.person_id,
            Receipt.role,
            Person.name,
            Receipt.unit_id,
            Receipt.how,
            func.count(Binding.id).label("accounts"),
            func.count(Outbox.id).label("pushed"),
            func.sum(case((Outbox.state.in_(_LOST), 1), else_=0)).label("lost"),
            func.coalesce(
                Receipt.delivered_at, func.min(case((Outbox.state == "sent", Outbox.sent_at), else_=None))
            ).label("delivered_at"),
            Receipt.opened_at,
            Receipt.watched_seconds,
            Receipt.confirmed_at,
        )
        .join(Person, Person.id == Receipt.person_id)
        .outerjoin(Binding, and_(Binding.person_id == Receipt.person_id, Binding.ended_at.is_(None)))
        .outerjoin(Outbox, outbox)
        .where(Receipt.campaign_id.in_(sorted(set(campaign_ids))))
        .group_by(Receipt.campaign_id, Receipt.person_id, Receipt.role, Person.id)
        .order_by(Receipt.campaign_id, Receipt.unit_id, Receipt.person_id, Receipt.role)
    )
    if unit_ids is not None:
        statement = statement.where(Receipt.unit_id.in_(sorted(set(unit_ids))))
    for row in connection.execute(statement, execution_options={"yield_per": 1000}):
        campaign_id, person_id, role, name, unit_id, how, accounts, pushed, lost, *rest = values(row)
        yield Standing(campaign_id, person_id, role, name, unit_id, how, Facts(accounts, pushed, int(lost or 0), *rest))


# --- one account --------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Mine:
    """One publication as one account has it. names: of its people in the audience, children first."""

    campaign: CampaignInfo
    people: tuple[int, ...]
    names: tuple[str, ...]
    unit_ids: tuple[int, ...]
    opened: bool
    watched_seconds: int
    confirmed_at: datetime | None
    how: str


def of_account(connection: Connection, account_id: int, campaign_ids: Iterable[int] | None = None) -> list[Mine]:
    """Publications whose audience somebody of this account belongs to, newest first; drafts are nobody's.

    One statement. Confirmed means: every row the account answers for is.
    """
    statement = (
        select(
            *_COLUMNS,
            Receipt.person_id,
            Person.name,
            Receipt.unit_id,
            Receipt.opened_at,
            Receipt.watched_seconds,
            Receipt.confirmed_at,
            Receipt.how,
        )
        .join(Receipt, Receipt.campaign_id == Campaign.id)
        .join(Binding, and_(Binding.person_id == Receipt.person_id, Binding.ended_at.is_(None)))
        .join(Person, Person.id == Receipt.person_id)
        .where(Binding.account_id == account_id, Campaign.state.not_in(("draft", "waiting")))
        .order_by(Campaign.id.desc(), Person.kind.desc(), Binding.id, Receipt.role)
    )
    if campaign_ids is not None:
        statement = statement.where(Campaign.id.in_(sorted(set(campaign_ids))))
    else:
        statement = statement.where(Campaign.state.in_(("open", "closed")))
    found: dict[int, list[tuple[Any, ...]]] = {}
    for row in connection.execute(statement):
        found.setdefault(row[0], []).append(values(row))
    width, made = len(_COLUMNS), []
    for rows in found.values():
        tails = [row[width:] for row in rows]
        moments = [tail[5] for tail in tails]
        named = dict.fromkeys((tail[0], tail[1], tail[2]) for tail in tails)
        made.append(
            Mine(
                CampaignInfo(*rows[0][:width]),
                tuple(one[0] for one in named),
                tuple(one[1] for one in named),
                tuple(one[2] for one in named),
                any(tail[3] is not None for tail in tails),
                max(tail[4] for tail in tails),
                None if None in moments else max(moments),
                next((tail[6] for tail in tails if tail[6]), ""),
            )
        )
    return made


def waits_for(connection: Connection, account_id: int, at: datetime) -> bool:
    """Whether some open publication still waits for this account. One statement."""
    found = connection.execute(
        select(Receipt.campaign_id)
        .join(Campaign, Campaign.id == Receipt.campaign_id)
        .join(Binding, and_(Binding.person_id == Receipt.person_id, Binding.ended_at.is_(None)))
        .where(
            Binding.account_id == account_id,
            Campaign.state == "open",
            Receipt.confirmed_at.is_(None),
            or_(Campaign.deadline.is_(None), Campaign.deadline > at - timedelta(days=14)),
        )
        .limit(1)
    )
    return found.first() is not None


def answered_accounts(connection: Connection, pairs: Iterable[tuple[int, int]]) -> set[tuple[int, int]]:
    """Of these (publication, account), those for which nothing is open any more. One statement."""
    wanted = set(pairs)
    rows = connection.execute(
        select(Receipt.campaign_id, Binding.account_id)
        .join(Campaign, Campaign.id == Receipt.campaign_id)
        .join(Binding, and_(Binding.person_id == Receipt.person_id, Binding.ended_at.is_(None)))
        .where(
            Receipt.campaign_id.in_(sorted({campaign_id for campaign_id, _ in wanted})),
            Binding.account_id.in_(sorted({account_id for _, account_id in wanted})),
            Receipt.confirmed_at.is_(None),
            Campaign.state == "open",
        )
    )
    return wanted - {(row[0], row[1]) for row in rows}


# --- pages --------------------------------------------------------------------------------------------------------
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


def furthest(connection: Connection, campaign_id: int, account_id: int) -> int:
    """How far this account has come in a video, in seconds."""
    return int(
        connection.execute(
            select(func.coalesce(func.max(WatchSession.reached_seconds), 0)).where(
                WatchSession.campaign_id == campaign_id, WatchSession.account_id == account_id
            )
        ).scalar_one()
    )


@dataclass(frozen=True, slots=True)
class Watching:
    """One opened page of a video: whose, since when, how far it had come then and by now, and the video's length."""

    id: int
    campaign_id: int
    account_id: int
    opened_at: datetime
    base: int
    reached: int
    seconds: int


def watching(connection: Connection, session_id: int) -> Watching | None:
    """An opened page, locked. One statement."""
    row = connection.execute(
        select(
            WatchSession.id,
            WatchSession.campaign_id,
            WatchSession.account_id,
            WatchSession.opened_at,
            WatchSession.base_seconds,
            WatchSession.reached_seconds,
            Campaign.video_seconds,
        )
        .join(Campaign, Campaign.id == WatchSession.campaign_id)
        .where(WatchSession.id == session_id)
        .with_for_update(of=WatchSession)
    ).one_or_none()
    return None if row is None else Watching(*values(row))


def touched_between(connection: Connection, begins: datetime, ends: datetime) -> list[CampaignInfo]:
    """Publications that went out, or took receipts, between the two moments."""
    touched = select(Receipt.campaign_id).where(
        Receipt.campaign_id == Campaign.id, Receipt.confirmed_at >= begins, Receipt.confirmed_at < ends
    )
    return _infos(
        connection.execute(
            select(*_COLUMNS)
            .where(
                Campaign.started_at.is_not(None),
                or_(
                    and_(Campaign.started_at < ends, func.coalesce(Campaign.deadline, Campaign.started_at) >= begins),
                    touched.exists(),
                ),
            )
            .order_by(Campaign.id)
        )
    )


def authors(connection: Connection, campaign_id: int) -> list[Holder]:
    """Who published it, and the account they can be reached by. One statement."""
    rows = connection.execute(
        select(Person.id, Person.name, literal("author"), literal(""), Person.unit_id, Binding.account_id)
        .join(Campaign, Campaign.author_id == Person.id)
        .outerjoin(
            Binding,
            and_(Binding.person_id == Person.id, Binding.relation == "self", Binding.ended_at.is_(None)),
        )
        .where(Campaign.id == campaign_id)
    )
    return [Holder(*values(row)) for row in rows]
