"""The state of each class to its head teacher, who confirms it with one word."""

from __future__ import annotations

from collections.abc import Sequence

from bots.reports.day_state import picture
from models.queries.bound import holders_on
from models.queries.people import Holder
from models.queries.reports import deadline_of
from schedules.job import Job, Moment, Push
from schedules.telling import tell


def plan(moment: Moment) -> Sequence[Push]:
    shown = picture(moment.work, moment.day, None, compared=True)
    units, until = moment.work.units, moment.district.at(moment.day, moment.district.times.lock)
    pushes = []
    for unit_id, holders in _teachers(moment).items():
        unit = units.get(unit_id)
        if unit is None or not shown.sums(unit_id).classes or shown.report(unit).is_signed:
            continue
        text = shown.class_text(unit)
        pushes += [
            tell(
                moment,
                "class-report",
                f"class-report:{unit_id}:{holder.account_id}:{moment.day}",
                holder,
                text,
                until,
                title="班级日报待确认",
                unit=units.class_name(unit_id),
                note="请点开核对，无误回复“确认”",
                report_of=unit_id,
                deadline=deadline_of(moment.district, unit, moment.day),
            )
            for holder in holders
        ]
    return pushes


def _teachers(moment: Moment) -> dict[int, list[Holder]]:
    """Who confirms each class: its head teachers who can be reached, else whoever stands in."""
    found: dict[int, dict[str, list[Holder]]] = {}
    for holder in holders_on(moment.connection, ("head_teacher", "deputy_head_teacher"), moment.day):
        if holder.account_id is not None:
            found.setdefault(holder.unit_id, {}).setdefault(holder.role, []).append(holder)
    return {unit: roles.get("head_teacher") or roles["deputy_head_teacher"] for unit, roles in found.items()}


job = Job(name="class-report", times=lambda times: (times.class_report,), plan=plan, only_asks=True)
