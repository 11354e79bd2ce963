"""The open thread of a reporting conversation: what was asked, and what waits for an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bots.check_in.scene import asked_of, plain
from bots.engine.conversation import Turn, Wait
from bots.reading import Asked
from models.rules.check_in import Health

#: A question of ours that the reading does not know: which of two guardians' records counts.
WHICH_COUNTS = "which_counts"


@dataclass(frozen=True, slots=True)
class Thread:
    """asked: open questions, the first is the one that was put. held: what was said before its number, by person.

    correcting: the number that comes replaces the recorded ones. pending: people with an alert that waits for
    confirmation. done: questions already put today ("kind:person"), which are not put again.
    """

    asked: tuple[Asked, ...] = ()
    held: Mapping[int, Health] = field(default_factory=dict)
    correcting: bool = False
    pending: frozenset[int] = frozenset()
    done: frozenset[str] = frozenset()

    @property
    def first(self) -> Asked | None:
        return self.asked[0] if self.asked else None

    @staticmethod
    def of(data: Mapping[str, Any]) -> Thread:
        return Thread(
            asked=tuple(asked_of(made) for made in data.get("a", ())),
            held={int(key): Health.from_json(made) for key, made in data.get("h", {}).items()},
            correcting=bool(data.get("c")),
            pending=frozenset(data.get("p", ())),
            done=frozenset(data.get("d", ())),
        )

    def wait(self) -> Wait | None:
        """Where the conversation waits with this thread; None where nothing is open."""
        if not self.asked:
            return None
        data: dict[str, Any] = {"a": [plain(asked) for asked in self.asked]}
        if self.held:
            data["h"] = {str(key): health.to_json() for key, health in self.held.items()}
        if self.correcting:
            data["c"] = True
        if self.pending:
            data["p"] = sorted(self.pending)
        if self.done:
            data["d"] = sorted(self.done)
        return Wait("check_in", "answer", data)


def name_of(asked: Asked) -> str:
    """A question by what it asks and of whom, to put it once only."""
    return f"{asked.kind}:{asked.subject or ''}:{asked.symptom}:{asked.day or ''}"


def put_aside(turn: Turn, thread: Thread) -> None:
    """The waiting step passes a message on: whoever answers it can take the thread up again."""
    turn.work.known["check_in thread", turn.incoming.key] = thread


def set_aside(turn: Turn) -> Thread:
    """The thread the waiting step of this message passed on; an empty one where nothing was open."""
    thread = turn.work.known.get(("check_in thread", turn.incoming.key))
    return thread if isinstance(thread, Thread) else Thread()
