"""What the conversations of the reporting chain share: whose report is meant, what it says now, and what is waited for.

A report is named by its level (class_unit, grade, office, school) and its unit; the academic office's unit is the
school, whose own report is the designated reporter's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bots.conversation import Turn, Wait
from bots.phrases import posts, reports
from bots.phrases.plain import clock
from models.actions.audit import note
from models.queries.figures import figures_of
from models.queries.people import PostHeld
from models.queries.reports import ReportInfo, deadline_of, reports_on
from models.queries.units import UnitInfo
from models.queries.unreported import Unwell, unbound, unreported, unwell
from models.rules.authority import DEPUTY_LEAD, Sight, own_hats, sight, signing
from models.rules.figures import zero_kind
from models.work import Work

#: The word that shows a report of each level.
WORDS = {"class_unit": "班级", "grade": "年级", "office": "年级", "school": "零报告"}


@dataclass(frozen=True, slots=True)
class Hat:
    """One report somebody answers for."""

    level: str
    unit: UnitInfo


def hats_of(turn: Turn, *levels: str) -> list[Hat]:
    """The reports the speaker answers for (of these levels), in the order of the day: class before school."""
    order = list(WORDS)
    found = []
    for level, unit_id in own_hats(turn.speaker.posts):
        unit = turn.work.units.get(unit_id)
        if unit is not None and (not levels or level in levels):
            found.append(Hat(level, unit))
    return sorted(found, key=lambda hat: (order.index(hat.level), hat.unit.position, hat.unit.path))


def title(work: Work, hat: Hat) -> str:
    """The report's name as people say it."""
    name = work.units.class_name(hat.unit.id)
    return f"{name}年级汇总" if hat.level == "office" else name


def waiting(hats: Sequence[Hat], day: date) -> Wait:
    """What a bare 确认 will mean: the report just shown, or one of several."""
    shown = [[hat.level, hat.unit.id] for hat in hats]
    return Wait("confirm", "shown", {"shown": shown, "day": day.isoformat()})


def has_started(turn: Turn) -> bool:
    """Whether monitoring has begun (district file, `starts_on`)."""
    starts = turn.district.times.starts_on
    return starts is None or turn.day >= starts


def attends(work: Work) -> bool:
    """Whether pupils are at school, so that presence is counted (domain 3.1)."""
    return work.district.mode in {"school_day", "boarding_day"}


def deputy_too_early(posts_held: Sequence[PostHeld], work: Work, unit: UnitInfo, day: date, at: datetime) -> str:
    """From when a deputy may sign the school, as a sentence; empty when that is not what stands in the way."""
    deadline = deadline_of(work.district, unit, day)
    if signing(posts_held, unit, at, deadline) is None and signing(posts_held, unit, deadline, deadline) is not None:
        return posts.deputy_from(clock(work.district, deadline - DEPUTY_LEAD))
    return ""


def state(turn: Turn, hat: Hat) -> str:
    """The report of `hat` as it stands now. A handful of statements, whatever its size."""
    match hat.level:
        case "class_unit":
            return class_states(turn, [hat.unit])
        case "grade":
            return _grade_state(turn, hat.unit)
        case "office":
            return _office_state(turn, hat.unit)
        case _:
            return _school_state(turn, hat.unit)


def class_states(turn: Turn, classes: Sequence[UnitInfo]) -> str:
    """One or several classes with names, for those who may see names."""
    work, day = turn.work, turn.day
    connection, ids = work.flush(), [unit.id for unit in classes]
    figures = figures_of(connection, work.units, ids, day, attends=attends(work))
    missing = unreported(connection, ids, day)
    sick = unwell(connection, work.vault, ids, day)
    alone = unbound(connection, ids, day)
    found = reports_on(connection, ids, [day])
    told = []
    for unit in classes:
        told.append(
            reports.class_state(
                work.district,
                work.units.class_name(unit.id),
                day,
                figures[unit.id],
                [one.name for one in missing if one.unit_id == unit.id],
                [one for one in sick if one.unit_id == unit.id],
                found.get((unit.id, day)) or _empty(unit, day),
                deadline_of(work.district, unit, day),
                sum(one.unit_id == unit.id for one in alone),
            )
        )
    return "\n\n".join(told)


def _grade_state(turn: Turn, grade: UnitInfo) -> str:
    work, day = turn.work, turn.day
    connection, below = work.flush(), work.units.children(grade.id)
    ids = [grade.id, *(unit.id for unit in below)]
    figures = figures_of(connection, work.units, ids, day, attends=attends(work))
    missing = unreported(connection, ids, day)
    found = reports_on(connection, ids, [day])
    return reports.grade_state(
        work.district,
        grade.name,
        day,
        figures[grade.id],
        [reports.child_line(unit.name, figures[unit.id], found.get((unit.id, day))) for unit in below],
        [one.name for one in missing if one.kind == "student"],
        _unwell_below(turn, grade),
        [one.name for one in missing if one.kind == "staff"],
        found.get((grade.id, day)) or _empty(grade, day),
        deadline_of(work.district, grade, day),
    )


def _office_state(turn: Turn, school: UnitInfo) -> str:
    work, day = turn.work, turn.day
    connection, below = work.flush(), work.units.children(school.id)
    ids = [school.id, *(unit.id for unit in below)]
    figures = figures_of(connection, work.units, ids, day, attends=attends(work))
    staff = unreported(connection, [unit.id for unit in work.units.within(school.id) if unit.kind != "class_unit"], day)
    found = reports_on(connection, ids, [day])
    return reports.office_state(
        school.name,
        day,
        figures[school.id],
        [reports.child_line(unit.name, figures[unit.id], found.get((unit.id, day))) for unit in below],
        [one.name for one in staff],
    )


def _school_state(turn: Turn, school: UnitInfo) -> str:
    work, day = turn.work, turn.day
    connection, classes = work.flush(), work.units.classes(school.id)
    ids = [school.id, *(unit.id for unit in classes)]
    figures = figures_of(connection, work.units, ids, day, attends=attends(work))
    found = reports_on(connection, ids, [day])
    report = found.get((school.id, day)) or _empty(school, day)
    unfiled = [
        work.units.class_name(unit.id)
        for unit in classes
        if figures[unit.id].due and not ((one := found.get((unit.id, day))) and one.is_signed)
    ]
    step = deputy_too_early(turn.speaker.posts, work, school, day, turn.sent_at)
    if not step and not report.is_signed:
        step = reports.school_meaning(figures[school.id], zero_kind(figures[school.id], "school"))
        step += reports.state_line(work.district, report, deadline_of(work.district, school, day))
    return reports.school_state(
        work.district,
        school.name,
        day,
        figures[school.id],
        unfiled,
        _unwell_below(turn, school),
        report,
        deadline_of(work.district, school, day),
        step,
    )


def _unwell_below(turn: Turn, unit: UnitInfo) -> str:
    """The abnormal below a unit by name, where the speaker may see names; who looked is kept in the trail."""
    if sight(turn.speaker.posts, unit) < Sight.EXCEPTIONS:
        return ""
    work = turn.work
    found: list[Unwell] = unwell(work.flush(), work.vault, [one.id for one in work.units.within(unit.id)], turn.day)
    if not found:
        return ""
    if turn.speaker.me is not None:
        note(work, f"person:{turn.speaker.me.person_id}", "names-read", f"unit:{unit.id}:{turn.day}", "abnormal")
    return reports.unwell_words(found, {one.unit_id: work.units.class_name(one.unit_id) for one in found})


def _empty(unit: UnitInfo, day: date) -> ReportInfo:
    return ReportInfo(unit.id, day)
