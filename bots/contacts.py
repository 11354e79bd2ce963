"""Who may have met somebody: from the class list, the seats, the dormitory and the family (domain handbook 8.4).

It is the school's own list. Nobody is named a contact here: that is the CDC's decision.
"""

from __future__ import annotations

from datetime import date, timedelta

from models.actions.incidents import Candidate
from models.queries.contacts import absent_days, classmates, nearby
from models.queries.due import due_of
from models.queries.incidents import IncidentRow
from models.queries.watch import family_of
from models.work import Work


def find_candidates(work: Work, incident: IncidentRow) -> tuple[list[Candidate], bool]:
    """The candidates of an incident, and whether its person was at school in the days looked back on.

    Class, seat and dormitory count only where they were; the children of one family always do.
    """
    if incident.person_id is None:
        return [], False
    connection = work.flush()
    last = work.district.day_of(incident.found_at)
    days = [last - timedelta(days=back) for back in range(work.district.incident.contact_lookback_days + 1)]
    due = due_of(work)
    away = absent_days(connection, incident.person_id, days)
    at_school = [day for day in days if due.attends(incident.unit_id, day) and day not in away]
    ways: dict[int, list[str]] = {}
    met: dict[int, date | None] = {}

    def add(person_id: int, way: str, day: date | None) -> None:
        ways.setdefault(person_id, []).append(way)
        met[person_id] = max(filter(None, (met.get(person_id), day)), default=None)

    for person_id in family_of(connection, incident.person_id):
        if person_id != incident.person_id:
            add(person_id, "sibling", last)
    if at_school:
        for person_id in classmates(connection, incident.unit_id, incident.person_id, last):
            add(person_id, "class", at_school[0])
        for person_id, way in nearby(connection, incident.person_id):
            add(person_id, way, at_school[0])
    found = [Candidate(person_id, tuple(dict.fromkeys(how)), met[person_id]) for person_id, how in ways.items()]
    return found, bool(at_school)
