"""The reporter's judgement of a fever: does it have to be reported? (domain handbook 4.5, V15)"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from models.actions.trail import note
from models.rules.alerts import FEVERS
from models.tables import Alert
from models.work import Work

NOT_REPORTABLE, REPORTABLE = "not_reportable", "reportable"
_JUDGED = {None: None, False: NOT_REPORTABLE, True: REPORTABLE}


@dataclass(frozen=True, slots=True)
class Judged:
    """The alerts of one person's day after a judgement. before: their outcomes until now, None for none."""

    alert_ids: tuple[int, ...]
    before: frozenset[str | None]


def judge(work: Work, person_id: int, day: date, outcome: str, by_person_id: int, reason: str) -> Judged | None:
    """Set the outcome of a person's fever alerts of a day; None where there are none. Who judges has taken them on.

    reason goes to the trail in length only: it may say something of the child. Three statements.
    """
    connection = work.flush()
    rows = connection.execute(
        select(Alert.id, Alert.reportable)
        .where(Alert.person_id == person_id, Alert.report_date == day, Alert.code.in_(sorted(FEVERS)))
        .order_by(Alert.id)
        .with_for_update()
    ).all()
    if not rows:
        return None
    ids = [row.id for row in rows]
    connection.execute(
        update(Alert)
        .where(Alert.id.in_(ids))
        .values(
            outcome=outcome,
            outcome_by=by_person_id,
            outcome_at=work.now,
            reportable=outcome == REPORTABLE,
            judged_by=by_person_id,
            judged_at=work.now,
            updated_at=work.now,
        )
    )
    connection.execute(
        update(Alert)
        .where(Alert.id.in_(ids), Alert.acknowledged_at.is_(None))
        .values(acknowledged_at=work.now, acknowledged_by=by_person_id)
    )
    for alert in ids:
        note(work, f"person:{by_person_id}", "alert-judged", f"alert:{alert}", f"{outcome}, {len(reason)} characters")
    return Judged(tuple(ids), frozenset(_JUDGED[row.reportable] for row in rows))


def owed(work: Work, unit_ids: Iterable[int], day: date) -> list[tuple[int, int]]:
    """Whose fevers of the day nobody has judged, as (person, unit). One statement."""
    rows = work.flush().execute(
        select(Alert.person_id, Alert.unit_id)
        .where(Alert.unit_id.in_(sorted(set(unit_ids))), Alert.report_date == day)
        .where(Alert.code.in_(sorted(FEVERS)), Alert.reportable.is_(None))
        .distinct()
        .order_by(Alert.person_id)
    )
    return [(row[0], row[1]) for row in rows]
