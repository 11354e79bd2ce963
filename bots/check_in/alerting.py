"""Raising alerts for what somebody wrote, and telling those who look after them, in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bots.alerts.telling import Concerned, Posts, raise_and_tell
from bots.check_in.scene import Known
from bots.engine.conversation import Turn
from models.queries.people import Holder
from models.rules.alerts import Finding


def alert(
    turn: Turn, person: Known, unit_id: int, day: date, found: Sequence[Finding], said_by: str
) -> tuple[str, ...]:
    """Raise `found` for the person's day and owe the pushes; gives the roles told (now or before) of any of them.

    said_by: who said it, in words (家长, 本人, 班主任代报). One push a recipient, whatever the number of alerts in it.
    """
    concerned = Concerned(person.person_id, person.name, person.kind, unit_id, day, found)
    done = raise_and_tell(
        turn.work, [concerned], said_by, at=turn.now, said_at=turn.sent_at, not_to=turn.speaker.account_id
    )
    for push in done.pushes:
        turn.push(push)
    return done.roles.get(person.person_id, ())


def reachable(turn: Turn, unit_id: int, role: str) -> list[Holder]:
    """Those of a role over a unit who can be written to, or who stands in for them. One statement."""
    return Posts(turn.work, [unit_id], [role], turn.district.day_of(turn.now)).reached(unit_id, role)
