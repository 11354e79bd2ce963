"""Recording who is away from school, and why (domain handbook 1.2, 6.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, update

from models.statements import insert
from models.tables import Absence, AbsenceFollowUp
from models.work import Work

#: The figure an absence of each kind counts in.
COLUMN = {
    "sick": "sick_absence",
    "personal": "personal_leave",
    "isolation": "isolation_absence",
    "unexplained": "unexplained_absence",
}


@dataclass(frozen=True, slots=True)
class Away:
    """One absence to record. kind: sick, personal, isolation, unexplained."""

    person_id: int
    unit_id: int
    day: date
    kind: str
    reason: str
    symptoms: tuple[str, ...]
    entered_by: int | None
    at: datetime
    entered_role: str = "head_teacher"
    expected_return: date | None = None


def enter(work: Work, away: Away) -> dict[str, int]:
    """Record an absence, or change the one recorded; gives how the unit's figures changed (figure → difference)."""
    before = _kind_now(work, away.person_id, away.day)
    row = {
        "person_id": away.person_id,
        "report_date": away.day,
        "unit_id": away.unit_id,
        "kind": away.kind,
        "reason": work.vault.seal("absences.reason", away.reason) if away.reason else None,
        "symptoms": work.vault.seal_json("absences.symptoms", list(away.symptoms)) if away.symptoms else None,
        "entered_by": away.entered_by,
        "entered_at": away.at,
        "entered_role": away.entered_role,
        "expected_return": away.expected_return,
    }
    statement = insert(work.connection, Absence)
    keys = ("person_id", "report_date")
    work.connection.execute(
        statement.on_conflict_do_update(
            index_elements=keys, set_={name: statement.excluded[name] for name in row if name not in keys}
        ),
        row,
    )
    return _difference(before, away.kind)


def withdraw(work: Work, person_id: int, day: date) -> dict[str, int] | None:
    """The person is here after all; gives the change, None when no absence was recorded."""
    before = _kind_now(work, person_id, day)
    if before is None:
        return None
    work.connection.execute(delete(Absence).where(Absence.person_id == person_id, Absence.report_date == day))
    return _difference(before, None)


def follow_up(
    work: Work,
    person_id: int,
    absent_on: date,
    day: date,
    by: int,
    at: datetime,
    body: Mapping[str, Any],
    *,
    reached: bool,
) -> None:
    """Keep what the family said of an absent person (domain handbook 8.6), and what of it belongs to the absence."""
    connection = work.flush()
    connection.execute(
        insert(connection, AbsenceFollowUp).values(
            person_id=person_id,
            day=day,
            at=at,
            by_person_id=by,
            outcome="reached" if reached else "unreachable",
            body=work.vault.seal_json("absence_followups.body", dict(body)),
        )
    )
    if not reached:
        return
    changes: dict[str, Any] = {"followed_up_at": at}
    for name, column in (("onset", "onset"), ("expected_return", "expected_return")):
        if name in body:
            changes[column] = date.fromisoformat(body[name])
    if body.get("symptoms"):
        changes["symptoms"] = work.vault.seal_json("absences.symptoms", list(body["symptoms"]))
    connection.execute(
        update(Absence).where(Absence.person_id == person_id, Absence.report_date == absent_on).values(**changes)
    )


def note_return(work: Work, person_id: int, absent_on: date, day: date) -> None:
    """Somebody is back since `day`; it stands on the days of their absence that had not been ended."""
    work.flush().execute(
        update(Absence)
        .where(Absence.person_id == person_id, Absence.report_date <= absent_on, Absence.returned_on.is_(None))
        .values(returned_on=day)
    )


def _kind_now(work: Work, person_id: int, day: date) -> str | None:
    return (
        work.flush()
        .execute(select(Absence.kind).where(Absence.person_id == person_id, Absence.report_date == day))
        .scalar_one_or_none()
    )


def _difference(before: str | None, after: str | None) -> dict[str, int]:
    changes: dict[str, int] = {}
    sides: Iterable[tuple[str | None, int]] = ((before, -1), (after, 1))
    for kind, change in sides:
        if kind is not None:
            changes[COLUMN[kind]] = changes.get(COLUMN[kind], 0) + change
    return {name: change for name, change in changes.items() if change}
