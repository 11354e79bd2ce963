"""Persons in management, as conversations deal with them: whom they may name, and the check an answer fulfils."""

from __future__ import annotations

import re
from datetime import date

from bots.check_in.keep import EVERY, Kept
from bots.engine.conversation import Turn
from bots.people.finding import called
from models.actions.management import check_answered
from models.queries.unreported import Named, people_named
from models.rules.authority import BUREAU
from models.rules.incidents import DECIDERS, HANDLERS
from models.rules.management import slot_of

_DAY = re.compile(r"(?:(20\d\d)[-年/.])?(1[0-2]|0?[1-9])[-月/.](3[01]|[12]\d|0?[1-9])[日号]?")


def school_units(turn: Turn, *roles: str) -> list[int]:
    """The units of the schools, grades and classes for which the speaker holds one of these posts."""
    units = turn.work.units
    found: dict[int, None] = {}
    for post in turn.speaker.holds(*roles):
        if units.get(post.unit_id) is not None and post.role not in BUREAU:
            found |= dict.fromkeys(unit.id for unit in units.within(post.unit_id))
    return list(found)


def named(turn: Turn, name: str, *roles: str) -> list[Named]:
    """Who may be meant by `name` among those the speaker looks after in these roles. One statement."""
    units = school_units(turn, *(roles or (*HANDLERS, *DECIDERS)))
    return called(people_named(turn.work.flush(), units, name, turn.day), name) if units and name else []


def day_in(text: str, today: date) -> date | None:
    """The day a text names: 3月1日, 2026-03-01; of the year that is not ahead of today. None: none, or no such day."""
    found = _DAY.search(text)
    if found is None:
        return None
    try:
        day = date(int(found[1] or today.year), int(found[2]), int(found[3]))
        return day.replace(year=day.year - 1) if not found[1] and day > today else day
    except ValueError:
        return None


def _note_check(turn: Turn, kept: Kept) -> None:
    """Whatever somebody in observation is reported with counts as the check of its time of day."""
    if kept.person.in_observation and kept.said.tenths is not None and kept.report_date == turn.day:
        check_answered(turn.work, kept.person.person_id, turn.day, slot_of(turn.sent_at, turn.district), turn.sent_at)


EVERY.append(_note_check)
