"""How the schools stand, as one value for the sentences about them."""

from __future__ import annotations

from collections.abc import Sequence

from bots.phrases.district import Schools
from models.queries.reports import deadline_of
from models.queries.schools import SchoolSum
from models.rules.district import District
from models.rules.figures import may_be_zero


def standing(district: District, days: Sequence[SchoolSum]) -> Schools:
    """Filed, missing, late and not zero. Filed means signed at least once: a re-opening is no omission (6.6)."""
    late = []
    for one in days:
        filed_at = one.report.first_filed_at
        deadline = deadline_of(district, one.school, one.report.report_date)
        if filed_at is not None and filed_at > deadline:
            late.append((one.school.name, max(1, int((filed_at - deadline).total_seconds() // 60))))
    return Schools(
        due=len(days),
        filed=sum(one.report.was_filed for one in days),
        missing=[one.school.name for one in days if not one.report.was_filed],
        late=late,
        not_zero=[one.school.name for one in days if not may_be_zero(one.figures, "school")],
    )
