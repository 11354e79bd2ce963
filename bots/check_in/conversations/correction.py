"""Correcting and withdrawing what was reported (contract 9.6, domain handbook 3.5)."""

from __future__ import annotations

from bots.check_in.correcting import ask_correction, withdraw
from bots.engine.conversation import Conversation, Said, Turn

_WITHDRAW = frozenset({"撤销", "撤回", "取消刚才的", "撤销刚才的", "撤回刚才的", "取消上一条", "撤销上一条"})


def begin(turn: Turn) -> Said | None:
    """The bare words; `改 36.8` itself is read as a report that corrects."""
    if not turn.speaker.people:
        return None
    return withdraw(turn) if turn.text.strip("。.！! ") in _WITHDRAW else ask_correction(turn)


conversation = Conversation(
    name="correction",
    opens_on=frozenset({"改", "更正", "修改", "改一下", *_WITHDRAW}),
    steps={"begin": begin},
    first="begin",
)
