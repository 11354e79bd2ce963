"""Messages set aside under overload: packed into the inbox, handled later, their replies pushed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from app.process.runtime import Runtime
from bots.engine.dispatcher import Dispatcher, sender_of
from bots.engine.incoming import Incoming, Place
from bots.engine.replies import pack
from models.actions.inbox import unpark
from models.actions.outbox import owe_all
from models.queries.people import lock_accounts
from models.rules.push import Lane, Push

BATCH = 100
#: A late answer still helps for this long.
_USEFUL = timedelta(hours=6)


def pack_message(incoming: Incoming) -> dict[str, Any]:
    made = asdict(incoming)
    made["sent_at"] = incoming.sent_at.isoformat()
    return made


def unpack_message(made: dict[str, Any]) -> Incoming:
    fields = dict(made)
    fields["sent_at"] = datetime.fromisoformat(fields["sent_at"])
    fields["place"] = Place(**fields["place"]) if fields.get("place") else None
    fields["grants"] = tuple((str(template), str(status)) for template, status in fields.get("grants", ()))
    return Incoming(**fields)


def handle_parked(runtime: Runtime, dispatcher: Dispatcher, limit: int = BATCH) -> int:
    """Take what is parked and give it its turn: one transaction takes, answers and owes the replies."""
    with runtime.database.write() as connection:
        messages = [unpack_message(made) for made in unpark(connection, runtime.vault, limit)]
        if not messages:
            return 0
        work = runtime.work(connection)
        replies = dispatcher.answer(messages, work)
        speakers = lock_accounts(connection, [sender_of(incoming) for incoming in messages])
        pushes = []
        for incoming, reply in zip(messages, replies, strict=True):
            speaker = speakers.get(sender_of(incoming))
            if reply is not None and speaker is not None:
                pushes.append(
                    Push(
                        key=f"reply:{runtime.vault.index('reply', incoming.key).hex()}",
                        kind="reply",
                        account_id=speaker.account_id,
                        body=pack(reply),
                        moment=work.now,
                        expires_at=work.now + _USEFUL,
                        lane=Lane.ANSWER,
                        person_id=speaker.people[0].person_id if speaker.people else None,
                    )
                )
        owe_all(work, pushes)
    return len(messages)
