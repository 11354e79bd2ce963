"""为什么 学校/班级: the facts behind a unit's report, for those who oversee it or answer for it."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bots.engine.conversation import Conversation, Said, Turn, say
from bots.reading.days import named_date
from bots.reports.words import why as words
from bots.wording import posts
from models.queries.due import due_of
from models.queries.nudges import taken_on
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
    if not called:
        may = any(sight(turn.speaker.posts, unit) > Sight.NOTHING for unit in _held(turn))
        return say(words.HOW if may else words.NOT_YOURS) if not said or turn.text[3:4] in " ：:" else None
    found = _called(turn, called)
    if len(found) > 1:
        return say(posts.which([_name(turn, unit) for unit in found], "为什么"))
    if not found:
        # A question in passing ("为什么是37.3") is not about a unit; a unit one may not look into is refused.
        if turn.work.units.called(called):
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
        taken_on(connection, unit.id, day),
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


def _held(turn: Turn) -> list[UnitInfo]:
    """The units of the speaker's posts."""
    return [unit for post in turn.speaker.posts if (unit := turn.work.units.get(post.unit_id)) is not None]


def _called(turn: Turn, called: str) -> list[UnitInfo]:
    """Those of the units one oversees that the words name: by the full name first, then by what one's own class or
    school is called, then schools by a part of their name."""
    units, plain = turn.work.units, called.replace(" ", "").replace("/", "")

    def overseen(found: list[UnitInfo]) -> list[UnitInfo]:
        return [one for one in found if one.kind in _LEVELS and sight(turn.speaker.posts, one) > Sight.NOTHING]

    named = overseen(units.called(plain))
    whole = [unit for unit in named if plain in {unit.path.replace("/", ""), _name(turn, unit)}]
    return whole or named or overseen([unit for unit in units.schools() if plain in unit.name])


def _name(turn: Turn, unit: UnitInfo) -> str:
    return turn.work.units.class_name(unit.id)


conversation = Conversation(
    name="why", steps={"begin": begin}, first="begin", opens_on=frozenset({"为什么"}), prefixes=("为什么",)
)
