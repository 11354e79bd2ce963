"""收到 as the answer to a reminder of a report: who has taken it on, so that nobody further is told for a while."""

from __future__ import annotations

from bots.engine.conversation import Turn
from bots.reports.words import district as words
from models.actions.nudges import take_on
from models.queries.nudges import open_nudges
from models.queries.units import UnitInfo
from models.rules.authority import HOLDERS


def answer_reminders(turn: Turn) -> str:
    """Takes on every open report of today the speaker was, or would be, reminded of; empty where there is none."""
    me, units = turn.speaker.me, turn.work.units
    if me is None:
        return ""
    mine: dict[int, UnitInfo] = {}
    for post in turn.speaker.posts:
        if units.get(post.unit_id) is not None:
            for unit in units.within(post.unit_id):
                if post.role in _answering(turn, unit.kind):
                    mine[unit.id] = unit
    asked = open_nudges(turn.work.flush(), turn.day, mine) if mine else []
    # A level above takes on what it was told of; below it, only what is its own.
    own = {post.unit_id for post in turn.speaker.posts}
    taken = [mine[one.unit_id] for one in asked if one.unit_id in own or one.steps_done]
    if not taken:
        return ""
    take_on(turn.work, [unit.id for unit in taken], turn.day, me.person_id, turn.sent_at)
    names = [units.class_name(unit.id) for unit in taken]
    return words.taken_on(names, turn.district.reporting.answer_minutes)


def _answering(turn: Turn, kind: str) -> tuple[str, ...]:
    reporting = turn.district.reporting
    further = {"class_unit": reporting.class_next, "school": reporting.school_next}.get(kind, ())
    return (*HOLDERS.get(kind, ()), *further)
