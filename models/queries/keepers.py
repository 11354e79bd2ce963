"""Who keeps in contact with a key person: one expression, so that nobody is ever without (domain handbook 9)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, case, or_, select
from sqlalchemy.orm import aliased

from models.rules.key_persons import KEEPERS
from models.tables import Person, Post, Unit


def _over(unit_id: Any, day: date) -> Select[Any]:
    """Posts by which somebody may keep in contact: over the unit, its grade, its school, or at the bureau."""
    unit, holder, bureau = aliased(Unit), aliased(Person), aliased(Unit)
    district = select(bureau.id).where(bureau.kind == "district").scalar_subquery()
    over = or_(
        Post.unit_id == unit.id,
        Post.unit_id == unit.grade_id,
        Post.unit_id == unit.school_id,
        Post.unit_id == district,
    )
    return (
        select(Post.person_id)
        .join(holder, holder.id == Post.person_id)
        .join(unit, over)
        .where(
            unit.id == unit_id,
            Post.role.in_(KEEPERS),
            Post.from_date <= day,
            or_(Post.to_date.is_(None), Post.to_date > day),
            or_(holder.left_on.is_(None), holder.left_on > day),
        )
    )


def keeper_of(unit_id: Any, day: date) -> ScalarSelect[Any]:
    """The person who keeps in contact with people of `unit_id` (a column): the first of `KEEPERS` anybody holds."""
    rank = case({role: number for number, role in enumerate(KEEPERS)}, value=Post.role)
    return _over(unit_id, day).order_by(rank, Post.id).limit(1).scalar_subquery()


def still_keeps(unit_id: Any, keeper_id: Any, day: date) -> ColumnElement[bool]:
    """Whether somebody named (a column) still holds such a post: then they go on."""
    return _over(unit_id, day).where(Post.person_id == keeper_id).exists()


def keeps(unit_id: Any, keeper_id: Any, day: date) -> ColumnElement[Any]:
    """Who keeps in contact on `day`: the one named while they may, from then on the next one."""
    return case((still_keeps(unit_id, keeper_id, day), keeper_id), else_=keeper_of(unit_id, day))
