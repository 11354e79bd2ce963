"""Drafting circulars, and keeping what a person decides about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select, update

from models.actions.trail import note
from models.queries.units import UnitInfo
from models.rules.circular import Week, week_of
from models.statements import insert
from models.tables import Circular
from models.work import Work


def draft(work: Work, found: Sequence[tuple[UnitInfo, Week]], day: date) -> list[UnitInfo]:
    """Keep a draft for each of these schools' weeks; one not decided on yet gets the newer facts, a decided one stays.
    Gives the schools whose draft is new."""
    if not found:
        return []
    connection, (first, last) = work.flush(), week_of(day)
    known = set(
        connection.execute(
            select(Circular.unit_id).where(
                Circular.first_day == first, Circular.unit_id.in_([unit.id for unit, _ in found])
            )
        ).scalars()
    )
    rows = [
        {
            "unit_id": unit.id,
            "first_day": first,
            "last_day": last,
            "facts": week.to_json(),
            "state": "draft",
            "made_at": work.now,
        }
        for unit, week in found
    ]
    statement = insert(connection, Circular)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=("unit_id", "first_day"),
            set_={"facts": statement.excluded.facts},
            where=Circular.state == "draft",
        ),
        rows,
    )
    return [unit for unit, _ in found if unit.id not in known]


def decide(work: Work, number: int, state: str, person_id: int, reason: str, at: datetime) -> bool:
    """approved, dropped or excused; False where somebody has decided already. Two people at once: the first counts."""
    sealed = work.vault.seal("circulars.reason", reason[:400]) if reason else None
    done = work.flush().execute(
        update(Circular)
        .where(Circular.id == number, Circular.state == "draft")
        .values(state=state, reason=sealed, decided_by=person_id, decided_at=at)
    )
    if done.rowcount:
        note(work, f"person:{person_id}", f"circular-{state}", f"circular:{number}")
    return bool(done.rowcount)
