"""Publishing, releasing, withdrawing; drawing an audience; and every way in which a receipt comes about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, case, delete, func, select, update
from sqlalchemy import insert as plain_insert

from models.actions.trail import note
from models.queries import campaigns as queries
from models.queries.campaigns import CampaignInfo, Watching
from models.rules.campaign import DEADLINE, is_watched, next_edition, reached_after
from models.statements import insert
from models.tables import (
    AccountDevice,
    Binding,
    Campaign,
    CampaignAnswer,
    OptOut,
    Outbox,
    Receipt,
    Signature,
    WatchSession,
)
from models.work import Work

_SLICE = 1000
#: What a weekly edition takes over from the one before.
_COPIED = [
    "kind",
    "title",
    "text",
    "strength",
    "question",
    "choices",
    "roles",
    "unit_ids",
    "school_kinds",
    "video",
    "video_seconds",
    "poster",
    "link",
    "number",
    "dated",
    "repeats",
    "repeats_until",
    "unit_id",
    "author_id",
    "made_by",
    "approved_by",
    "reason",
    "media_id",
]


def publish(work: Work, actor: str, **fields: Any) -> int:
    """Keep a publication with these columns; gives its number. One that takes another's place ends that one."""
    made: dict[str, Any] = {"state": "open", "made_by": actor[:64], "created_at": work.now} | fields
    found: int = work.flush().execute(plain_insert(Campaign).values(**made).returning(Campaign.id)).scalar_one()
    note(work, actor, "campaign.add", f"campaign:{found}", f"{made['kind']} {made['state']}")
    if made["state"] == "open" and made.get("replaces_id"):
        _replace(work, made["replaces_id"], actor, made.get("reason", ""))
    return found


def change(work: Work, campaign_id: int, **fields: Any) -> None:
    """Write columns of a draft."""
    work.flush().execute(update(Campaign).where(Campaign.id == campaign_id).values(**fields))


def _replace(work: Work, campaign_id: int, actor: str, reason: str) -> None:
    work.flush().execute(
        update(Campaign)
        .where(Campaign.id == campaign_id, Campaign.state != "withdrawn")
        .values(state="replaced", reason=reason, ended_at=work.now)
    )
    note(work, actor, "campaign.replace", f"campaign:{campaign_id}", reason)
    _drop_pushes(work, campaign_id)


def approve(work: Work, campaign: CampaignInfo, actor: str) -> bool:
    """Release what waits for a second person; False where it does not wait, or the second person is the first."""
    if campaign.state != "waiting" or campaign.made_by == actor:
        return False
    done = work.flush().execute(
        update(Campaign)
        .where(Campaign.id == campaign.id, Campaign.state == "waiting")
        .values(state="open", approved_by=actor[:64])
    )
    if not done.rowcount:
        return False
    note(work, actor, "campaign.approve", f"campaign:{campaign.id}")
    if campaign.replaces_id:
        _replace(work, campaign.replaces_id, actor, campaign.reason)
    return True


def withdraw(work: Work, campaign: CampaignInfo, actor: str, reason: str) -> bool:
    """Take a publication back; what is still on its way is dropped. False where it is not open any more."""
    if campaign.state not in {"draft", "waiting", "open"}:
        return False
    work.flush().execute(
        update(Campaign)
        .where(Campaign.id == campaign.id)
        .values(state="withdrawn", reason=reason[:120], ended_at=work.now)
    )
    note(work, actor, "campaign.withdraw", f"campaign:{campaign.id}", reason)
    _drop_pushes(work, campaign.id)
    return True


def _drop_pushes(work: Work, campaign_id: int) -> None:
    work.flush().execute(
        update(Outbox)
        .where(
            Outbox.kind.in_(("campaign-push", "campaign-reminder")),
            Outbox.state.in_(("queued", "held")),
            Outbox.key.like(f"campaign-%:{campaign_id}:%"),
        )
        .values(state="dropped", error="已撤回")
    )


def start(work: Work, due: Sequence[CampaignInfo], at: datetime) -> None:
    """Draw the audiences of these publications as of `at`, and plan the next edition of weekly ones.

    One statement reads the roster, one a slice writes the rows.
    """
    if not due:
        return
    everybody = queries.members(work.flush(), work.district.day_of(at))
    chains: dict[int, tuple[list[int], str | None]] = {}
    rows = []
    for campaign in due:
        audience = campaign.audience
        for member in everybody:
            if member.unit_id not in chains:
                chains[member.unit_id] = _chain(work, member.unit_id)
            chain, school_kind = chains[member.unit_id]
            rows += [
                {
                    "campaign_id": campaign.id,
                    "person_id": member.person_id,
                    "role": role,
                    "unit_id": member.unit_id,
                    "watched_seconds": 0,
                    "how": "",
                }
                for role in audience.roles_of(member.kind, chain, school_kind)
            ]
    connection = work.flush()
    statement = insert(connection, Receipt).on_conflict_do_nothing()
    for first in range(0, len(rows), _SLICE):
        connection.execute(statement, rows[first : first + _SLICE])
    connection.execute(
        update(Campaign)
        .where(Campaign.id == bindparam("which"))
        .values(started_at=at, deadline=bindparam("until"), series_id=bindparam("series")),
        [
            {
                "which": campaign.id,
                "until": campaign.deadline or at + DEADLINE,
                "series": campaign.series_id or (campaign.id if campaign.repeats else None),
            }
            for campaign in due
        ],
    )
    for campaign in due:
        note(work, "job:campaign-push", "campaign.start", f"campaign:{campaign.id}")
    _next_editions(work, due, at)


def _chain(work: Work, unit_id: int) -> tuple[list[int], str | None]:
    chain: list[int] = []
    unit = work.units.get(unit_id)
    school = work.units.get(unit.school_id) if unit else None
    while unit is not None:
        chain.append(unit.id)
        unit = work.units.get(unit.parent_id)
    return chain, school.school_kind if school else None


def _next_editions(work: Work, due: Sequence[CampaignInfo], at: datetime) -> None:
    rows = []
    for campaign in due:
        if campaign.repeats != "weekly":
            continue
        this = campaign.at or at
        following = next_edition(this, campaign.repeats_until)
        if following is None:
            continue
        rows.append(
            {name: getattr(campaign, name) for name in _COPIED}
            | {
                "at": following,
                "deadline": campaign.deadline + (following - this) if campaign.deadline else None,
                "series_id": campaign.series_id or campaign.id,
                "state": "open",
                "created_at": work.now,
            }
        )
    if rows:
        connection = work.flush()
        connection.execute(insert(connection, Campaign).on_conflict_do_nothing(), rows)


def keep_deliveries(work: Work, campaign_ids: Collection[int]) -> None:
    """Take over from the outbox when people got it: the outbox is emptied earlier than receipts are. One statement."""
    if not campaign_ids:
        return
    sent = (
        select(func.min(Outbox.sent_at))
        .join(Binding, Outbox.key == queries.key_of(Receipt.campaign_id, Binding.account_id))
        .where(Binding.person_id == Receipt.person_id, Outbox.state == "sent")
        .correlate(Receipt)
        .scalar_subquery()
    )
    work.flush().execute(
        update(Receipt)
        .where(Receipt.campaign_id.in_(sorted(campaign_ids)), Receipt.delivered_at.is_(None))
        .values(delivered_at=sent)
    )


def close(work: Work, campaign_ids: Collection[int], at: datetime) -> None:
    """End publications whose deadline is over; late receipts are still taken."""
    work.flush().execute(
        update(Campaign)
        .where(Campaign.id.in_(sorted(campaign_ids)), Campaign.state == "open")
        .values(state="closed", ended_at=at)
    )


# --- receipts -----------------------------------------------------------------------------------------------------
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


# --- devices and wishes -------------------------------------------------------------------------------------------
def pair_first(work: Work, device: bytes, account_id: int, at: datetime) -> None:
    """A browser that nobody knows has opened this account's first link: it is theirs."""
    connection = work.flush()
    statement = insert(connection, AccountDevice).values(
        device=device, account_id=account_id, paired_at=at, how="first"
    )
    connection.execute(statement.on_conflict_do_nothing())


def pair_proven(work: Work, device: bytes, account_id: int, at: datetime) -> None:
    """The platform says that this browser is the account's."""
    connection = work.flush()
    made = {"paired_at": at, "how": "wechat", "code": None, "code_until": None}
    statement = insert(connection, AccountDevice).values(device=device, account_id=account_id, **made)
    connection.execute(statement.on_conflict_do_update(index_elements=("device", "account_id"), set_=made))


def offer_code(work: Work, device: bytes, account_id: int, code: str, until: datetime) -> None:
    """A browser shows `code`; sent in the account's own chat before `until`, it makes the browser theirs."""
    connection = work.flush()
    statement = insert(connection, AccountDevice).values(
        device=device, account_id=account_id, how="", code=code, code_until=until
    )
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=("device", "account_id"), set_={"code": code, "code_until": until}
        )
    )


def pair_by_code(work: Work, account_id: int, code: str, at: datetime) -> bool:
    """The account has sent a code that one of its links showed; False where there is no such code, or it has ended."""
    done = work.flush().execute(
        update(AccountDevice)
        .where(AccountDevice.account_id == account_id, AccountDevice.code == code, AccountDevice.code_until > at)
        .values(paired_at=at, how="code", code=None, code_until=None)
    )
    return bool(done.rowcount)


def opt(work: Work, account_id: int, kind: str, *, out: bool) -> None:
    """No more of one kind, or again."""
    connection = work.flush()
    if out:
        statement = insert(connection, OptOut).values(account_id=account_id, kind=kind, since=work.now)
        connection.execute(statement.on_conflict_do_nothing())
    else:
        connection.execute(delete(OptOut).where(OptOut.account_id == account_id, OptOut.kind == kind))
