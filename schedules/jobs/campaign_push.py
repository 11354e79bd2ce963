"""Videos, notices and study guidance to their audiences: once to each account, siblings in one message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from bots.campaigns import words
from bots.engine.links import campaign_link
from bots.engine.replies import Card, pack
from models.actions import campaigns as deeds
from models.queries import campaigns
from models.queries.campaigns import CampaignInfo, Due
from models.rules.campaign import DEADLINE, KINDS, LATE, fits_week
from models.rules.district import Times
from models.rules.push import Owed
from schedules.job import Job, Lane, Moment, Push

#: Minutes between looks for something to send.
EVERY = 10


def plan(moment: Moment) -> Sequence[Push]:
    released = [
        one
        for one in campaigns.in_states(moment.connection, "open")
        if one.started_at is None and (one.at is None or one.at <= moment.at)
    ]
    deeds.start(moment.work, released, moment.at)
    running = {
        one.id: one
        for one in campaigns.in_states(moment.connection, "open")
        if one.started_at is not None and (one.deadline is None or moment.at < one.deadline)
    }
    if not running:
        return []
    by_account: dict[tuple[int, int], list[Due]] = {}
    for due in campaigns.not_yet_pushed(moment.connection, running):
        by_account.setdefault((due.campaign_id, due.account_id), []).append(due)
    if not by_account:
        return []
    sent = campaigns.pushes_this_week(moment.connection, moment.at, moment.day)
    cap = moment.district.messages.per_family_week
    pushes = []
    for (campaign_id, account_id), rows in sorted(by_account.items()):
        if not fits_week(sent.get(account_id, 0), cap):
            continue  # next week, or when the family has heard less
        sent[account_id] = sent.get(account_id, 0) + 1
        pushes.append(_push(moment, running[campaign_id], account_id, rows))
    return pushes


def _push(moment: Moment, campaign: CampaignInfo, account_id: int, rows: Sequence[Due]) -> Push:
    deadline: datetime = campaign.deadline or moment.at + DEADLINE
    first = rows[0]
    link = campaign_link(moment.vault, moment.public_url, campaign.id, account_id, deadline + LATE)
    picture = f"{moment.public_url}/h5/media/{campaign.poster}" if campaign.poster else ""
    title = f"{KINDS[campaign.kind]}：{campaign.title}"
    unit = moment.work.units.get(campaign.unit_id)
    return Push(
        key=campaigns.push_key(campaign.id, account_id),
        kind="campaign-push",
        account_id=account_id,
        body=pack(Card(title, words.card(moment.district, campaign, deadline), link, picture)),
        moment=moment.at,
        expires_at=deadline,
        lane=Lane.NEWS,
        person_id=first.person_id,
        relation=first.relation,
        fields={
            "title": campaign.title[:20],
            "unit": unit.name if unit else moment.district.bureau or moment.district.name,
            "time": f"{moment.district.local(deadline):%Y-%m-%d %H:%M}",
            "note": words.note(campaign),
        },
        owed=Owed("receipt", campaign=campaign.id),
    )


def through_the_day(times: Times) -> tuple[time, ...]:
    """Every few minutes from the end of the quiet hours to their beginning."""
    evening, morning = times.quiet
    first, last = morning.hour * 60 + morning.minute, evening.hour * 60 + evening.minute
    return tuple(time(minute // 60, minute % 60) for minute in range(first, last, EVERY))


job = Job(name="campaign-push", times=through_the_day, plan=plan, is_routine=False)
