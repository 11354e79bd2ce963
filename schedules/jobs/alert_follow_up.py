"""Alerts nobody has acknowledged: those told hear again, and step by step the next ones (domain handbook 7.3).

Before that, whoever answers for an open alert or a step of an incident and holds no post any more is replaced.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bots.alerts.telling import Posts, make_push
from bots.alerts.words import telling as words
from models.actions.alerts import ToldOf, note_told
from models.actions.reassignment import keep_owners, orphaned
from models.queries.alerts import AlertRow, unanswered
from models.queries.people import Holder, recipients_of
from models.rules.alerts import OFFICER, height, highest
from models.rules.authority import BUREAU
from models.rules.escalation import due, falling_due
from models.rules.incidents import OWNERS
from schedules.job import Job, Moment, Push

#: Alerts of these days are looked through for lost owners every minute.
RECENT = timedelta(days=14)


def plan(moment: Moment) -> Sequence[Push]:
    _keep_owners(moment)
    escalation = moment.district.escalation
    rows = [
        (row, due(row.level, row.clock_from, row.steps_done, moment.at, escalation))
        for row in unanswered(moment.work, falling_due(moment.at, escalation))
    ]
    if not rows:
        return []
    roles = {role for row, fallen in rows for role in (*row.told, *(name for step in fallen for name in step.roles))}
    posts = Posts(moment.work, {row.unit_id for row, _ in rows}, roles, moment.day)
    officers = _officers(moment, [row for row, _ in rows])
    lists: dict[int, list[tuple[AlertRow, bool]]] = {}
    recipient: dict[int, Holder] = {}
    notes = []
    for row, fallen in rows:
        new = [holder for step in fallen for role in step.roles for holder in posts.reached(row.unit_id, role)]
        before = [holder for role in row.told for holder in posts.reached(row.unit_id, role)]
        before += officers.get(row.id, [])
        if not before and not new:
            new = posts.last(row.unit_id)
        known = {holder.account_id for holder in before}
        for holder in (*before, *new):
            assert holder.account_id is not None
            listed = lists.setdefault(holder.account_id, [])
            if all(other.id != row.id for other, _ in listed):
                listed.append((row, holder.account_id not in known))
            recipient.setdefault(holder.account_id, holder)
        told = [holder.role for holder in new]
        notes.append(ToldOf(row, told, posts.owner(row.unit_id, row.told), steps_done=fallen[-1].number))
    note_told(moment.work, notes)
    return [_push(moment, recipient[account], listed) for account, listed in lists.items()]


def _keep_owners(moment: Moment) -> None:
    """Posts end with a day, so who answers is looked at as often as the clock ticks; nearly always there is nothing."""
    # Old ones that nobody has ended are many more to read; on the hour is soon enough for them, and at midnight.
    is_hour = moment.district.local(moment.at).minute == 0
    since = None if is_hour else moment.day - RECENT
    alerts, open_steps = orphaned(moment.work, moment.day, since)
    if alerts or open_steps:
        roles = {role for row in alerts for role in row.told.split(",") if role} | set(OWNERS.values())
        posts = Posts(moment.work, {row.unit_id for row in (*alerts, *open_steps)}, roles, moment.day)
        keep_owners(moment.work, alerts, open_steps, posts.owner)


def _officers(moment: Moment, rows: Sequence[AlertRow]) -> dict[int, list[Holder]]:
    """Alert → the person assigned to somebody in observation, who answers for it. One statement, if there are any."""
    mine = {row.id: row for row in rows if OFFICER in row.told and row.owner_id is not None}
    if not mine:
        return {}
    found = {
        one.person_id: one
        for one in recipients_of(moment.connection, {row.owner_id for row in mine.values() if row.owner_id is not None})
        if one.relation == "self"
    }
    return {
        key: [Holder(one.person_id, one.name, OFFICER, "", row.unit_id, one.account_id)]
        for key, row in mine.items()
        if (one := found.get(row.owner_id or 0)) is not None
    }


def _push(moment: Moment, holder: Holder, listed: list[tuple[AlertRow, bool]]) -> Push:
    units = moment.work.units
    ordered = sorted(listed, key=lambda pair: -height(pair[0].level))
    lines = []
    for row, _ in ordered:
        minutes = int((moment.at - row.clock_from).total_seconds() // 60)
        school = units.get(units[row.unit_id].school_id)
        where = units.class_name(row.unit_id)
        place = f"{school.name if school and school.id != row.unit_id else ''}{where}"
        if holder.role in BUREAU or row.code == "A11":
            lines.append(words.again_line_bureau(place, row.code, minutes))
        else:
            lines.append(words.again_line(where, row.person_name, row.code, row.facts, minutes))
    return make_push(
        moment.work,
        holder,
        words.again(lines, all(is_new for _, is_new in ordered)),
        key=f"alert-follow-up:{holder.account_id}:{moment.at:%Y-%m-%dT%H:%M}",
        unit=moment.district.name,
        level=highest(row.level for row, _ in ordered),
        at=moment.at,
        alert_id=ordered[0][0].id if len(ordered) == 1 else None,
    )


job = Job(name="alert-follow-up", times=lambda _times: (), plan=plan, every=timedelta(minutes=1))
