"""A message being taken: what it was, what was open, and what has come of it so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from bots.check_in.keep import Kept
from bots.check_in.thread import Thread
from bots.engine.conversation import Turn
from bots.reading import Asked
from models.queries.people import BoundPerson
from models.rules.check_in import Health


@dataclass(slots=True)
class Taking:
    """A message being taken: what it was, what was open, and what has come of it so far."""

    turn: Turn
    thread: Thread
    people: dict[int, BoundPerson]
    kept: list[Kept] = field(default_factory=list)
    held: dict[int, Health] = field(default_factory=dict)
    pending: set[int] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    correcting: bool = False

    def person(self, key: int | None) -> BoundPerson | None:
        return None if key is None else self.people.get(key)

    def is_self(self, key: int | None) -> bool:
        person = self.person(key)
        return person is not None and person.relation == "self"
