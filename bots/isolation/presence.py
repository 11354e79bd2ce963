"""Somebody is seen, or counted, at school: does anything stand against it? (domain handbook 5.7 A13)"""

from __future__ import annotations

from collections.abc import Sequence

from bots.alerts.telling import Concerned, raise_and_tell
from bots.engine.conversation import Turn
from models.queries.due import due_of
from models.queries.management import against_presence
from models.queries.units import UnitInfo
from models.queries.unreported import Named, absent_of, people_of
from models.rules.alerts import Finding


def seen_at_school(turn: Turn, people: Sequence[Named], said_by: str) -> dict[int, tuple[str, ...]]:
    """Raise A13 for everybody of these who should not be here; gives them, with the roles told."""
    reasons = against_presence(turn.work, [one.person_id for one in people], turn.day)
    concerned = [
        Concerned(
            one.person_id,
            one.name,
            one.kind,
            one.unit_id,
            turn.day,
            (Finding("A13", {"reasons": list(reasons[one.person_id])}),),
        )
        for one in people
        if one.person_id in reasons
    ]
    if not concerned:
        return {}
    done = raise_and_tell(
        turn.work, concerned, said_by, at=turn.now, said_at=turn.sent_at, not_to=turn.speaker.account_id
    )
    for push in done.pushes:
        turn.push(push)
    return {one.person_id: done.roles.get(one.person_id, ()) for one in concerned}


def counted_present(turn: Turn, unit: UnitInfo, said_by: str) -> list[str]:
    """Whoever of a class is not entered as absent is present by its signature: raise A13 for those who should not be.

    Gives their names; empty on days on which the class is at home. Three statements.
    """
    if unit.kind != "class_unit" or not due_of(turn.work).attends(unit.id, turn.day):
        return []
    connection = turn.work.flush()
    away = {one.person_id for one in absent_of(connection, [unit.id], turn.day)}
    here = [
        one for one in people_of(connection, [unit.id], turn.day) if one.kind == "student" and one.person_id not in away
    ]
    stopped = seen_at_school(turn, here, said_by)
    return [one.name for one in here if one.person_id in stopped]
