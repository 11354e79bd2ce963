"""年级: how a grade stands, for its head; how grades and staff stand, for the academic office."""

from __future__ import annotations

from bots.engine.conversation import Conversation, Said, Turn, say
from bots.reports.chain import has_started, hats_of, own_word, state, waiting
from bots.wording import posts


def show(turn: Turn) -> Said:
    hats = hats_of(turn, "grade", "office")
    if not hats:
        return say(posts.only_for("年级主任和教务处", own_word(turn)))
    if not has_started(turn):
        return say(posts.NOT_STARTED)
    return say("\n\n".join(state(turn, hat) for hat in hats), waiting(hats, turn.day))


conversation = Conversation(
    name="grade_report",
    steps={"show": show},
    first="show",
    opens_on=frozenset({"年级", "年级情况", "年级汇总"}),
)
