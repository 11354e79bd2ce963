"""No case without an owner: whoever answers for an open alert or step and holds no post any more is replaced."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, exists, or_, select, update

from models.rules.alerts import OFFICER
from models.rules.incidents import OWNERS
from models.tables import Alert, Incident, IncidentStep, Post
from models.work import Work


def _holds_nothing(owner: Any, day: date) -> Any:
    """Nobody is named, or they hold no post on `day`."""
    held = exists().where(
        Post.person_id == owner, Post.from_date <= day, or_(Post.to_date.is_(None), Post.to_date > day)
    )
    return or_(owner.is_(None), ~held)


def orphaned(work: Work, day: date, since: date | None) -> tuple[Sequence[Any], Sequence[Any]]:
    """Open alerts (id, unit_id, told) of days from `since` on (None: of any), and open steps (incident_id, step, unit_id), whose owner
    holds no post on `day`. Two statements."""
    connection = work.flush()
    alerts = connection.execute(
        select(Alert.id, Alert.unit_id, Alert.told).where(
            Alert.outcome.is_(None),
            _holds_nothing(Alert.owner_id, day),
            *(() if since is None else (Alert.report_date >= since,)),
        )
    ).all()
    steps = connection.execute(
        select(IncidentStep.incident_id, IncidentStep.step, Incident.unit_id)
        .join(Incident, and_(Incident.id == IncidentStep.incident_id, Incident.closed_at.is_(None)))
        .where(IncidentStep.state == "open", _holds_nothing(IncidentStep.owner_id, day))
    ).all()
    return alerts, steps


def keep_owners(
    work: Work, alerts: Sequence[Any], steps: Sequence[Any], owner: Callable[[int, Sequence[str]], int | None]
) -> int:
    """Name the next one for what `orphaned` found. owner: who answers for a unit, by roles in order; gives how many."""
    named = [
        {"the_id": row.id, "new_owner": found}
        for row in alerts
        if (found := owner(row.unit_id, [role for role in row.told.split(",") if role and role != OFFICER])) is not None
    ]
    if named:
        work.connection.execute(
            update(Alert).where(Alert.id == bindparam("the_id")).values(owner_id=bindparam("new_owner")), named
        )
    moved = [
        {"the_incident": row.incident_id, "the_step": row.step, "new_owner": found}
        for row in steps
        if (found := owner(row.unit_id, [OWNERS[row.step]])) is not None
    ]
    if moved:
        work.connection.execute(
            update(IncidentStep)
            .where(IncidentStep.incident_id == bindparam("the_incident"), IncidentStep.step == bindparam("the_step"))
            .values(owner_id=bindparam("new_owner")),
            moved,
        )
    return len(named) + len(moved)
