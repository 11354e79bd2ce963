"""王乐乐发烧38.5在家: a head teacher tells of pupils by name, without a word of ours before it (domain handbook 5.4).

It is entered as 代报 and 缺勤 would, so that a fever told in passing reaches a human as any other does.
"""

from __future__ import annotations

import re

from bots.engine.conversation import Conversation, Said, Turn, say
from bots.people.finding import split
from bots.pupils.by_name import enter_named, is_of_today, names_a_pupil
from bots.pupils.words import unit_check as words
from bots.reports.chain import has_started
from bots.wording import posts
from bots.wording.plain import lines
from models.queries.unreported import people_of

#: A longer text that enters nothing is no entry gone wrong.
_LETTER = 40
_OWN = re.compile(r"我|本人|3\d[.点度]")


def heard(turn: Turn) -> Said | None:
    """None where nobody of the speaker's own classes is named, or nothing is said of them that could be entered."""
    units = names_a_pupil(turn)
    if not units:
        return None
    if not has_started(turn):
        return say(posts.NOT_STARTED)
    parts = split(people_of(turn.work.flush(), [unit.id for unit in units], turn.day), turn.text)
    lead = parts[0][1] if parts and not parts[0][0] else ""
    if not is_of_today(turn.text) and len(turn.text) <= _LETTER:
        return say(words.nothing_entered(next(found[0].name for found, _, _ in parts if found)), keep=True)
    entered = enter_named(turn, units, turn.text.removeprefix(lead) if lead else turn.text)
    if not entered.people and len(turn.text) > _LETTER:
        return None
    if not entered.people:
        return say(words.nothing_entered(next(found[0].name for found, _, _ in parts if found)), keep=True)
    own = words.OWN_APART if _OWN.search(lead) else ""
    return say(lines(*entered.lines, words.NAMED_UNDO, own), keep=True)


conversation = Conversation(
    name="named_pupils",
    steps={"heard": heard},
    first="heard",
    reads=heard,
    order=46,
)
