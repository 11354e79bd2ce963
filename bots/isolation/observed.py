"""Somebody in observation whose family leaves the account: teacher and assigned contact hear, and go on by telephone."""

from __future__ import annotations

from collections.abc import Sequence

from bots.alerts.telling import Posts, make_push
from bots.engine.conversation import Turn
from bots.isolation import words
from models.queries.management import ASKED, managed
from models.queries.people import BoundPerson, Holder, recipients_of


def tell_of_leaving(turn: Turn, left: Sequence[BoundPerson], how: str) -> None:
    """left: whose bindings have just ended; how: in words (解绑, 取消关注). Nothing where nobody is in observation."""
    watched = [one for one in left if one.relation == "guardian" and one.in_observation]
    if not watched:
        return
    work = turn.work
    rows = [row for row in managed(work, [one.person_id for one in watched]) if row.kind in ASKED]
    others = {to.person_id for to in recipients_of(work.connection, [one.person_id for one in watched])}
    officers = {
        to.person_id: to
        for to in recipients_of(work.connection, {row.officer_id for row in rows if row.officer_id is not None})
        if to.relation == "self"
    }
    posts = Posts(work, {one.unit_id for one in watched}, ["head_teacher"], turn.day)
    for one in watched:
        told: dict[int, Holder] = {
            holder.account_id: holder
            for holder in posts.reached(one.unit_id, "head_teacher")
            if holder.account_id is not None
        }
        for row in rows:
            to = officers.get(row.officer_id or 0) if row.person_id == one.person_id else None
            if to is not None:
                told[to.account_id] = Holder(to.person_id, to.name, "contact_officer", "", one.unit_id, to.account_id)
        text = words.family_left(work.units.class_name(one.unit_id), one.name, how, others=one.person_id in others)
        for account_id, holder in told.items():
            key = f"family-left:{one.binding_id}:{account_id}"
            turn.push(
                make_push(
                    work,
                    holder,
                    text,
                    key=key,
                    unit=turn.district.name,
                    level="orange",
                    at=turn.now,
                    alert_id=None,
                )
            )
