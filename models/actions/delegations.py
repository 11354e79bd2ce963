"""Handing a duty over for a time: a post with an end, which returns by itself (domain handbook 2.5, 6.6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import aliased

from models.actions.trail import note
from models.queries.people import PostHeld
from models.statements import insert, values
from models.tables import Person, Post
from models.work import Work

#: The duties somebody may hand over in chat, with what they are called.
DELEGABLE = {
    "head_teacher": "班主任",
    "grade_head": "年级主任",
    "academic_office": "教务处",
    "designated_reporter": "疫情报告人",
}


@dataclass(frozen=True, slots=True)
class Delegation:
    """One duty in other hands. last: the last day on which it is."""

    role: str
    unit_id: int
    by: int
    to: int
    to_name: str
    first: date
    last: date


def delegate(work: Work, posts: Iterable[PostHeld], to: int, first: date, last: date) -> list[PostHeld]:
    """Give these duties to `to` from `first` to `last`, both included; gives those that were handed over.

    What the other holds already, and what is itself borrowed, is left out.
    """
    connection = work.flush()
    held = connection.execute(
        select(Post.role, Post.unit_id).where(
            Post.person_id == to, Post.delegated_by.is_(None), or_(Post.to_date.is_(None), Post.to_date > last)
        )
    )
    own = {(row.role, row.unit_id) for row in held}
    given = [
        post
        for post in posts
        if post.role in DELEGABLE and post.delegated_by is None and (post.role, post.unit_id) not in own
    ]
    if given:
        statement = insert(connection, Post)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=("person_id", "role", "unit_id", "from_date"),
                set_={"to_date": statement.excluded.to_date, "delegated_by": statement.excluded.delegated_by},
                where=Post.delegated_by.is_not(None),
            ),
            [
                {
                    "person_id": to,
                    "role": post.role,
                    "unit_id": post.unit_id,
                    "title": f"{DELEGABLE[post.role]}（受托）",
                    "from_date": first,
                    "to_date": last + timedelta(days=1),
                    "delegated_by": post.person_id,
                }
                for post in given
            ],
        )
    for post in given:
        note(
            work,
            f"person:{post.person_id}",
            "duty-delegated",
            f"unit:{post.unit_id}",
            f"{post.role} to person:{to} {first}..{last}",
        )
    return given


def delegated_by(work: Work, person_id: int, today: date) -> list[Delegation]:
    """What this person has handed over and not got back yet. One statement."""
    other = aliased(Person)
    rows = work.flush().execute(
        select(Post.role, Post.unit_id, Post.delegated_by, Post.person_id, other.name, Post.from_date, Post.to_date)
        .join(other, other.id == Post.person_id)
        .where(Post.delegated_by == person_id, Post.to_date > today, Post.to_date > Post.from_date)
        .order_by(Post.id)
    )
    found = (values(row) for row in rows)
    return [
        Delegation(role, unit_id, by, to, name, first, ends - timedelta(days=1))
        for role, unit_id, by, to, name, first, ends in found
    ]


def take_back(work: Work, person_id: int, today: date) -> list[Delegation]:
    """End everything this person has handed over; gives what it was."""
    found = delegated_by(work, person_id, today)
    if found:
        connection = work.connection
        open_ = and_(Post.delegated_by == person_id, Post.to_date > today)
        connection.execute(update(Post).where(open_, Post.from_date < today).values(to_date=today))
        connection.execute(update(Post).where(open_, Post.from_date >= today).values(to_date=Post.from_date))
        for one in found:
            note(work, f"person:{person_id}", "duty-taken-back", f"unit:{one.unit_id}", f"{one.role} person:{one.to}")
    return found
