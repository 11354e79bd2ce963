"""How the schools stand, as one value for the sentences about them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from bots.reports.digest_picture import Past, Tile, draw
from bots.reports.words.district import Schools
from bots.wording.plain import clock
from models.queries.figures.schools import SchoolSum
from models.queries.reports import deadline_of
from models.queries.units import Units
from models.rules.district import District
from models.rules.figures import may_be_zero, total


def late_minutes(district: District, one: SchoolSum) -> int:
    """How many minutes after the deadline a school first filed, at least 1; 0 on time or not filed."""
    filed_at = one.report.first_filed_at
    deadline = deadline_of(district, one.school, one.report.report_date)
    if filed_at is None or filed_at <= deadline:
        return 0
    return max(1, int((filed_at - deadline).total_seconds() // 60))


def day_picture(district: District, day: date, at: datetime, by_day: Mapping[date, Sequence[SchoolSum]]) -> str:
    """The picture of a day (its SVG), up to `at`. by_day: the fortnight's schools, `day` among them."""
    past = []
    for one, schools in sorted(by_day.items()):
        figures = total(school.figures for school in schools)
        heard = figures.reported + figures.staff_reported
        past.append(Past(one, figures if schools and (heard or one == day) else None))
    tiles = [
        Tile(one.school.name, one.report.was_filed, late_minutes(district, one), one.figures) for one in by_day[day]
    ]
    return draw(district.name, day, clock(district, at), past, tiles, total(one.figures for one in by_day[day]))


def filed_so_far(units: Units, due: Collection[int], filed: Collection[int]) -> Schools:
    """Only who has filed: of the schools `due`, those in `filed`. Nothing is known here of lateness and of cases."""
    schools = sorted((units[school_id] for school_id in due), key=lambda one: (one.position, one.path))
    missing = [one.name for one in schools if one.id not in filed]
    return Schools(due=len(due), filed=len(due) - len(missing), missing=missing, late=[], not_zero=[])


def standing(district: District, days: Sequence[SchoolSum]) -> Schools:
    """Filed, missing, late and not zero. Filed means signed at least once: a re-opening is no omission (6.6)."""
    late = [(one.school.name, minutes) for one in days if (minutes := late_minutes(district, one))]
    return Schools(
        due=len(days),
        filed=sum(one.report.was_filed for one in days),
        missing=[one.school.name for one in days if not one.report.was_filed],
        late=late,
        not_zero=[one.school.name for one in days if not may_be_zero(one.figures, "school", district.reporting)],
    )
