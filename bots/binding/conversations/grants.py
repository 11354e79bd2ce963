"""Subscription messages: what a person allows and takes back in the pop-up or in their settings. Never answered."""

from __future__ import annotations

from bots.engine.conversation import Conversation, Said, Turn
from models.actions import accounts, grants


def answered(turn: Turn) -> Said | None:
    """The pop-up was answered, or a setting changed."""
    given = turn.incoming.grants
    allowed = [template for template, answer in given if answer == "accept"]
    refused = [template for template, answer in given if answer != "accept"]
    # A change of settings only ever takes back; an "accept" there is no new message.
    if turn.incoming.event == "subscribe_msg_popup_event":
        grants.accept(turn.work, turn.speaker.account_id, allowed)
    grants.withdraw(turn.work, turn.speaker.account_id, refused)
    return None


def sent(turn: Turn) -> Said | None:
    """The platform says a subscription message arrived, or not; the send itself has told us what we act on."""
    accounts.drop_unknown(turn.work, turn.speaker)
    return None


conversation = Conversation(
    name="grants",
    steps={"answered": answered, "sent": sent},
    first="answered",
    events={
        "subscribe_msg_popup_event": "answered",
        "subscribe_msg_change_event": "answered",
        "subscribe_msg_sent_event": "sent",
    },
)
