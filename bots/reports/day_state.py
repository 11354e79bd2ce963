"""One day of many units, asked for set-wise once, and told unit by unit.

Conversations load what they show, jobs load the whole district; both say the same of the same figures.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from bots.reports.words import findings
from bots.reports.words import units as reports
from bots.wording.plain import lines
from models.queries.calls import CallMade, calls_on
from models.queries.due import due_of
from models.queries.figures.unit import figures_by_unit
from models.queries.reach import unreached
from models.queries.reports import ReportInfo, deadline_of, reports_on
from models.queries.silent import last_fevers, not_reached
from models.queries.units import UnitInfo
from models.queries.unreported import Named, Unwell, unbound, unreported, unwell
from models.rules.figures import Figures, total, validate, zero_kind
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
    to_call: dict[int, list[str]]  # pupils whose families no rung of delivery reached
    alone: frozenset[int] = frozenset()  # people nobody is bound to
    unreached: frozenset[int] = frozenset()  # people no question of the day reached
    fevers: Mapping[int, date] = field(default_factory=dict)  # the last day before this with a fever, by unit
    calls: Mapping[int, CallMade] = field(default_factory=dict)  # whose families somebody rang that day

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
            [self.called(one) for one in self.missing.get(unit.id, ())],
            self.unwell.get(unit.id, ()),
            self.report(unit),
            deadline_of(self.work.district, unit, self.day),
            self.work.now,
            self.unbound.get(unit.id, 0),
            self.to_call.get(unit.id, ()),
            self.warnings(unit),
        )

    def called(self, one: Named) -> str:
        """A silent person's name, and why nothing may have been heard: a fact, not a charge."""
        if one.person_id in self.alone:
            return f"{one.name}（未绑定）"
        return f"{one.name}（未送达）" if one.person_id in self.unreached else one.name

    def warnings(self, unit: UnitInfo) -> str:
        """What should be looked at before signing, in words; empty where everything fits."""
        yesterday = self.day - timedelta(days=1)
        before = self.figures.get((unit.id, yesterday)) if unit.kind == "class_unit" else None
        report = self.reports.get((unit.id, yesterday))
        signed = report.figures if report is not None and report.was_filed else None
        return findings.warnings(validate(self.sums(unit.id), yesterday=before, signed=signed), unit.kind)

    def grade_text(self, grade: UnitInfo) -> str:
        """For the grade head: counts by class, names of exceptions only."""
        missing = self._missing_within(grade)
        return reports.grade_state(
            self.work.district,
            grade.name,
            self.day,
            self.sums(grade.id),
            self._children(grade),
            [self.called(one) for one in missing if one.kind == "student"],
            self.unwell_words(grade),
            [self.called(one) for one in missing if one.kind == "staff"],
            self.report(grade),
            deadline_of(self.work.district, grade, self.day),
            self.work.now,
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
            step = reports.school_meaning(
                self.work.district, figures, zero_kind(figures, "school", self.work.district.reporting)
            )
            step += reports.state_line(self.work.district, report, deadline, self.work.now)
        unfiled = [
            self.work.units.class_name(unit.id)
            for unit in self.work.units.classes(school.id)
            if self.sums(unit.id).classes and not self.report(unit).is_signed
        ]
        told = self.unwell_words(school) if names else ""
        return reports.school_state(
            self.work.district,
            school.name,
            self.day,
            figures,
            unfiled,
            told,
            report,
            deadline,
            self.work.now,
            step,
            lines(self.evidence(school) if names else "", "" if report.is_signed else self.warnings(school)),
        )

    def evidence(self, school: UnitInfo) -> str:
        """What stands behind a yes: who was not heard and why, what the classes say of it, when the last fever was."""
        missing = self._missing_within(school)
        alone = sum(one.person_id in self.alone for one in missing)
        unreached = sum(one.person_id in self.unreached for one in missing)
        said = []
        for unit in self.work.units.within(school.id):
            report = self.reports.get((unit.id, self.day))
            if unit.kind == "class_unit" and report is not None and report.remark:
                text = self.work.vault.open("reports.remark", report.remark).replace("\n", "；")
                said.append((self.work.units.class_name(unit.id), report.signer, text))
        within = [self.fevers[unit.id] for unit in self.work.units.within(school.id) if unit.id in self.fevers]
        back, begun = self.work.district.disease.lookback_days, self.work.district.times.starts_on
        if begun is not None:
            back = min(back, (self.day - begun).days)  # nothing is known of the days before
        rung = [one for one in missing if one.person_id in self.calls]
        calls = [
            reports.call_line(
                self.work.district, one.name, self.work.units.class_name(one.unit_id), self.calls[one.person_id]
            )
            for one in rung
        ]
        silent = sum(one.kind == "student" for one in missing) - sum(one.kind == "student" for one in rung)
        return reports.evidence(
            len(missing), alone, unreached, said, max(within, default=None), self.day, back, calls, silent
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


def picture(work: Work, day: date, unit_ids: Iterable[int] | None, *, compared: bool = False) -> Picture:
    """Everything within these units (None: the whole district) on `day`. Nine statements, whatever the size.

    compared: with yesterday's figures too, which some warnings of classes need; they come with named units anyway.
    """
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
    lonely = unbound(connection, ids, day)
    for named in lonely:
        alone[named.unit_id] += 1
    to_call: dict[int, list[str]] = defaultdict(list)
    for pupil in unreached(connection, ids, day):
        to_call[pupil.unit_id].append(pupil.name)
    of_school = ids is None or any(work.units[unit_id].kind == "school" for unit_id in ids)
    silent = [one.person_id for those in missing.values() for one in those]
    both = [day - timedelta(days=1), day]
    days = [day] if ids is None and not compared else both
    return Picture(
        work,
        day,
        figures_by_unit(connection, ids, days, due),
        reports_on(connection, ids, both),
        missing,
        sick,
        alone,
        to_call,
        frozenset(one.person_id for one in lonely),
        frozenset(not_reached(connection, work.district, None if ids is None else silent, day)) & frozenset(silent),
        last_fevers(connection, ids, day, work.district.disease.lookback_days),
        calls_on(connection, work.vault, day, None if ids is None else silent) if of_school else {},
    )
