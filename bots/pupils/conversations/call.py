"""电话 姓名 结果: that somebody rang a family that was not heard, for the evidence behind the day's report."""

from __future__ import annotations

import re

from bots.engine.conversation import Conversation, Said, Turn, say
from bots.people.charge import people_in_charge
from bots.people.finding import called
from bots.pupils.words import calls as words
from bots.wording import posts
from models.actions.calls import log_call

_VERB = re.compile(r"^(?:已经?|刚)?(?:打过?|拨打?)?电话(?:联系|给)?(?:了|过)?")
_UNREACHED = re.compile(r"没|未|无人|不通|不上|不到|关机|停机|空号|占线|拒接|失联")
_LONGEST = 100


def begin(turn: Turn) -> Said | None:
    """Only for those who answer for somebody: a parent's 电话 is a matter for others."""
    me = turn.speaker.me
    if not turn.speaker.posts or me is None:
        return None if turn.speaker.people else say(words.NOT_YOURS)
    rest = _VERB.sub("", turn.text).strip(" ：:，,")
    name, _, said = rest.partition(" ")
    if not name or not said:
        return say(words.HOW) if turn.is_word or (name and not turn.speaker.people) or turn.text[2:3] == " " else None
    if not people_in_charge(turn, units_only=True):
        return say(words.NOT_YOURS)
    found = called(people_in_charge(turn, name), name)
    if not found:
        return say(posts.nobody_called(name, "您负责的范围里"))
    if len(found) > 1:
        return say(posts.several_called(name, [f"{one.name}（{one.number}）" for one in found]))
    outcome = "unreached" if _UNREACHED.search(said) else "reached"
    log_call(turn.work, found[0].person_id, turn.day, me.person_id, outcome, said.strip()[:_LONGEST], turn.sent_at)
    return say(words.noted(found[0].name, outcome), keep=True)


conversation = Conversation(
    name="call",
    steps={"begin": begin},
    first="begin",
    opens_on=frozenset({"电话", "打电话", "已电话"}),
    prefixes=("电话", "打电话", "打过电话", "已电话", "已打电话"),
)
