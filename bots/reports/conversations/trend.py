"""趋势: the last 7 or 14 days of what somebody oversees: the bureau the district, a school's people their school."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from bots.engine.conversation import Conversation, Said, Turn, say
from bots.reports.words import trend as words
from bots.wording import posts
from bots.wording.plain import clock
from models.queries.due import due_of
from models.queries.figures.school import BRIEF, district_days
from models.queries.figures.schools import SchoolSum, sums_on
from models.queries.reports import filings
from models.queries.units import UnitInfo
from models.rules.authority import BUREAU, Sight, sight
from models.rules.figures import total

#: How far back one may look, in days; the first is meant where none is named.
SPANS = (7, 14)
_ASKED = re.compile(r"趋势(?P<name>[^\d]*?)(?:近|最近)?(?P<days>\d+)?\s*(?:天|日)?")


def begin(turn: Turn) -> Said | None:
    found = _ASKED.fullmatch(turn.text.strip(" 。？?！!"))
    if found is None:
        return None
    bureau, own = bool(turn.speaker.holds(*BUREAU)), _schools(turn)
    if not (bureau or own):
        return say(words.NOT_YOURS)
    span = int(found["days"] or SPANS[0])
    if span not in SPANS:
        return say(words.HOW)
    called = found["name"].strip(" ：:，,")
    if not called:
        return say(_district(turn, span) if bureau else "\n\n".join(_school(turn, one, span) for one in own))
    allowed = turn.work.units.schools() if bureau else own
    named = [one for one in allowed if one.name == called] or [one for one in allowed if called in one.name]
    if not named:
        return say(posts.no_unit(called) if bureau else posts.only_for("教育局"))
    if len(named) > 1:
        return say(posts.which([one.name for one in named], "趋势"))
    return say(_school(turn, named[0], span))


def _schools(turn: Turn) -> list[UnitInfo]:
    ids = dict.fromkeys(post.unit_id for post in turn.speaker.posts)
    found = [turn.work.units.get(unit_id) for unit_id in ids]
    return [
        unit for unit in found if unit and unit.kind == "school" and sight(turn.speaker.posts, unit) > Sight.NOTHING
    ]


def _district(turn: Turn, span: int) -> str:
    days, work = _days(turn, span), turn.work
    connection = work.flush()
    by_day = district_days(connection, work.units, days, due_of(work), parts=BRIEF)
    filed = Counter(day for school_id, day in filings(connection, days) if school_id in by_day[day].schools)
    told = [words.Day(day, len(one.schools), filed[day], one.figures) for day, one in by_day.items()]
    return _told(turn, work.district.name, told, schools=True)


def _school(turn: Turn, school: UnitInfo, span: int) -> str:
    work = turn.work
    by_day = sums_on(work.flush(), work.units, _days(turn, span), due_of(work), [school.id], parts=BRIEF)
    return _told(turn, school.name, [_day(day, those) for day, those in by_day.items()], schools=False)


def _days(turn: Turn, span: int) -> list[date]:
    return [turn.day - timedelta(days=back) for back in range(span - 1, -1, -1)]


def _told(turn: Turn, name: str, told: list[words.Day], *, schools: bool) -> str:
    return words.trend(name, told, turn.day, clock(turn.district, turn.sent_at), schools=schools)


def _day(day: date, schools: Sequence[SchoolSum]) -> words.Day:
    filed = sum(one.report.was_filed for one in schools)
    return words.Day(day, len(schools), filed, total(one.figures for one in schools))


conversation = Conversation(
    name="trend", steps={"begin": begin}, first="begin", opens_on=frozenset({"趋势"}), prefixes=("趋势",)
)
