"""The way out, as delivery sees it: a protocol and its errors, sorted by what the caller should do next.

SendError
├── TryLater        the platform or the network is busy; the same message may succeed later
│   └── MaybeSent   the call broke off after it may have been accepted: whether to repeat depends on the kind
├── WindowClosed    no customer-service message now (45015, 45047): another rung may arrive
├── OutOfReach      unfollowed, blocked, refused: this person cannot be reached on the platform
├── QuotaSpent      the account's allowance of this interface is used up today (45009) or this minute (45011)
├── Malformed       this message can never be sent (too long, bad template, bad media)
└── Misconfigured   nobody can be reached until an operator mends something (secret, IP list, rights)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bots.engine.replies import Reply


class SendError(Exception):
    """A message did not reach the person. `errcode` is the platform's, 0 where it never answered.

    openid: empty for calls that concern the account, not a person. retry_after: seconds, where the platform states it.
    """

    def __init__(self, openid: str, reason: str, errcode: int = 0, retry_after: float | None = None) -> None:
        super().__init__(f"message to {openid[:6]}… not sent: {reason}" if openid else reason)
        self.openid, self.reason, self.errcode, self.retry_after = openid, reason, errcode, retry_after


class TryLater(SendError): ...


class MaybeSent(TryLater): ...


class WindowClosed(SendError): ...


class OutOfReach(SendError): ...


class QuotaSpent(SendError): ...


class Malformed(SendError): ...


class Misconfigured(SendError): ...


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform accepted the message. msgid: template messages only."""

    msgid: str = ""


class Sender(Protocol):
    """Sends one message by one rung. Every method raises a SendError when the platform says no."""

    async def send_service(self, openid: str, reply: Reply) -> Sent:
        """A customer-service message (48 h window)."""
        ...

    async def send_template(
        self, openid: str, template_id: str, data: Mapping[str, str], url: str, client_msg_id: str
    ) -> Sent:
        """A template message; the platform sends one `client_msg_id` once within ten minutes."""
        ...

    async def upload_media(self, kind: str, name: str, content: bytes, media_type: str) -> str:
        """The media id of a temporary file, good for three days. kind: image, voice, video or thumb."""
        ...

    async def send_subscription(self, openid: str, template_id: str, data: Mapping[str, str], url: str) -> Sent:
        """A subscription notice; it uses up a one-time grant of the person."""
        ...
