"""Which records a post may take away as a file, and of which units (domain handbook 2.4).

Never more than the post may see in the chat: the bureau takes counts, names only its isolation group.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

#: role → the kinds of contract 7, and "record": health records, a page a person.
KINDS: Mapping[str, tuple[str, ...]] = {
    "head_teacher": ("record", "absences"),
    "deputy_head_teacher": ("record", "absences"),
    "school_doctor": ("absences", "key-persons", "incidents", "alerts"),
    **dict.fromkeys(
        ("designated_reporter", "deputy_reporter", "principal"),
        ("record", "absences", "key-persons", "incidents", "alerts", "school-reports"),
    ),
    "wg_isolation": ("key-persons",),
    "district_officer": ("school-reports",),
    "district_leader": ("school-reports",),
}


class Held(Protocol):
    """One post as somebody holds it."""

    @property
    def role(self) -> str: ...
    @property
    def unit_id(self) -> int: ...


def kinds_for(posts: Iterable[Held], unit_id: int, above: Iterable[int]) -> tuple[str, ...]:
    """What these posts may take away of a unit, in the order of `KINDS`. above: the units it lies in, itself included."""
    places = {unit_id, *above}
    found: dict[str, None] = {}
    for post in posts:
        if post.unit_id in places:
            found |= dict.fromkeys(KINDS.get(post.role, ()))
    return tuple(found)
