"""What was published, for whom, and whom it is still owed to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, String, and_, cast, func, literal, or_, select

from models.queries.figures.unit import on_roster
from models.queries.people import Holder
from models.rules.campaign import Audience
from models.statements import values
from models.tables import (
    Binding,
    Campaign,
    Enrolment,
    Occurrence,
    OptOut,
    Outbox,
    Person,
    Receipt,
)

JOB = "campaign-push"
LOST = ("dropped", "expired", "failed")


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


COLUMNS = tuple(getattr(Campaign, name) for name in CampaignInfo.__dataclass_fields__)


def _infos(rows: Iterable[Row[*tuple[Any, ...]]]) -> list[CampaignInfo]:
    return [CampaignInfo(*values(row)) for row in rows]


def campaign(connection: Connection, campaign_id: int) -> CampaignInfo | None:
    """One publication by its number."""
    return next(iter(by_ids(connection, [campaign_id])), None)


def by_ids(connection: Connection, ids: Iterable[int]) -> list[CampaignInfo]:
    return _infos(connection.execute(select(*COLUMNS).where(Campaign.id.in_(sorted(set(ids)))).order_by(Campaign.id)))


def in_states(connection: Connection, *states: str) -> list[CampaignInfo]:
    """All publications in one of these states, oldest first. One statement."""
    return _infos(connection.execute(select(*COLUMNS).where(Campaign.state.in_(states)).order_by(Campaign.id)))


def newest(connection: Connection, limit: int = 30) -> list[CampaignInfo]:
    """The latest publications, newest first."""
    return _infos(connection.execute(select(*COLUMNS).order_by(Campaign.id.desc()).limit(limit)))


def unfetched(connection: Connection) -> list[CampaignInfo]:
    """Publications whose video is still with the platform, oldest first."""
    waits = Campaign.state.in_(("draft", "waiting", "open"))
    found = select(*COLUMNS).where(waits, Campaign.media_id != "", Campaign.video == "").order_by(Campaign.id)
    return _infos(connection.execute(found))


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


PUSH = key_of(Receipt.campaign_id, Binding.account_id)


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
    told = select(Outbox.id).where(Outbox.key == PUSH).correlate(Receipt, Binding)
    unwanted = (
        select(OptOut.account_id)
        .join(Campaign, Campaign.kind == OptOut.kind)
        .where(OptOut.account_id == Binding.account_id, Campaign.id == Receipt.campaign_id)
        .correlate(Receipt, Binding)
    )
    return _dues(connection, _due(campaign_ids).where(~told.exists(), ~unwanted.exists()))


def still_silent(connection: Connection, campaign_ids: Iterable[int]) -> list[Due]:
    """Bound accounts that were told of these publications and have not answered. One statement."""
    told = select(Outbox.id).where(Outbox.key == PUSH, Outbox.state.not_in(("queued", "sending", "held")))
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
            Outbox.state.not_in(LOST),
        )
        .group_by(Outbox.account_id)
    )
    return {int(row[0]): row[1] for row in rows if row[0] is not None}


def touched_between(connection: Connection, begins: datetime, ends: datetime) -> list[CampaignInfo]:
    """Publications that went out, or took receipts, between the two moments."""
    touched = select(Receipt.campaign_id).where(
        Receipt.campaign_id == Campaign.id, Receipt.confirmed_at >= begins, Receipt.confirmed_at < ends
    )
    return _infos(
        connection.execute(
            select(*COLUMNS)
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
