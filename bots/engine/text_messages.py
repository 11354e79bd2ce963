"""Short messages to a phone, as delivery sees them: one small protocol, so that a district may choose its provider."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class TextMessages(Protocol):
    """Sends one short message. Raises a SendError of `bots.engine.sender`; a broken-off call is MaybeSent."""

    async def send(self, phone: str, template: str, values: Mapping[str, str], reference: str) -> str:
        """The provider's receipt. phone: 11 digits. values: the template's variables. reference: ours, for its log."""
        ...

    async def close(self) -> None: ...
