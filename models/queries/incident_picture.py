"""An incident as it stood at the end of a day: who was ill, what had been reported, which steps had been entered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from models.queries.days import day_of, preload
from models.queries.incidents import EventRow, IncidentRow, StepRow
from models.queries.watch import ill_within
from models.rules.check_in import Health
from models.rules.district import Disease
from models.work import Work

#: Where a cluster does not say since when it is counted: the longest usual window of its rules (domain handbook 15.3).
_WINDOW = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Ill:
    """One person an incident is about. unit_id, where: their class; health: what was reported of the day; None: nothing was."""

    person_id: int
    name: str
    unit_id: int
    where: str
    since: date
    health: Health | None


@dataclass(frozen=True, slots=True)
class Picture:
    """Who an incident was about on a day, in the order in which they fell ill."""

    day: date
    ill: tuple[Ill, ...]

    @property
    def new(self) -> int:
        return sum(one.since == self.day for one in self.ill)

    @property
    def silent(self) -> int:
        return sum(one.health is None for one in self.ill)

    def unwell(self, disease: Disease) -> int:
        """Those who reported something that day."""
        return sum(one.health is not None and is_unwell(one.health, disease) for one in self.ill)


def is_unwell(health: Health, disease: Disease) -> bool:
    high = health.tenths is not None and health.tenths >= disease.fever_tenths
    return high or bool(health.symptoms) or bool(health.danger) or health.antipyretic


def picture_of(work: Work, row: IncidentRow, day: date) -> Picture:
    """The people of an incident as known of `day`; later cases and later reports are left out. Two statements."""
    people: list[tuple[int, str, int, date]] = []
    if row.person_id is not None:
        people = [(row.person_id, row.person_name, row.unit_id, work.district.day_of(row.found_at))]
    elif syndrome := str(row.facts.get("syndrome", "")):
        found_on = work.district.day_of(row.found_at)
        first = row.facts.get("first")
        since = date.fromisoformat(first) if first else found_on - _WINDOW
        units = [unit.id for unit in work.units.within(row.unit_id)]
        found = ill_within(work.flush(), syndrome, units, since, day, str(row.facts.get("dormitory", "")))
        people = [(one.person_id, one.name, one.unit_id, one.onset_on) for one in found]
    preload(work, [person_id for person_id, *_ in people], [day])
    return Picture(
        day,
        tuple(
            Ill(
                person_id,
                name,
                unit_id,
                work.units.class_name(unit_id),
                since,
                day_of(work, person_id, unit_id, day).health,
            )
            for person_id, name, unit_id, since in people
        ),
    )


def steps_at(steps: Sequence[StepRow], events: Sequence[EventRow], ends: datetime) -> list[StepRow]:
    """The steps as they had been entered before a moment."""
    entered = {one.step for one in events if one.entered_at < ends and one.kind != "note"}
    if entered & {"false_alarm"}:
        return list(steps)
    has_outcome = "outcome" in entered
    return [
        one
        if one.state == "open" or (has_outcome if one.step == "tracking" else one.step in entered)
        else replace(one, state="open", happened_at=None, note="")
        for one in steps
    ]
