"""班级: how a head teacher's class stands today, by name."""

from __future__ import annotations

from bots.engine.conversation import Conversation, Said, Turn, say
from bots.reports.chain import class_states, has_started, hats_of, own_word, waiting
from bots.wording import posts


def show(turn: Turn) -> Said:
    hats = hats_of(turn, "class_unit")
    if not hats:
        return say(posts.only_for("班主任", own_word(turn)))
    if not has_started(turn):
        return say(posts.NOT_STARTED)
    return say(class_states(turn, [hat.unit for hat in hats]), waiting(hats, turn.day))


conversation = Conversation(
    name="class_report",
    steps={"show": show},
    first="show",
    opens_on=frozenset({"班级", "班级情况", "本班"}),
)
