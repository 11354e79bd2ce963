"""导出: links to the files somebody may take away: a family's own record, a class's, a school's (domain handbook 2.4)."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bots.engine.conversation import Conversation, Said, Turn, say
from bots.engine.links import HandedOut, file_link
from bots.front_desk.words import handing_out as words
from bots.isolation.checks import day_in
from bots.reading.days import span
from models.actions.trail import note
from models.rules.handing_out import kinds_for

_WORD = "导出"
#: How long a link holds.
HOURS = 2
#: Days where no others are asked for (domain handbook 1.2), and the longest span.
DAYS, LONGEST = 14, 62
_EDGES = " \t：:，,。.、"
_DATES = re.compile(r"(?:20\d\d[-年/.])?\d{1,2}[-月/.]\d{1,2}[日号]?|\d{1,2}[日号]|到|至|[-~～—]|从|起|今天|昨天")


def begin(turn: Turn) -> Said | None:
    rest = turn.text.removeprefix(_WORD).strip(_EDGES)
    speaker = turn.speaker
    if not speaker.people:
        return say(words.NOBODY)
    first, last = _span(rest, turn.day)
    name = (
        _DATES.sub("", rest).strip(_EDGES).removeprefix("本班").removeprefix("全校").removeprefix("记录").strip(_EDGES)
    )
    if speaker.me is None or not speaker.posts:
        return _own(turn, first, last, name)
    made = _of_posts(turn, name, first, last)
    if made is None:
        return (
            _own(turn, first, last, name)
            if any(one.name == name for one in speaker.people)
            else say(words.no_unit(name))
        )
    return made


def _span(text: str, today: date) -> tuple[date, date]:
    """The days asked for; the last fortnight where none are."""
    found = span(text, today)
    if found is None and (day := day_in(text, today)) is not None:
        found = (day, day if "起" not in text and "从" not in text else today)
    first, last = found or (today - timedelta(days=DAYS - 1), today)
    last = min(last, today)
    return max(min(first, last), last - timedelta(days=LONGEST - 1)), last


def _own(turn: Turn, first: date, last: date, name: str) -> Said:
    """A family's own record, and that of a member of staff: theirs to take away (domain handbook 2.4)."""
    people = [one for one in turn.speaker.people if not name or name in one.name]
    if not people:
        return say(words.no_unit(name))
    made = []
    for one in people:
        for form in ("pdf", "xlsx"):
            given = HandedOut("record", "p", one.person_id, first, last, form, turn.speaker.account_id)
            made.append((words.own(one.name), form, _link(turn, given)))
    note(turn.work, f"account:{turn.speaker.account_id}", "file-link", "own record", f"{first}..{last}")
    return say(words.links(words.TITLE_OWN, first, last, made, HOURS, words.OTHER_DAYS))


def _of_posts(turn: Turn, name: str, first: date, last: date) -> Said | None:
    """What the speaker's posts may take away of a unit: of the one named, else of their own."""
    units, me = turn.work.units, turn.speaker.me
    assert me is not None
    own = [unit for post in turn.speaker.posts if (unit := units.get(post.unit_id)) is not None]
    found = [unit for unit in own if not name]
    if name:
        below = {unit.id: unit for top in own for unit in units.within(top.id)}
        found = [one for one in below.values() if name in {units.class_name(one.id), one.path}]
        found = found or [one for one in below.values() if one.name == name]
    made = []
    for unit in dict.fromkeys(found):
        for kind in kinds_for(turn.speaker.posts, unit.id, units.above(unit.id)):
            if kind == "school-reports" and unit.kind not in {"school", "district"}:
                continue
            for form in forms_of(kind, unit.kind):
                given = HandedOut(kind, "u", unit.id, first, last, form, turn.speaker.account_id)
                made.append((f"{units.class_name(unit.id)}{words.KINDS[kind]}", form, _link(turn, given)))
    if not made:
        return None if name else say(words.NOT_YOURS)
    note(turn.work, f"person:{me.person_id}", "file-link", " ".join(f"unit:{unit.id}" for unit in found)[:100])
    more = words.OTHER_DAYS + (words.OTHER_UNITS if any(unit.kind == "school" for unit in found) else "")
    return say(words.links(words.TITLE_OWN, first, last, made, HOURS, more))


def forms_of(kind: str, unit_kind: str) -> tuple[str, ...]:
    """A class is printed or archived; a whole school is an archive, a PDF a class."""
    if kind != "record":
        return ("xlsx",)
    return ("pdf", "xlsx", "zip") if unit_kind == "class_unit" else ("zip",)


def _link(turn: Turn, given: HandedOut) -> str:
    return file_link(turn.work.vault, turn.public_url, given, turn.now + timedelta(hours=HOURS))


conversation = Conversation(
    name="handing_out", steps={"begin": begin}, first="begin", opens_on=frozenset({_WORD}), prefixes=(_WORD,)
)
