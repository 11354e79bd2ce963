"""Whom somebody may speak of by name, through their posts (domain handbook 2.4)."""

from __future__ import annotations

from typing import Literal, overload

from bots.engine.conversation import Turn
from models.queries.unreported import Named, people_named
from models.rules.authority import Sight, sight


def units_in_charge(turn: Turn, least: Sight = Sight.EXCEPTIONS) -> list[int]:
    """The units of which the speaker may see the people concerned by name."""
    units = turn.work.units
    found: dict[int, None] = {}
    for post in turn.speaker.posts:
        if units.get(post.unit_id) is None:
            continue
        for unit in units.within(post.unit_id):
            if sight(turn.speaker.posts, unit) >= least:
                found[unit.id] = None
    return list(found)


@overload
def people_in_charge(turn: Turn, name: str) -> list[Named]: ...
@overload
def people_in_charge(turn: Turn, *, units_only: Literal[True]) -> list[int]: ...
def people_in_charge(turn: Turn, name: str = "", *, units_only: bool = False) -> list[Named] | list[int]:
    """The people of those units who may be called `name` (a number, a full or a given name). One statement."""
    charge = units_in_charge(turn)
    if units_only or not charge:
        return charge if units_only else []
    return people_named(turn.work.flush(), charge, name, turn.day)
