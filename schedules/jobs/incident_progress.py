"""The day's progress report of each incident, as a draft to the reporter, from the day after until it is closed (8.3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bots.alerts.telling import Posts, make_push
from bots.incidents.words import papers
from models.queries.incident_picture import picture_of, steps_at
from models.queries.incidents import events_of, open_everywhere, steps_of
from models.rules.incidents import OWNER
from schedules.job import Job, Moment, Push


def plan(moment: Moment) -> Sequence[Push]:
    work, district = moment.work, moment.district
    rows = open_everywhere(work, district.end_of(moment.day - timedelta(days=1)))
    if not rows:
        return []
    steps = steps_of(work, [row.id for row in rows])
    posts = Posts(work, {row.unit_id for row in rows}, [OWNER], moment.day)
    pushes = []
    for row in rows:
        school = work.units.get(row.school_id)
        name = "" if school is None else school.name
        events = events_of(work, row.id)
        stood = steps_at(steps[row.id], events, district.end_of(moment.day))
        picture = picture_of(work, row, moment.day)
        text = papers.progress(district, row, name, work.units.class_name(row.unit_id), stood, events, picture)
        for holder in posts.reached(row.unit_id, OWNER):
            pushes.append(
                make_push(
                    work,
                    holder,
                    text,
                    key=f"incident-progress:{row.id}:{moment.day}:{holder.account_id}",
                    unit=name,
                    level="orange",
                    at=moment.at,
                    alert_id=None,
                )
            )
    return pushes


job = Job(name="incident-progress", times=lambda times: (times.incident_draft,), plan=plan)
