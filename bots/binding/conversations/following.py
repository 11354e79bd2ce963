"""Following and unfollowing, and what the platform says of accounts that end (wechat-platform 1.4, 15)."""

from __future__ import annotations

from bots.binding.words import bind as binding
from bots.binding.words import following
from bots.engine.conversation import Conversation, Said, Turn, say
from bots.isolation.observed import tell_of_leaving
from models.actions import accounts


def welcome(turn: Turn) -> Said | None:
    turn.speaker.followed_at = turn.sent_at
    return say(following.WELCOME_BACK if turn.speaker.people else following.welcome(turn.district))


def other_code(turn: Turn) -> Said | None:
    """A QR code of the account that binds nobody."""
    bound = bool(turn.speaker.people)
    return Said(say(following.OTHER_CODE + ("" if bound else binding.HOW)).reply, keep=True)


def forget(turn: Turn) -> Said | None:
    """Unfollowed, or the WeChat account was closed: what came from the platform goes. Nothing can be said any more."""
    left = list(turn.speaker.people)
    accounts.forget(turn.work, turn.speaker)
    tell_of_leaving(turn, left, "取消关注")
    return None


conversation = Conversation(
    name="following",
    steps={"welcome": welcome, "other_code": other_code, "forget": forget},
    first="welcome",
    events={
        "subscribe": "welcome",
        "SCAN": "other_code",
        "unsubscribe": "forget",
        "user_authorization_cancellation": "forget",
    },
)
