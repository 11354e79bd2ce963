"""A key region is named and nothing was read of it: the teacher is told, and the person stands on the list of gaps
until a human has asked (domain handbook 0.4, 9; issue 6: misses land on a human's list)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bots.check_in.alerting import alert
from bots.check_in.keep import SAID_BY, is_counted
from bots.check_in.scene import home_of, running_regions
from bots.check_in.words import report as words
from bots.engine.conversation import Turn
from bots.reading import Reading
from bots.reading.mentions import unread_regions
from models.queries.people import BoundPerson
from models.rules.alerts import Finding


def tell_of_unread(turn: Turn, text: str, reading: Reading, people: Sequence[BoundPerson]) -> str:
    """Raise A09 for whomever it may be about; gives what the writer is told, empty where nothing was missed.

    Whom the message speaks of, else every child the writer answers for (the handbook's 16, case 20): the teacher asks.
    """
    regions = running_regions(turn, text)
    since = turn.day - timedelta(days=turn.district.disease.lookback_days)
    found = unread_regions(text, reading, regions, since, turn.day, home_of(turn.district)) if regions else ()
    spoken_of = {facts.subject for facts in reading.people}
    meant = [person for person in people if person.person_id in spoken_of]
    meant = meant or [person for person in people if person.relation == "guardian"] or list(people)
    told: list[str] = []
    for person in meant if found else ():
        if is_counted(person, turn.day):
            finding = Finding("A09", {"mentioned": list(found)})
            told += alert(turn, person, person.unit_id, turn.day, [finding], SAID_BY.get(person.relation, "家长"))
    return words.unread_region(found, tuple(dict.fromkeys(told))) if found else ""
