"""为什么 学校/班级: the facts behind a unit's report, for those who oversee it or answer for it."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bots.conversation import Conversation, Said, Turn, say
from bots.phrases import posts
from bots.phrases import why as words
from bots.reading.days import named_date
from models.queries.due import due_of
from models.queries.reports import deadline_of, report_on
from models.queries.units import UnitInfo
from models.queries.why import asked_for, steps_of
from models.rules.authority import Sight, sight

_DAYS_BACK = {"今天": 0, "昨天": 1, "前天": 2}
_DAY = re.compile(r"\s*(今天|昨天|前天|(?:20\d\d[-年/.])?\d{1,2}[-月/.]\d{1,2}[日号]?)\s*")
#: What people add to the name: 为什么红旗小学算迟报, 为什么 2班 未报.
_TAIL = re.compile(r"(?:的?日报)?(?:还?算?是?(?:迟报|未报|没报|漏报|缺报|按时))?[了吗呢?？。 ]*$")
_LEVELS = ("class_unit", "grade", "school")


def begin(turn: Turn) -> Said | None:
    said = turn.text.removeprefix("为什么").strip(" ：:，,")
    day, called = _split(said, turn.day)
    overseen = _overseen(turn)
    if not called:
        return say(words.HOW if overseen else words.NOT_YOURS) if not said or turn.text[3:4] in " ：:" else None
    found = _called(turn, overseen, called)
    if len(found) > 1:
        return say(posts.which([_name(turn, unit) for unit in found], "为什么"))
    if not found:
        # A question in passing ("为什么是37.3") is not about a unit; a unit one may not look into is refused.
        if any(_name(turn, unit) == called or unit.name == called for unit in _all(turn)):
            return say(words.NOT_YOURS)
        return None
    return say(_chain(turn, found[0], day))


def _chain(turn: Turn, unit: UnitInfo, day: date) -> str:
    work = turn.work
    if not due_of(work).owes(unit.id, day):
        return words.quiet(_name(turn, unit), day)
    connection = work.flush()
    asked, alone = asked_for(connection, unit, day, turn.district)
    return words.chain(
        turn.district,
        _name(turn, unit),
        day,
        deadline_of(turn.district, unit, day),
        report_on(connection, unit.id, day),
        steps_of(connection, unit.id, day),
        asked,
        alone,
        turn.sent_at,
    )


def _split(said: str, today: date) -> tuple[date, str]:
    """The day that is meant (today where none is named), and the rest."""
    found = _DAY.search(said)
    if found is None:
        return today, _TAIL.sub("", said).strip()
    rest = _TAIL.sub("", said[: found.start()] + said[found.end() :]).strip()
    back = _DAYS_BACK.get(found[1])
    day = today - timedelta(days=back) if back is not None else named_date(found[1], today)
    return (day if day is not None and day <= today else today), rest


def _all(turn: Turn) -> list[UnitInfo]:
    units = turn.work.units
    return [unit for school in units.schools() for unit in units.within(school.id)]


def _overseen(turn: Turn) -> list[UnitInfo]:
    if not turn.speaker.posts:
        return []
    return [unit for unit in _all(turn) if sight(turn.speaker.posts, unit) > Sight.NOTHING and unit.kind in _LEVELS]


def _called(turn: Turn, units: list[UnitInfo], called: str) -> list[UnitInfo]:
    """Those the words name: by the full name first, then by what one's own class or school is called, then by a part."""
    plain = called.replace(" ", "").replace("/", "")
    whole = [unit for unit in units if plain in {unit.path.replace("/", ""), _name(turn, unit)}]
    own = [unit for unit in units if plain == unit.name]
    return whole or own or [unit for unit in units if unit.kind == "school" and plain in unit.name]


def _name(turn: Turn, unit: UnitInfo) -> str:
    return turn.work.units.class_name(unit.id)


conversation = Conversation(
    name="why", steps={"begin": begin}, first="begin", opens_on=frozenset({"为什么"}), prefixes=("为什么",)
)
