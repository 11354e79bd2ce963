"""Every way in which a receipt comes about: opening, watching, confirming, signing, answering."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, select, update
from sqlalchemy import insert as plain_insert

from models.queries import receipts as queries
from models.queries.receipts import Watching
from models.rules.campaign import is_watched, reached_after
from models.statements import insert
from models.tables import Binding, CampaignAnswer, Receipt, Signature, WatchSession
from models.work import Work


def _of(campaign_id: int, account_id: int) -> Any:
    """The rows of an account's people."""
    mine = select(Binding.person_id).where(Binding.account_id == account_id, Binding.ended_at.is_(None))
    return and_(Receipt.campaign_id == campaign_id, Receipt.person_id.in_(mine))


def open_page(work: Work, campaign_id: int, account_id: int, at: datetime) -> None:
    """The page was opened by this account; the first time counts."""
    work.flush().execute(
        update(Receipt)
        .where(_of(campaign_id, account_id), Receipt.role != "student", Receipt.opened_at.is_(None))
        .values(opened_at=at)
    )


def confirm(work: Work, campaign_id: int, account_id: int, how: str, at: datetime) -> int:
    """One account's answer counts for all its people: every child, and the member of staff it is.

    A child's own row is covered by the household's answer (domain handbook 10.1) and says so. Gives how many rows it
    was new for.
    """
    done = work.flush().execute(
        update(Receipt)
        .where(_of(campaign_id, account_id), Receipt.confirmed_at.is_(None))
        .values(
            confirmed_at=at,
            how=case((Receipt.role == "student", "household"), else_=how),
            account_id=account_id,
        )
    )
    return int(done.rowcount or 0)


def sign(work: Work, campaign_id: int, account_id: int, at: datetime, *, drawn: str = "", typed: str = "") -> int:
    """Keep a signature, sealed, and confirm. drawn: a PNG in Base64; typed: a name. A later one takes its place."""
    connection = work.flush()
    row = {
        "campaign_id": campaign_id,
        "account_id": account_id,
        "drawn": work.vault.seal("signatures.drawn", drawn) if drawn else None,
        "typed": work.vault.seal("signatures.typed", typed) if typed else None,
        "signed_at": at,
    }
    statement = insert(connection, Signature).values(**row)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=("campaign_id", "account_id"),
            set_={name: row[name] for name in ("drawn", "typed", "signed_at")},
        )
    )
    return confirm(work, campaign_id, account_id, "signed", at)


def answer(work: Work, campaign_id: int, account_id: int, person_ids: Iterable[int], text: str, at: datetime) -> int:
    """Keep what was answered for these people, sealed; a later answer takes its place."""
    connection = work.flush()
    sealed = work.vault.seal("campaign_answers.answer", text)
    statement = insert(connection, CampaignAnswer)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=("campaign_id", "person_id"),
            set_={name: statement.excluded[name] for name in ("account_id", "answer", "answered_at")},
        ),
        [
            {
                "campaign_id": campaign_id,
                "person_id": person_id,
                "account_id": account_id,
                "answer": sealed,
                "answered_at": at,
            }
            for person_id in sorted(set(person_ids))
        ],
    )
    return confirm(work, campaign_id, account_id, "answered", at)


# --- watching -----------------------------------------------------------------------------------------------------
def begin_watching(work: Work, campaign_id: int, account_id: int, at: datetime) -> tuple[int, int]:
    """A page with the player was opened; gives the session's number and how far this account had come before."""
    connection = work.flush()
    before = queries.furthest(connection, campaign_id, account_id)
    found: int = connection.execute(
        plain_insert(WatchSession)
        .values(
            campaign_id=campaign_id,
            account_id=account_id,
            opened_at=at,
            last_at=at,
            base_seconds=before,
            reached_seconds=before,
        )
        .returning(WatchSession.id)
    ).scalar_one()
    return found, before


@dataclass(frozen=True, slots=True)
class Played:
    """What a player's report came to: how far the account is by now, and whether the video is watched."""

    reached: int
    is_watched: bool


def played(work: Work, page: Watching, start: int, end: int, at: datetime, *, completes: bool) -> Played:
    """Credit what was really played on an opened page. completes: all of it played is the receipt that is asked for."""
    elapsed = int((at - page.opened_at) / timedelta(seconds=1))
    reached = reached_after(page.base, page.reached, start, end, elapsed, page.seconds)
    watched = is_watched(reached, page.seconds)
    if reached > page.reached:
        connection = work.flush()
        connection.execute(
            update(WatchSession).where(WatchSession.id == page.id).values(reached_seconds=reached, last_at=at)
        )
        connection.execute(
            update(Receipt)
            .where(_of(page.campaign_id, page.account_id), Receipt.role != "student", Receipt.watched_seconds < reached)
            .values(watched_seconds=reached, opened_at=func.coalesce(Receipt.opened_at, page.opened_at))
        )
    if watched and completes:
        confirm(work, page.campaign_id, page.account_id, "watched", at)
    return Played(reached, watched)
