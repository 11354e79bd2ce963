"""Opening incidents, telling leaders of each new line once, and who may read or enter what (domain handbook 2.4, 8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from bots.alerts.telling import Posts, make_push
from bots.engine.conversation import Turn
from bots.incidents.words import steps as words
from bots.wording.names import place
from models.actions.incidents import Opening, open_incident
from models.queries.incidents import IncidentRow, StepRow, incident, steps_of
from models.queries.people import PostHeld
from models.rules.authority import BUREAU
from models.rules.incidents import BUREAU_LEADERS, HANDLERS, LEADERS, OWNERS
from models.work import Work

#: Roles that see the incidents of their own class only, and of their grade.
_CLASS = frozenset({"head_teacher", "deputy_head_teacher"})


class Reach(IntEnum):
    """How much of an incident somebody sees: nothing, the steps without a name, or all of it and may enter steps."""

    NOTHING = 0
    STEPS = 1
    ALL = 2


def reach(work: Work, posts: Iterable[PostHeld], unit_id: int) -> Reach:
    """What the holder of these posts sees of an incident of a person of this unit."""
    unit = work.units.get(unit_id)
    best = Reach.NOTHING
    for post in posts:
        if post.role in BUREAU:
            best = max(best, Reach.STEPS)
        if unit is None or post.role not in HANDLERS:
            continue
        at = {unit.id} if post.role in _CLASS else {unit.id, unit.grade_id, unit.school_id}
        if post.unit_id in at:
            best = Reach.ALL
    return best


def units_handled(turn: Turn) -> list[int]:
    """Every unit of whose incidents the speaker sees anything."""
    units = turn.work.units
    if any(post.role in BUREAU for post in turn.speaker.posts) and units.district is not None:
        return [unit.id for unit in units.within(units.district.id)]
    found: dict[int, None] = {}
    for post in turn.speaker.holds(*HANDLERS):
        if units.get(post.unit_id) is not None:
            found |= dict.fromkeys(unit.id for unit in units.within(post.unit_id))
    return list(found)


@dataclass(slots=True)
class Case:
    """An incident with its steps and where it is."""

    row: IncidentRow
    steps: list[StepRow]
    where: str


def case_of(work: Work, incident_id: int) -> Case | None:
    """The incident as it stands, held. Two statements."""
    row = incident(work, incident_id)
    if row is None:
        return None
    return Case(row, steps_of(work, [incident_id]).get(incident_id, []), work.units.class_name(row.unit_id))


def open_case(turn: Turn, opening: Opening) -> tuple[Case, bool]:
    """Open an incident and tell the leaders; gives it and whether it is new."""
    work = turn.work
    roles = (*OWNERS.values(), *LEADERS, *BUREAU_LEADERS)
    posts = Posts(work, [opening.unit_id], roles, work.district.day_of(turn.now))
    made, is_new = open_incident(work, opening, lambda role: posts.owner(opening.unit_id, [role]))
    case = case_of(work, made)
    assert case is not None
    if is_new:
        tell_leaders(turn, case, f"opened:{made}", "已建立", opening.found_at, posts)
    return case, is_new


def tell_leaders(turn: Turn, case: Case, event: int | str, what: str, at: datetime, posts: Posts | None = None) -> None:
    """Owe every leader one new line of the timeline, once; the bureau without a name. Not to who entered it."""
    work, row = turn.work, case.row
    by = turn.speaker.me.name if turn.speaker.me is not None else ""
    roles = (*LEADERS, *BUREAU_LEADERS)
    posts = posts or Posts(work, [row.unit_id], roles, work.district.day_of(turn.now))
    told: set[int] = set()
    for role in roles:
        for holder in posts.reached(row.unit_id, role):
            if holder.account_id is None or holder.account_id in told or holder.account_id == turn.speaker.account_id:
                continue
            told.add(holder.account_id)
            plain = holder.role in BUREAU
            where = place(work.units, row.unit_id) if plain else case.where
            text = words.timeline(work.district, row, where, what, at, plain=plain, by=by)
            turn.push(
                make_push(
                    work,
                    holder,
                    text,
                    key=f"incident:{row.id}:{event}:{holder.account_id}",
                    unit=_school(work, row.unit_id),
                    level="orange",
                    at=turn.now,
                    alert_id=None,
                )
            )


def _school(work: Work, unit_id: int) -> str:
    unit = work.units[unit_id]
    school = work.units.get(unit.school_id)
    return unit.name if school is None else school.name
