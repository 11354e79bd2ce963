"""Who moves to another class or school takes along what is open about them."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, or_, select, update

from models.rules.incidents import OWNERS
from models.tables import Clearance, Incident, IncidentStep, KeyPerson, Management, Person, Post
from models.work import Work

#: What goes along, and while it is open.
_OPEN: tuple[tuple[Any, Any], ...] = (
    (KeyPerson, KeyPerson.ended_at.is_(None)),
    (Management, Management.ended_on.is_(None)),
    (Clearance, Clearance.ended_on.is_(None)),
)


def bring_along(work: Work, today: date) -> None:
    """Let what is open about people follow them: those who look after them now see it and answer for it, nobody else.

    What has ended stays where it was, as do alerts: they belong to a day; figures of past days count people where they
    were then. Whoever was assigned to somebody under observation is theirs no more: the new head teacher is. Nine
    statements at most.
    """
    connection = work.flush()
    for table, is_open in _OPEN:
        fresh: dict[str, Any] = {"unit_id": Person.unit_id, "school_id": Person.school_id}
        if table is Management:
            fresh["officer_id"] = None
        connection.execute(
            update(table).where(table.person_id == Person.id, is_open, table.unit_id != Person.unit_id).values(fresh)
        )
    moved = list(
        connection.execute(
            select(Incident.id)
            .join(Person, Person.id == Incident.person_id)
            .where(Incident.closed_at.is_(None), Incident.unit_id != Person.unit_id)
        ).scalars()
    )
    if not moved:
        return
    connection.execute(
        update(Incident)
        .where(Incident.id.in_(moved), Incident.person_id == Person.id)
        .values(unit_id=Person.unit_id, school_id=Person.school_id)
    )
    for role in sorted(set(OWNERS.values())):
        holder = (
            select(func.min(Post.person_id))
            .join(Incident, or_(Post.unit_id == Incident.unit_id, Post.unit_id == Incident.school_id))
            .where(
                Incident.id == IncidentStep.incident_id,
                Post.role == role,
                Post.from_date <= today,
                or_(Post.to_date.is_(None), Post.to_date > today),
            )
            .scalar_subquery()
        )
        connection.execute(
            update(IncidentStep)
            .where(
                IncidentStep.incident_id.in_(moved),
                IncidentStep.state == "open",
                IncidentStep.step.in_([step for step, owner in OWNERS.items() if owner == role]),
            )
            .values(owner_id=func.coalesce(holder, IncidentStep.owner_id))
        )
