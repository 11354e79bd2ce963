"""Raising alerts and saying who must hear of them; what is owed comes back as pushes, for a turn or a job to keep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bots.alerts.words import telling as words
from bots.incidents.words.steps import opened_by_alert
from models.actions.alerts import Case, Raised, ToldOf, note_told, raise_alerts
from models.actions.incidents import Opening, open_incident
from models.queries.people import Holder, holders
from models.queries.units import UnitInfo
from models.rules.alerts import LAST_OWNERS, STAND_INS, Finding, height, highest, roles_told
from models.rules.authority import BUREAU
from models.rules.incidents import OWNERS
from models.rules.push import Lane, Owed, Push
from models.work import Work

#: How long an alert is worth sending.
EXPIRES = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Concerned:
    """Somebody alerts are about."""

    person_id: int
    name: str
    kind: str
    unit_id: int
    day: date
    found: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class Told:
    """roles: told now or before of any of the alerts, per person; pushes: what is owed now; raised: the alerts."""

    roles: Mapping[int, tuple[str, ...]]
    pushes: list[Push]
    raised: Mapping[int, list[Raised]]


def chain_of(work: Work, unit_id: int) -> list[UnitInfo]:
    """The unit, what it belongs to, and the bureau, from below."""
    chain, unit = [], work.units.get(unit_id)
    while unit is not None:
        chain.append(unit)
        unit = work.units.get(unit.parent_id)
    bureau = work.units.district
    if bureau is not None and all(other.id != bureau.id for other in chain):
        chain.append(bureau)
    return chain


class Posts:
    """Who holds roles over the units of some people, by unit and role. One statement for all of them."""

    def __init__(self, work: Work, unit_ids: Iterable[int], roles: Iterable[str], day: date) -> None:
        self._chains = {unit_id: chain_of(work, unit_id) for unit_id in set(unit_ids)}
        asked = set(roles) | set(LAST_OWNERS)
        asked |= {other for role in asked for other in STAND_INS.get(role, ())}
        units = {unit.id for chain in self._chains.values() for unit in chain}
        self._roles = sorted(asked)
        self._held: dict[tuple[int, str], list[Holder]] = {}
        for holder in holders(work.flush(), units, asked, day) if units else ():
            self._held.setdefault((holder.unit_id, holder.role), []).append(holder)

    def chain(self, unit_id: int) -> list[UnitInfo]:
        return self._chains[unit_id]

    def of(self, unit_id: int, role: str) -> list[Holder]:
        """The holders of a role over a unit, of the nearest unit first."""
        return [holder for unit in self._chains[unit_id] for holder in self._held.get((unit.id, role), ())]

    def reached(self, unit_id: int, role: str) -> list[Holder]:
        """Those of a role who can be written to; else of the first stand-in who can."""
        for name in (role, *STAND_INS.get(role, ())):
            found = [holder for holder in self.of(unit_id, name) if holder.account_id is not None]
            if found:
                return found
        return []

    def owner(self, unit_id: int, roles: Iterable[str]) -> int | None:
        """The person who answers: the first who holds one of `roles` (or stands in), reachable or not."""
        order = [name for role in roles for name in (role, *STAND_INS.get(role, ()))]
        for role in dict.fromkeys((*order, *LAST_OWNERS)):
            for holder in self.of(unit_id, role):
                return holder.person_id
        return None

    def name_of(self, unit_id: int, person_id: int | None) -> str:
        """How somebody who holds one of these posts is called; empty where nobody does."""
        held = (
            holder
            for unit in self._chains[unit_id]
            for role in self._roles
            for holder in self._held.get((unit.id, role), ())
        )
        return next((holder.name for holder in held if holder.person_id == person_id), "")

    def last(self, unit_id: int) -> list[Holder]:
        """Whoever can be reached at all when nobody of those an alert is for can be."""
        return next((found for role in LAST_OWNERS if (found := self.reached(unit_id, role))), [])


def raise_and_tell(
    work: Work,
    concerned: Sequence[Concerned],
    said_by: str,
    *,
    at: datetime,
    said_at: datetime | None = None,
    not_to: int | None = None,
    roles: Mapping[str, tuple[str, ...]] | None = None,
    instead: Mapping[int, Sequence[Holder]] | None = None,
) -> Told:
    """Raise what was found of these people and say who must hear of it. A handful of statements, however many people.

    said_by: who said it, in words; at: the moment everything is judged at; said_at: when it was said. not_to: the
    account of who said it. roles: instead of those of the alert's rule, by code. instead: who hears of a person's alerts
    in place of any role, the first of them its owner. One push a recipient. A new A03 or A04 opens an incident.
    """
    cases = [Case(one.person_id, one.unit_id, one.day, one.found) for one in concerned]
    standing = raise_alerts(work, cases, at)
    by_person: dict[int, list[str]] = {}
    raised: dict[int, list[Raised]] = {}
    changed: list[tuple[Concerned, Raised]] = []
    for one, entries in zip(concerned, standing, strict=True):
        by_person.setdefault(one.person_id, []).extend(role for entry in entries for role in entry.alert.told)
        raised.setdefault(one.person_id, []).extend(entries)
        changed += [(one, entry) for entry in entries if entry.is_changed]
    if not changed:
        return Told({key: tuple(dict.fromkeys(told)) for key, told in by_person.items()}, [], raised)
    wanted = {
        (one.person_id, entry.alert.id): (roles or {}).get(entry.alert.code) or roles_told(entry.alert.code, one.kind)
        for one, entry in changed
    }
    names = {role for told in wanted.values() for role in told}
    opening = [(one, entry) for one, entry in changed if entry.alert.code in OPENS and entry.is_graver]
    if opening:
        names |= set(OWNERS.values())
    posts = Posts(work, {one.unit_id for one, _ in changed}, names, work.district.day_of(at))
    opened = _open_incidents(work, posts, opening, said_at or at)
    lists: dict[int, dict[tuple[int, int], tuple[Concerned, Raised]]] = {}
    recipient: dict[int, Holder] = {}
    notes = []
    fresh: dict[int, list[str]] = {}
    for one, entry in changed:
        told: list[str] = []
        quiet = _in_class_list(work, entry.alert.code, one.day, at) or (
            entry.alert.level in {"yellow", "grey"} and not entry.is_new
        )
        mine = wanted[one.person_id, entry.alert.id]
        # A further reading that is no higher is for the teacher; nobody else is called again for it.
        hear = mine if entry.is_graver else [role for role in mine if role in _FIRST_KEEPERS]
        reached = [holder for role in hear for holder in posts.reached(one.unit_id, role)]
        given = list((instead or {}).get(one.person_id, ()))
        reached = given or reached
        if not reached and entry.is_graver and height(entry.alert.level) >= height("orange"):
            reached = posts.last(one.unit_id)
        for holder in reached:
            told.append(holder.role)
            if quiet or holder.account_id is None or holder.account_id == not_to:
                continue
            lists.setdefault(holder.account_id, {})[one.person_id, entry.alert.id] = one, entry
            recipient.setdefault(holder.account_id, holder)
        owner = given[0].person_id if given else posts.owner(one.unit_id, mine)
        notes.append(ToldOf(entry.alert, told, owner))
        fresh.setdefault(one.person_id, []).extend(told)
    pushes = [
        _push(work, posts, recipient[account], list(entries.values()), said_by, at, said_at or at, opened)
        for account, entries in lists.items()
    ]
    note_told(work, notes)
    return Told(
        {key: tuple(dict.fromkeys((*fresh.get(key, ()), *told))) for key, told in by_person.items()}, pushes, raised
    )


#: Alerts that begin an incident: fever with exposure, and what was said of a case (issue 6; domain handbook 4.6 R5).
OPENS = {"A03": "fever_exposed", "A04": "case_said"}
#: The facts of an alert an incident begins with.
_CARRIED = ("tenths", "readings", "symptoms", "danger", "places", "key_region", "contact", "statements", "returned_on")


def _open_incidents(
    work: Work, posts: Posts, opening: Sequence[tuple[Concerned, Raised]], found_at: datetime
) -> dict[int, int]:
    """Open an incident for each of these people who has none open; gives person → the incident's id."""
    found: dict[int, dict[str, Any]] = {}
    for one, entry in opening:
        facts = found.setdefault(one.person_id, {})
        facts.update({name: entry.alert.facts[name] for name in _CARRIED if name in entry.alert.facts})
    opened: dict[int, int] = {}
    for one, entry in opening:
        if one.person_id in opened:
            continue
        unit_id = one.unit_id

        def owner_of(role: str, unit_id: int = unit_id) -> int | None:
            return posts.owner(unit_id, [role])

        opened[one.person_id], _ = open_incident(
            work,
            Opening(
                one.person_id,
                unit_id,
                OPENS[entry.alert.code],
                found_at,
                alert_id=entry.alert.id,
                facts=found[one.person_id],
                known_to_family=True,
            ),
            owner_of,
        )
    return opened


#: Who follows a person's further readings: the class's teacher, for staff the head of their grade.
_FIRST_KEEPERS = frozenset({"head_teacher", "grade_head"})


def _in_class_list(work: Work, code: str, day: date, at: datetime) -> bool:
    """A single symptom goes out with the class list (domain handbook 5.7), unless that has gone already."""
    if code != "A06" or work.district.day_of(at) != day:
        return False
    return at < work.district.at(day, work.district.times.class_report)


def _push(
    work: Work,
    posts: Posts,
    holder: Holder,
    entries: Sequence[tuple[Concerned, Raised]],
    said_by: str,
    at: datetime,
    said_at: datetime,
    opened: Mapping[int, int],
) -> Push:
    ordered = sorted(entries, key=lambda pair: -height(pair[1].alert.level))
    one, first = ordered[0]
    people = {other.person_id for other, _ in ordered}
    clock = f"{work.district.local(said_at):%H:%M}"
    unit = work.units.class_name(one.unit_id)
    school = next((info.name for info in posts.chain(one.unit_id) if info.kind == "school"), "")
    listed = [(entry.alert.code, entry.alert.facts, entry.is_new) for _, entry in ordered]
    if any(code == "A11" for code, _, _ in listed):
        text = words.cluster(listed, school, "" if unit == school else unit)
    elif holder.role in BUREAU:
        text = words.alert_bureau(listed, school, "" if unit == school else unit, clock, len(people))
    elif len(people) > 1:
        text = words.alert_list(
            [
                (work.units.class_name(other.unit_id), other.name, entry.alert.code, entry.alert.facts)
                for other, entry in ordered
            ]
        )
    else:
        text = words.alert(listed, one.name, unit, clock, said_by, one.kind)
    if len(people) == 1 and one.person_id in opened:
        text = text.removesuffix(words.ACKNOWLEDGE) + opened_by_alert(opened[one.person_id]) + words.ACKNOWLEDGE
    level = highest(entry.alert.level for _, entry in ordered)
    # One push may carry several alerts; any of them with new facts makes it another push.
    which = "+".join(f"{entry.alert.id}:{entry.alert.version}" for _, entry in ordered[:8])
    return make_push(
        work,
        holder,
        text,
        key=f"alert:{which}{f'…{len(ordered)}' if len(ordered) > 8 else ''}:{holder.account_id}",
        unit=unit if len(people) == 1 else school,
        level=level,
        at=at,
        alert_id=first.alert.id if len(people) == 1 else None,
    )


def make_push(
    work: Work, holder: Holder, text: str, *, key: str, unit: str, level: str, at: datetime, alert_id: int | None
) -> Push:
    """One alert's push: red ones at any hour, others after the night (domain handbook 7.1)."""
    urgent = height(level) >= height("red")
    return Push(
        key=key,
        kind="alert",
        account_id=holder.account_id or 0,
        person_id=holder.person_id,
        relation="self",
        body={"text": text},
        fields={
            "title": "健康提醒",
            "unit": unit,
            "time": f"{work.district.local(at):%Y-%m-%d %H:%M}",
            "note": "有一条健康提醒需要您处理，请打开公众号回复“收到”",
        },
        moment=at,
        expires_at=at + EXPIRES,
        lane=Lane.ALERT if urgent else Lane.ANSWER,
        due_at=None if urgent else after_quiet(work, at),
        owed=None if alert_id is None else Owed("unacknowledged", alert=alert_id),
    )


def after_quiet(work: Work, at: datetime) -> datetime | None:
    """When the night ends; None by day."""
    begins, ends = work.district.times.quiet
    local = work.district.local(at)
    if local.time() >= begins:
        return work.district.at(local.date() + timedelta(days=1), ends)
    return work.district.at(local.date(), ends) if local.time() < ends else None
