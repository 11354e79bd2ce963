"""What the platform reports about earlier messages and about accounts. Never answered (wechat-platform 1.5, 15)."""

from __future__ import annotations

from bots.engine.conversation import Conversation, Said, Turn
from models.actions import accounts
from models.actions import template_outcomes as deliveries


def settle(turn: Turn) -> Said | None:
    """The outcome of a template message."""
    deliveries.settle(turn.work, turn.incoming.job_msg_id, turn.incoming.status)
    return acknowledge(turn)


def acknowledge(turn: Turn) -> Said | None:
    """Nothing to do: of what may be withdrawn (nickname, avatar, position …) we keep nothing."""
    accounts.drop_unknown(turn.work, turn.speaker)
    return None


conversation = Conversation(
    name="outcomes",
    steps={"settle": settle, "acknowledge": acknowledge},
    first="acknowledge",
    events={
        "TEMPLATESENDJOBFINISH": "settle",
        "user_authorization_revoke": "acknowledge",
        "user_info_modified": "acknowledge",
    },
)
