"""Reminders of publications to those alone who have not answered; at the end the teachers, the sender, the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import time

from bots.campaigns import words
from bots.campaigns.state import by_unit
from bots.engine.links import campaign_link, figures_link
from bots.engine.replies import Card, pack
from models.actions import campaigns as deeds
from models.queries import campaigns
from models.queries import receipts as standing
from models.queries.bound import holders_on
from models.queries.campaigns import CampaignInfo, Due
from models.queries.people import Holder
from models.rules.campaign import KINDS, LATE, SCHOOL_PUBLISHERS, State, is_over, reminder_due, tally
from models.rules.district import Times
from models.rules.push import Owed
from schedules.job import Job, Lane, Moment, Push

#: Who hears at the end who is missing: of a class, and of the staff.
_OF_CLASS = ("head_teacher", "deputy_head_teacher")
_OF_STAFF = ("grade_head", "academic_office")


def plan(moment: Moment) -> Sequence[Push]:
    running = [one for one in campaigns.in_states(moment.connection, "open") if one.started_at and one.deadline]
    if not running:
        return []
    deeds.keep_deliveries(moment.work, [one.id for one in running])
    due = {one.id: number for one in running if (number := _reminder(one, moment)) is not None}
    pushes = _reminders(moment, {one.id: one for one in running}, due) if due else []
    over = [one for one in running if one.deadline and is_over(one.deadline, moment.at)]
    if over:
        deeds.close(moment.work, [one.id for one in over], moment.at)
        pushes += _at_the_end(moment, [one for one in over if one.kind != "study"])
    return pushes


def _reminder(campaign: CampaignInfo, moment: Moment) -> int | None:
    """Study guidance is never asked after (domain handbook 10.4)."""
    if campaign.kind == "study" or campaign.started_at is None or campaign.deadline is None:
        return None
    return reminder_due(campaign.started_at, campaign.deadline, moment.at)


def _reminders(moment: Moment, running: dict[int, CampaignInfo], due: dict[int, int]) -> list[Push]:
    pushes: dict[tuple[int, int], Push] = {}
    for row in campaigns.still_silent(moment.connection, due):
        place = (row.campaign_id, row.account_id)
        if place not in pushes:
            pushes[place] = _remind(moment, running[row.campaign_id], row, due[row.campaign_id])
    return list(pushes.values())


def _remind(moment: Moment, campaign: CampaignInfo, row: Due, number: int) -> Push:
    deadline = campaign.deadline or moment.at
    link = campaign_link(moment.vault, moment.public_url, campaign.id, row.account_id, deadline + LATE)
    return Push(
        key=f"campaign-reminder:{campaign.id}:{row.account_id}:{number}",
        kind="campaign-reminder",
        account_id=row.account_id,
        body={"text": words.reminder(moment.district, campaign, deadline, link)},
        moment=moment.at,
        expires_at=deadline,
        lane=Lane.NEWS,
        person_id=row.person_id,
        relation=row.relation,
        fields=_fields(moment, campaign, words.note(campaign))
        | {"time": f"{moment.district.local(deadline):%Y-%m-%d %H:%M}"},
        owed=Owed("receipt", campaign=campaign.id),
    )


def _fields(moment: Moment, campaign: CampaignInfo, note: str) -> dict[str, str]:
    unit = moment.work.units.get(campaign.unit_id)
    return {
        "title": f"{KINDS[campaign.kind]}：{campaign.title}"[:20],
        "unit": unit.name if unit else moment.district.bureau or moment.district.name,
        "time": moment.day.isoformat(),
        "note": note,
    }


def _at_the_end(moment: Moment, over: Sequence[CampaignInfo]) -> list[Push]:
    """Head teachers hear of their class, those who collect staff of theirs; the sender hears the whole. Counts only."""
    if not over:
        return []
    by_id = {one.id: one for one in over}
    found = by_unit(standing.standings(moment.connection, list(by_id)), by_id)
    holders = holders_on(moment.connection, (*_OF_CLASS, *_OF_STAFF), moment.day)
    pushes: dict[str, Push] = {}
    for (campaign_id, unit_id), states in found.items():
        counted = tally(states)
        if counted[State.DONE] == len(states):
            continue
        unit = moment.work.units.get(unit_id)
        roles = _OF_CLASS if unit is not None and unit.kind == "class_unit" else _OF_STAFF
        for holder in holders:
            if holder.unit_id == unit_id and holder.role in roles and holder.account_id is not None:
                line = words.counts(by_id[campaign_id].title, counted)
                name = moment.work.units.class_name(unit_id)
                push = _tell(moment, by_id[campaign_id], holder, words.teacher(by_id[campaign_id].title, name + line))
                pushes.setdefault(push.key, push)
    for campaign in over:
        pushes |= {push.key: push for push in _senders(moment, campaign, found)}
    return list(pushes.values())


def _senders(moment: Moment, campaign: CampaignInfo, found: dict[tuple[int, int], list[State]]) -> list[Push]:
    """Whoever published it hears how it ended, with a picture of the units; where nobody did in the chat, the unit."""
    states = [state for (campaign_id, _), rows in found.items() if campaign_id == campaign.id for state in rows]
    text = words.ended(campaign.title, states.count(State.DONE), len(states))
    link = figures_link(moment.vault, moment.public_url, campaign.id, moment.at + LATE)
    body = pack(Card(f"{campaign.title}：完成情况", text, link, f"{link}/chart.png"))
    told = campaigns.authors(moment.connection, campaign.id) or [
        holder
        for holder in holders_on(moment.connection, (*SCHOOL_PUBLISHERS, "wg_coordination"), moment.day)
        if holder.unit_id == campaign.unit_id
    ]
    return [replace(_tell(moment, campaign, one, text), body=body) for one in told if one.account_id is not None]


def _tell(moment: Moment, campaign: CampaignInfo, holder: Holder, text: str) -> Push:
    assert holder.account_id is not None
    return Push(
        key=f"campaign-end:{campaign.id}:{holder.account_id}:{holder.unit_id}",
        kind="campaign-reminder",
        account_id=holder.account_id,
        body={"text": text},
        moment=moment.at,
        expires_at=moment.district.end_of(moment.day),
        lane=Lane.NEWS,
        person_id=holder.person_id,
        fields=_fields(moment, campaign, "已到截止，请进入对话查看"),
    )


def hourly(times: Times) -> tuple[time, ...]:
    """Every hour outside the quiet ones."""
    evening, morning = times.quiet
    return tuple(time(hour, 0) for hour in range(morning.hour + (morning.minute > 0), evening.hour))


job = Job(name="campaign-reminder", times=hourly, plan=plan, is_routine=False)
