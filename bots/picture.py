"""One day of many units, asked for set-wise once, and told unit by unit.

Conversations load what they show, jobs load the whole district; both say the same of the same figures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bots.phrases import reports
from models.queries.due import due_of
from models.queries.figures import figures_by_unit
from models.queries.reach import unreached
from models.queries.reports import ReportInfo, deadline_of, reports_on
from models.queries.units import UnitInfo
from models.queries.unreported import Named, Unwell, unbound, unreported, unwell
from models.rules.figures import Figures, total, zero_kind
from models.work import Work


@dataclass(frozen=True, slots=True)
class Picture:
    """What is known of the units asked for, by unit."""

    work: Work
    day: date
    figures: dict[tuple[int, date], Figures]
    reports: dict[tuple[int, date], ReportInfo]
    missing: dict[int, list[Named]]
    unwell: dict[int, list[Unwell]]
    unbound: dict[int, int]
    unreached: dict[int, list[str]]

    def sums(self, unit_id: int) -> Figures:
        """A unit's figures with everything below it."""
        within = self.work.units.within(unit_id)
        return total(self.figures[unit.id, self.day] for unit in within if (unit.id, self.day) in self.figures)

    def report(self, unit: UnitInfo) -> ReportInfo:
        return self.reports.get((unit.id, self.day)) or ReportInfo(unit.id, self.day)

    def class_text(self, unit: UnitInfo) -> str:
        """For the head teacher: names of the missing and the abnormal."""
        return reports.class_state(
            self.work.district,
            self.work.units.class_name(unit.id),
            self.day,
            self.sums(unit.id),
            [one.name for one in self.missing.get(unit.id, ())],
            self.unwell.get(unit.id, ()),
            self.report(unit),
            deadline_of(self.work.district, unit, self.day),
            self.unbound.get(unit.id, 0),
            self.unreached.get(unit.id, ()),
        )

    def grade_text(self, grade: UnitInfo) -> str:
        """For the grade head: counts by class, names of exceptions only."""
        missing = self._missing_within(grade)
        return reports.grade_state(
            self.work.district,
            grade.name,
            self.day,
            self.sums(grade.id),
            self._children(grade),
            [one.name for one in missing if one.kind == "student"],
            self.unwell_words(grade),
            [one.name for one in missing if one.kind == "staff"],
            self.report(grade),
            deadline_of(self.work.district, grade, self.day),
        )

    def office_text(self, school: UnitInfo) -> str:
        """For the academic office: counts by grade, the table of staff."""
        staff = [one.name for one in self._missing_within(school) if one.kind == "staff"]
        return reports.office_state(school.name, self.day, self.sums(school.id), self._children(school), staff)

    def school_text(self, school: UnitInfo, *, names: bool, step: str = "") -> str:
        """For the reporter and the principal. step: what to say instead of how to sign."""
        figures, report = self.sums(school.id), self.report(school)
        deadline = deadline_of(self.work.district, school, self.day)
        if not step and not report.is_signed:
            step = reports.school_meaning(figures, zero_kind(figures, "school"))
            step += reports.state_line(self.work.district, report, deadline)
        unfiled = [
            self.work.units.class_name(unit.id)
            for unit in self.work.units.classes(school.id)
            if self.sums(unit.id).classes and not self.report(unit).is_signed
        ]
        told = self.unwell_words(school) if names else ""
        return reports.school_state(
            self.work.district, school.name, self.day, figures, unfiled, told, report, deadline, step
        )

    def unwell_words(self, unit: UnitInfo) -> str:
        """The abnormal within a unit by name and class; empty when everybody is well."""
        found = [one for lower in self.work.units.within(unit.id) for one in self.unwell.get(lower.id, ())]
        return reports.unwell_words(found, {one.unit_id: self.work.units.class_name(one.unit_id) for one in found})

    def _missing_within(self, unit: UnitInfo) -> list[Named]:
        return [one for lower in self.work.units.within(unit.id) for one in self.missing.get(lower.id, ())]

    def _children(self, unit: UnitInfo) -> list[str]:
        below = [(child, self.sums(child.id)) for child in self.work.units.children(unit.id)]
        return [
            reports.child_line(child.name, figures, self.report(child))
            for child, figures in below
            if figures.due + figures.staff_due
        ]


def picture(work: Work, day: date, unit_ids: Iterable[int] | None) -> Picture:
    """Everything within these units (None: the whole district) on `day`. Six statements or a few more, whatever the size."""
    ids = None
    if unit_ids is not None:
        ids = sorted({unit.id for unit_id in unit_ids for unit in work.units.within(unit_id)})
    connection, due = work.flush(), due_of(work)
    missing: dict[int, list[Named]] = defaultdict(list)
    for one in unreported(connection, ids, day):
        if due.owes(one.unit_id, day):
            missing[one.unit_id].append(one)
    sick: dict[int, list[Unwell]] = defaultdict(list)
    for other in unwell(connection, work.vault, ids, day):
        sick[other.unit_id].append(other)
    alone: dict[int, int] = defaultdict(int)
    for named in unbound(connection, ids, day):
        alone[named.unit_id] += 1
    silent: dict[int, list[str]] = defaultdict(list)
    for pupil in unreached(connection, ids, day):
        silent[pupil.unit_id].append(pupil.name)
    return Picture(
        work,
        day,
        figures_by_unit(connection, ids, [day], due),
        reports_on(connection, ids, [day]),
        missing,
        sick,
        alone,
        silent,
    )
