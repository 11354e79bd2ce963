"""The shape of a conversation: small steps, one turn each.

A step gets all it may look at in `Turn` and returns `Said`: what is said, and where it waits. It never touches WeChat
and never commits; what it changes goes through `models.actions` on `turn.work`, pushes for others through `turn.push`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from bots.engine.incoming import Incoming
from bots.engine.replies import Reply, Text
from models.actions.outbox import owe
from models.queries.people import Speaker
from models.rules.district import District
from models.rules.push import Push
from models.work import Work

#: How long an open question waits for its answer.
PATIENCE = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Wait:
    """Where a conversation waits. data: plain JSON values the step needs again (sealed at rest)."""

    conversation: str
    step: str
    data: Mapping[str, Any] = field(default_factory=dict)
    until: datetime | None = None  # `PATIENCE` after the turn when empty


@dataclass(frozen=True, slots=True)
class Said:
    """The outcome of a turn. reply None: nothing is shown. keep: leave the waiting step as it was."""

    reply: Reply | None
    wait: Wait | None = None
    keep: bool = False


def say(text: str, wait: Wait | None = None, *, keep: bool = False) -> Said:
    return Said(Text(text), wait, keep)


@dataclass(slots=True)
class Turn:
    """All a step may look at.

    text: what was written, white space trimmed, or what a menu tap stands for. day: the local date of the message's
    own CreateTime, however late it was pushed. now: the moment of handling. data: of the waiting step, if any.
    is_word: the whole text is a word that opens some conversation (今天, 班级 …): a waiting step that would take any
    text leaves it alone. opens: the text is such a word, or begins like one that takes more ("代报 …").
    """

    incoming: Incoming
    text: str
    now: datetime
    sent_at: datetime
    day: date
    speaker: Speaker
    work: Work
    public_url: str
    data: Mapping[str, Any] = field(default_factory=dict)
    is_word: bool = False
    opens: bool = False

    @property
    def district(self) -> District:
        return self.work.district

    def push(self, push: Push) -> None:
        """Owe somebody a message; it goes into the outbox with this batch, or not at all."""
        owe(self.work, push)


#: One turn of a conversation. None: the message is not for this step; it is offered to the others, the wait is kept.
Step = Callable[[Turn], Said | None]


@dataclass(frozen=True, slots=True)
class Conversation:
    """The one public object (`conversation`) of a file in `bots/<subject>/conversations/`.

    name: as the file. opens_on: words that begin it, matched whole. prefixes: words that begin it when followed by
    more ("代报 …"). steps: by name; `first` is the one that opening runs. is_global: its words win over a waiting step
    of another conversation (帮助, 解绑 …). events: platform events it answers, to the step; several may listen, the
    first that says something is heard. reads: gets messages no word and no waiting step has claimed, in `order`.
    at_once: sees texts while nothing is open, before all others; it takes only what would have come to it anyway.
    """

    name: str
    steps: Mapping[str, Step]
    first: str
    opens_on: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    is_global: bool = False
    events: Mapping[str, str] = field(default_factory=dict)  # event name -> step
    reads: Step | None = None
    order: int = 100
    at_once: Step | None = None
