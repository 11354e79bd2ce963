"""Steps of incidents whose time is near or over: their owner hears of it, then step by step those above (7.3, 8.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bots.alerts.telling import Posts, make_push
from bots.incidents.words import steps as words
from bots.wording.names import place
from models.actions.incidents import Reminded, note_reminded
from models.queries.incidents import DueStep, due_steps
from models.queries.people import Holder, recipients_of
from models.rules.authority import BUREAU
from models.rules.incidents import LEADERS, OWNERS, fallen
from schedules.job import Job, Moment, Push

#: Steps whose lateness does not wait for the morning.
_AT_ANY_HOUR = frozenset({"held", "guardian_notified", "referred", "reported"})


def plan(moment: Moment) -> Sequence[Push]:
    rules = moment.district.incident
    rows = due_steps(moment.work, moment.at)
    if not rows:
        return []
    rung = {(row.incident_id, row.step): fallen(row.step, row.due_at, row.reminded, moment.at, rules) for row in rows}
    roles = {role for steps in rung.values() for one in steps for role in one.roles}
    posts = Posts(moment.work, {row.unit_id for row in rows}, {*roles, *OWNERS.values(), *LEADERS}, moment.day)
    owners = {
        one.person_id: one
        for one in recipients_of(moment.connection, {row.owner_id for row in rows if row.owner_id is not None})
        if one.relation == "self"
    }
    lists: dict[int, list[DueStep]] = {}
    recipient: dict[int, Holder] = {}
    notes = []
    for row in rows:
        steps = rung[row.incident_id, row.step]
        if not steps:
            continue
        notes.append(Reminded(row.incident_id, row.step, row.due_at, row.reminded + len(steps)))
        hear = [
            Holder(one.person_id, one.name, OWNERS[row.step], "", row.unit_id, one.account_id)
            for one in (owners.get(row.owner_id or 0),)
            if one is not None
        ]
        hear = hear or posts.reached(row.unit_id, OWNERS[row.step])
        hear += [holder for one in steps for role in one.roles for holder in posts.reached(row.unit_id, role)]
        for holder in hear or posts.last(row.unit_id):
            if holder.account_id is None:
                continue
            listed = lists.setdefault(holder.account_id, [])
            if row not in listed:
                listed.append(row)
            recipient.setdefault(holder.account_id, holder)
    note_reminded(moment.work, notes)
    return [_push(moment, posts, recipient[account], listed) for account, listed in lists.items()]


def _push(moment: Moment, posts: Posts, holder: Holder, listed: Sequence[DueStep]) -> Push:
    lines = []
    for row in listed:
        where = place(moment.work.units, row.unit_id)
        plain = holder.role in BUREAU or not row.person_name
        who = where if plain else f"{moment.work.units.class_name(row.unit_id)} {row.person_name}"
        owner = posts.name_of(row.unit_id, row.owner_id) if not plain else "学校"
        lines.append(words.reminder_line(moment.district, row.incident_id, who, row.step, row.due_at, moment.at, owner))
    urgent = any(row.step in _AT_ANY_HOUR for row in listed)
    return make_push(
        moment.work,
        holder,
        words.reminder(lines),
        key=f"incident-follow-up:{holder.account_id}:{moment.at:%Y-%m-%dT%H:%M}",
        unit=moment.district.name,
        level="red" if urgent else "orange",
        at=moment.at,
        alert_id=None,
    )


job = Job(name="incident-follow-up", times=lambda _times: (), plan=plan, every=timedelta(minutes=1))
