"""Publishing, releasing, withdrawing; drawing an audience; the end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, func, select, update
from sqlalchemy import insert as plain_insert

from models.actions.trail import note
from models.queries import campaigns as queries
from models.queries.campaigns import CampaignInfo
from models.rules.campaign import DEADLINE, next_edition
from models.statements import insert
from models.tables import Binding, Campaign, Outbox, Receipt
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


def host(work: Work, campaign: CampaignInfo, video: str, seconds: int, poster: str) -> None:
    """The video has come from the platform and lies with us; a draft that waited for it alone is released."""
    work.flush().execute(
        update(Campaign)
        .where(Campaign.id == campaign.id, Campaign.video == "")
        .values(
            video=video,
            video_seconds=seconds,
            poster=poster,
            state=case((Campaign.state == "draft", "open"), else_=Campaign.state),
        )
    )
    note(work, "system:video", "campaign.host", f"campaign:{campaign.id}", f"{seconds}s")
    if campaign.state == "draft" and campaign.replaces_id:
        _replace(work, campaign.replaces_id, "system:video", campaign.reason)


def _replace(work: Work, campaign_id: int, actor: str, reason: str) -> None:
    work.flush().execute(
        update(Campaign)
        .where(Campaign.id == campaign_id, Campaign.state != "withdrawn")
        .values(state="replaced", reason=reason, ended_at=work.now)
    )
    note(work, actor, "campaign.replace", f"campaign:{campaign_id}", reason)
    _drop_pushes(work, campaign_id)


def approve(work: Work, campaign: CampaignInfo, actor: str) -> bool:
    """Release what waits for a second person; False where it does not wait, or the second person is the first.

    A video that is still with the platform makes it a draft, until it has been fetched.
    """
    if campaign.state != "waiting" or campaign.made_by == actor:
        return False
    done = work.flush().execute(
        update(Campaign)
        .where(Campaign.id == campaign.id, Campaign.state == "waiting")
        .values(state="draft" if campaign.media_id and not campaign.video else "open", approved_by=actor[:64])
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
