"""Who of a publication's audience stands where; what one account has, and how far it has watched."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, case, func, or_, select

from models.queries.campaigns import COLUMNS, LOST, PUSH, CampaignInfo
from models.rules.campaign import Facts
from models.statements import values
from models.tables import Binding, Campaign, Outbox, Person, Receipt, WatchSession


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
    outbox = and_(Outbox.key == PUSH)
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
            func.sum(case((Outbox.state.in_(LOST), 1), else_=0)).label("lost"),
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
            *COLUMNS,
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
    width, made = len(COLUMNS), []
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


# --- watching ---------------------------------------------------------------------------------------------------
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
