"""What was decided about a child, to everybody who answers for it."""

from __future__ import annotations

from datetime import timedelta

from bots.engine.conversation import Turn
from models.queries.people import recipients_of
from models.rules.push import Lane, Push

#: So long the decision stays worth sending.
USEFUL = timedelta(hours=24)


def tell_family(turn: Turn, person_id: int, key: str, title: str, text: str) -> None:
    """A push to each guardian (or to the member of staff themselves). key: what stands before the account's id."""
    for to in recipients_of(turn.work.flush(), [person_id]):
        turn.push(
            Push(
                key=f"{key}:{to.account_id}",
                kind="reply",
                account_id=to.account_id,
                body={"text": text},
                moment=turn.now,
                expires_at=turn.now + USEFUL,
                lane=Lane.ANSWER,
                person_id=person_id,
                relation=to.relation,
                fields={
                    "title": title,
                    "unit": turn.district.name,
                    "time": f"{turn.day}",
                    "note": "请进入对话查看",
                },
            )
        )
