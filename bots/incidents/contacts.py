"""Who may have met somebody: from the class list, the seats, the dormitory and the family (domain handbook 8.4).

It is the school's own list. Nobody is named a contact here: that is the CDC's decision.
"""

from __future__ import annotations

from datetime import date, timedelta

from models.actions.incidents import Candidate
from models.queries.contacts import absent_days, classmates, nearby
from models.queries.due import due_of
from models.queries.incident_picture import picture_of
from models.queries.incidents import IncidentRow
from models.queries.watch import family_of
from models.work import Work


def find_candidates(work: Work, incident: IncidentRow) -> tuple[list[Candidate], bool]:
    """The candidates of an incident, and whether anybody it is about was at school in the days looked back on.

    It is about one person, or those who make a cluster; they are no candidates of one another.

    Class, seat and dormitory count only where they were; the children of one family always do.
    """
    last = work.district.day_of(incident.found_at)
    if incident.person_id is not None:
        ill = [(incident.person_id, incident.unit_id)]
    else:
        today = work.district.day_of(work.now)
        ill = [(one.person_id, one.unit_id) for one in picture_of(work, incident, today).ill]
    connection = work.flush()
    lookback = range(work.district.incident.contact_lookback_days + 1)
    days = [last - timedelta(days=back) for back in lookback]
    due = due_of(work)
    people = {person_id for person_id, _ in ill}
    ways: dict[int, list[str]] = {}
    met: dict[int, date | None] = {}
    was_there = False

    def add(person_id: int, way: str, day: date | None) -> None:
        if person_id in people:
            return
        ways.setdefault(person_id, []).append(way)
        met[person_id] = max(filter(None, (met.get(person_id), day)), default=None)

    for ill_id, unit_id in ill:
        away = absent_days(connection, ill_id, days)
        at_school = [day for day in days if due.attends(unit_id, day) and day not in away]
        was_there = was_there or bool(at_school)
        for person_id in family_of(connection, ill_id):
            add(person_id, "sibling", last)
        if at_school:
            for person_id in classmates(connection, unit_id, ill_id, last):
                add(person_id, "class", at_school[0])
            for person_id, way in nearby(connection, ill_id):
                add(person_id, way, at_school[0])
    found = [Candidate(person_id, tuple(dict.fromkeys(how)), met[person_id]) for person_id, how in ways.items()]
    return found, was_there
