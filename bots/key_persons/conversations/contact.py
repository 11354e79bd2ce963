"""联系 姓名 已通话 / 联系不上: the daily contact with a key person, logged by a reply (domain handbook 9)."""

from __future__ import annotations

import re

from bots.engine.conversation import Conversation, Said, Turn, say
from bots.key_persons.register import ids, view
from bots.key_persons.words import register as words
from models.actions.key_persons import log_contact

_WORD = "联系"
_UNREACHABLE = re.compile(r"(没|无法|未)?(联系|打|接|找)?(不上|不通|没接|无人接听|未接|没联系上|联系不到|失联)")
_REACHED = re.compile(r"已?(通话|通了|电话|联系上|联系好|面谈|见面|微信)|已联系|^正常|^好|^在家")


def begin(turn: Turn) -> Said | None:
    text = turn.text.strip()
    if not turn.speaker.posts or turn.speaker.me is None:
        return None
    parts = text.removeprefix(_WORD).strip(" ：:，,").split(None, 1)
    if not parts:
        return say(words.CONTACT_HOW)
    if not text.removeprefix(_WORD)[:1].isspace():
        return None
    seen = view(turn)
    found = seen.called(parts[0])
    if not found:
        return say(words.not_listed(parts[0]))
    units = turn.work.units
    if len(found) > 1:
        return say(words.which(parts[0], [f"{units.class_name(row.unit_id)} 学号{row.number}" for row in found]))
    said = parts[1] if len(parts) > 1 else ""
    outcome = "unreachable" if _UNREACHABLE.search(said) else "phoned" if _REACHED.search(said) else ""
    if not outcome:
        return say(words.CONTACT_HOW)
    rows = seen.rows[found[0].person_id]
    log_contact(turn.work, ids(rows), turn.day, outcome, turn.speaker.me.person_id, said[:200])
    return say(words.contacted(found[0].name, outcome))


conversation = Conversation(
    name="key_contact",
    opens_on=frozenset({_WORD}),
    prefixes=(_WORD,),
    steps={"begin": begin},
    first="begin",
)
