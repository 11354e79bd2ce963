"""How units, posts and several people are named to people."""

from __future__ import annotations

from collections.abc import Iterable

from models.queries.people import BoundPerson, PostHeld, Speaker
from models.queries.units import Units


def place(units: Units, unit_id: int) -> str:
    """ "红旗小学三年级2班"; a school or the bureau by its name."""
    unit = units[unit_id]
    school = units.get(unit.school_id)
    return unit.name if school is None or school.id == unit.id else school.name + units.class_name(unit_id)


def post(units: Units, held: PostHeld) -> str:
    """ "红旗小学三年级2班班主任"."""
    return place(units, held.unit_id) + held.title


def posts(units: Units, speaker: Speaker) -> str:
    return "、".join(dict.fromkeys(post(units, held) for held in speaker.posts))


def both(names: Iterable[str]) -> str:
    """ "林林", "林林和林森", "林林、林森和林木"."""
    listed = list(names)
    return "和".join(("、".join(listed[:-1]), listed[-1])) if len(listed) > 1 else "".join(listed)


def person(bound: BoundPerson) -> str:
    """The child's name, or 您本人（陈静）."""
    return bound.name if bound.relation == "guardian" else f"您本人（{bound.name}）"
