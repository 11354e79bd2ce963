"""Raising alerts for what somebody wrote, and telling those who look after them, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from bots.check_in.scene import Known
from bots.conversation import Turn
from bots.phrases import alerts as words
from models.actions.alerts import Raised, note_told, raise_alerts
from models.queries.people import Holder, holders
from models.queries.units import UnitInfo
from models.rules.alerts import STAND_INS, Finding, height, highest, roles_told
from models.rules.push import Lane, Owed, Push

#: How long an alert is worth sending.
_EXPIRES = timedelta(hours=24)
_BUREAU = frozenset({"district_officer", "wg_isolation", "wg_emergency", "district_leader"})


def alert(
    turn: Turn, person: Known, unit_id: int, day: date, found: Sequence[Finding], said_by: str
) -> tuple[str, ...]:
    """Raise `found` for the person's day and owe the pushes; gives the roles told (now or before) of any of them.

    said_by: who said it, in words (家长, 本人, 班主任代报). One push a recipient, whatever the number of alerts in it.
    """
    standing = raise_alerts(turn.work, person.person_id, unit_id, day, found)
    before = [role for entry in standing for role in entry.alert.told]
    raised = [entry for entry in standing if entry.is_changed]
    if not raised:
        return tuple(dict.fromkeys(before))
    chain = _chain(turn, unit_id)
    wanted = {entry.alert.code: roles_told(entry.alert.code, person.kind) for entry in raised}
    names = {role for roles in wanted.values() for role in roles}
    held = _holders(turn, chain, names)
    told: dict[str, list[str]] = {}
    by_account: dict[int, list[Raised]] = {}
    recipient: dict[int, Holder] = {}
    for entry in raised:
        code = entry.alert.code
        for role in wanted[code]:
            for holder in _reached(held, role):
                told.setdefault(code, []).append(holder.role)
                if _in_class_list(turn, code, day) or (entry.alert.level == "yellow" and not entry.is_new):
                    continue  # the class list names them; a push for each word would bury the urgent ones
                if holder.account_id is not None and holder.account_id != turn.speaker.account_id:
                    listed = by_account.setdefault(holder.account_id, [])
                    if entry not in listed:
                        listed.append(entry)
                    recipient[holder.account_id] = holder
    for account_id, entries in by_account.items():
        turn.push(_push(turn, person, chain, recipient[account_id], entries, said_by))
    note_told(turn.work, [(entry.alert, told.get(entry.alert.code, ())) for entry in raised])
    return tuple(dict.fromkeys((*(role for roles in told.values() for role in roles), *before)))


def _chain(turn: Turn, unit_id: int) -> list[UnitInfo]:
    """The unit, what it belongs to, and the bureau, from below."""
    chain, unit = [], turn.work.units.get(unit_id)
    while unit is not None:
        chain.append(unit)
        unit = turn.work.units.get(unit.parent_id)
    bureau = turn.work.units.district
    if bureau is not None and all(other.id != bureau.id for other in chain):
        chain.append(bureau)
    return chain


def _holders(turn: Turn, chain: Sequence[UnitInfo], roles: set[str]) -> Mapping[str, list[Holder]]:
    """Who holds the roles, or stands in for them, in these units. One statement."""
    asked = roles | {other for role in roles for other in STAND_INS.get(role, ())}
    held: dict[str, list[Holder]] = {}
    for holder in holders(turn.work.flush(), [unit.id for unit in chain], asked, turn.district.day_of(turn.now)):
        held.setdefault(holder.role, []).append(holder)
    return held


def _reached(held: Mapping[str, list[Holder]], role: str) -> list[Holder]:
    """Those of a role who can be written to; else of the first stand-in who can."""
    for name in (role, *STAND_INS.get(role, ())):
        reachable = [holder for holder in held.get(name, ()) if holder.account_id is not None]
        if reachable:
            return reachable
    return []


def _in_class_list(turn: Turn, code: str, day: date) -> bool:
    """A single symptom goes out with the class list (domain handbook 5.7), unless that has gone already."""
    if code != "A06" or turn.district.day_of(turn.now) != day:
        return False
    return turn.now < turn.district.at(day, turn.district.times.class_report)


def _push(
    turn: Turn, person: Known, chain: Sequence[UnitInfo], holder: Holder, entries: Sequence[Raised], said_by: str
) -> Push:
    first = max(entries, key=lambda entry: height(entry.alert.level))
    ordered = sorted(entries, key=lambda entry: -height(entry.alert.level))
    listed = [(entry.alert.code, entry.alert.facts, entry.is_new) for entry in ordered]
    clock = f"{turn.district.local(turn.sent_at):%H:%M}"
    unit = turn.work.units.class_name(chain[0].id) if chain else ""
    school = next((info.name for info in chain if info.kind == "school"), "")
    level = highest(entry.alert.level for entry in entries)
    if holder.role in _BUREAU:
        text = words.alert_bureau(listed, school, "" if unit == school else unit, clock)
    else:
        text = words.alert(listed, person.name, unit, clock, said_by, person.kind)
    urgent = height(level) >= height("red")
    # One push may carry several alerts; any of them with new facts makes it another push.
    which = "+".join(f"{entry.alert.id}:{entry.alert.version}" for entry in ordered)
    return Push(
        key=f"alert:{which}:{holder.account_id}",
        kind="alert",
        account_id=holder.account_id or 0,
        person_id=holder.person_id,
        relation="self",
        body={"text": text},
        fields={
            "title": "健康提醒",
            "unit": unit,
            "time": f"{turn.district.local(turn.now):%Y-%m-%d %H:%M}",
            "note": "有一条健康提醒需要您处理，请打开公众号回复“收到”",
        },
        moment=turn.now,
        expires_at=turn.now + _EXPIRES,
        lane=Lane.ALERT if urgent else Lane.ANSWER,
        due_at=None if urgent else _after_quiet(turn),
        owed=Owed("unacknowledged", alert=first.alert.id),
    )


def _after_quiet(turn: Turn) -> datetime | None:
    """Only red alerts break the quiet hours (domain handbook 7.1)."""
    begins, ends = turn.district.times.quiet
    local = turn.district.local(turn.now)
    if local.time() >= begins:
        return turn.district.at(local.date() + timedelta(days=1), ends)
    return turn.district.at(local.date(), ends) if local.time() < ends else None


def reachable(turn: Turn, unit_id: int, role: str) -> list[Holder]:
    """Those of a role over a unit who can be written to, or who stands in for them. One statement."""
    return _reached(_holders(turn, _chain(turn, unit_id), {role}), role)
