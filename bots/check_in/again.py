"""With the day's report, once a week: is what was declared of journeys and contacts still so? (domain handbook 5)"""

from __future__ import annotations

from bots.engine.conversation import Turn
from bots.key_persons.words import declaration as words
from models.queries.people import BoundPerson
from models.rules.declaration import is_due_again


def asked_again(turn: Turn, person: BoundPerson) -> str:
    """What is asked besides, in words; empty on every other day. Only of one's own: nobody declares for another."""
    district = turn.district
    every = district.disease.declaration_days
    if not is_due_again(turn.day, district.day_of(person.bound_at), person.declared_on, every):
        return ""
    return words.AGAIN if person.declared_on is not None else words.NEVER
