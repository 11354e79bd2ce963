"""Changing the calendar: the legal days of a year, and the modes units follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, insert, select

from models.actions import trail
from models.rules.calendar import FOLLOW
from models.rules.district import MODES
from models.statements import insert as insert_or
from models.tables import CalendarDay, CalendarMode
from models.work import Work


@dataclass(frozen=True, slots=True)
class LegalDay:
    """One day of the calendar: whether one works, and why (国庆节, 调休上班)."""

    day: date
    is_workday: bool
    name: str = ""


def import_days(work: Work, days: Sequence[LegalDay], source: str, actor: str) -> int:
    """Load days of the legal calendar; a day loaded again is replaced. Gives how many are new or different."""
    connection = work.flush()
    known = {
        row.day: (row.is_workday, row.name)
        for row in connection.execute(select(CalendarDay.day, CalendarDay.is_workday, CalendarDay.name))
    }
    changed = [day for day in days if known.get(day.day) != (day.is_workday, day.name)]
    if not changed:
        return 0
    statement = insert_or(connection, CalendarDay)
    statement = statement.on_conflict_do_update(
        index_elements=("day",),
        set_={name: statement.excluded[name] for name in ("is_workday", "name", "source")},
    )
    connection.execute(
        statement,
        [
            {"day": day.day, "is_workday": day.is_workday, "name": day.name[:64], "source": source[:120]}
            for day in changed
        ],
    )
    span = f"{min(day.day for day in changed)} – {max(day.day for day in changed)}"
    trail.note(work, actor, "calendar.import", span, f"{len(changed)} days from {source}")
    trail.bump(work, "calendar")
    return len(changed)


def set_mode(work: Work, unit_id: int, mode: str, from_date: date, actor: str) -> bool:
    """Order a mode for a unit from a day on (FOLLOW: as the unit above). Gives whether anything changed.

    An order of the same day for the same unit is replaced. Raises ValueError for an unknown mode.
    """
    if mode not in (*MODES, FOLLOW):
        raise ValueError(f"unknown calendar mode: {mode}")
    connection = work.flush()
    same_day = (CalendarMode.unit_id == unit_id) & (CalendarMode.from_date == from_date)
    if connection.execute(select(CalendarMode.mode).where(same_day)).scalars().all() == [mode]:
        return False
    connection.execute(delete(CalendarMode).where(same_day))
    connection.execute(
        insert(CalendarMode),
        [{"unit_id": unit_id, "mode": mode, "from_date": from_date, "set_at": work.now, "set_by": actor[:64]}],
    )
    trail.note(work, actor, "calendar.mode", f"unit:{unit_id}", f"{mode} from {from_date}")
    trail.bump(work, "calendar")
    return True
