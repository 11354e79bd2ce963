"""That a unit's report was asked for, and that somebody has taken it on (domain handbook 7.2, 7.3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import bindparam, update

from models.actions.trail import note
from models.statements import insert
from models.tables import ReportNudge
from models.work import Work


def asked(work: Work, unit_ids: Iterable[int], day: date, at: datetime, by: int | None = None) -> None:
    """Keep that the reports of these units were asked for. by: who asked by hand; their asking starts the clock anew, the
    timetable's does not. One statement."""
    rows = [
        {"unit_id": unit_id, "report_date": day, "asked_at": at, "asked_by": by, "steps_done": 0}
        for unit_id in sorted(set(unit_ids))
    ]
    if not rows:
        return
    connection = work.flush()
    statement = insert(connection, ReportNudge)
    keys = ("unit_id", "report_date")
    if by is None:
        connection.execute(statement.on_conflict_do_nothing(index_elements=keys), rows)
        return
    changed = {name: statement.excluded[name] for name in ("asked_at", "asked_by", "steps_done")}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), rows)


def take_on(work: Work, unit_ids: Iterable[int], day: date, person_id: int, at: datetime) -> None:
    """Somebody who was told answers 收到: they see to these reports. One statement."""
    units = sorted(set(unit_ids))
    work.flush().execute(
        update(ReportNudge)
        .where(ReportNudge.unit_id.in_(units), ReportNudge.report_date == day)
        .values(taken_by=person_id, taken_at=at)
    )
    for unit_id in units:
        note(work, f"person:{person_id}", "report-taken-on", f"unit:{unit_id}:{day}")


def stepped(work: Work, steps: Iterable[tuple[int, int]], day: date) -> None:
    """Keep how many further people have been told, by unit. One statement."""
    rows = [{"unit": unit_id, "steps": number} for unit_id, number in steps]
    if rows:
        place = (ReportNudge.unit_id == bindparam("unit"), ReportNudge.report_date == day)
        work.flush().execute(update(ReportNudge).where(*place).values(steps_done=bindparam("steps")), rows)
