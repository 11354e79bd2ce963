"""Who may take a message while a question about health is open, and what is asked besides once nothing is."""

from __future__ import annotations

from collections.abc import Callable

from bots.check_in.keep import EVERY, Kept
from bots.engine.conversation import Said, Step, Turn
from bots.engine.replies import Text

#: Each may take a message (the question stays open) or leave it, in order.
BEFORE: list[Step] = []

#: What is asked of the family besides, in words; empty where nothing is.
ADVICE: list[Callable[[Turn, Kept], str]] = []

_KEPT = "kept for advice"


def taken_before(turn: Turn) -> Said | None:
    """The answer of whoever takes this message although a question is open."""
    for before in BEFORE:
        if (said := before(turn)) is not None:
            return said if said.wait is not None else Said(said.reply, keep=True)
    return None


def with_advice(turn: Turn, said: Said | None) -> Said | None:
    """The answer, and what is asked besides: only where the answer leaves no question open."""
    kept: list[Kept] = turn.work.known.pop((_KEPT, turn.incoming.key), [])
    if said is None or said.wait is not None or not isinstance(said.reply, Text):
        return said
    more = "".join(dict.fromkeys(advice(turn, one) for one in kept for advice in ADVICE))
    return Said(Text(said.reply.content + more), keep=said.keep) if more else said


def _note(turn: Turn, kept: Kept) -> None:
    is_first = kept.recorded.changed and not kept.recorded.state_before and kept.report_date == turn.day
    if kept.said.trips or is_first:
        turn.work.known.setdefault((_KEPT, turn.incoming.key), []).append(kept)


EVERY.append(_note)
