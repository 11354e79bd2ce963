"""Mass sends: four a month for each user, and an event with the counts afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.sandbox.platform.errcodes import Refused
from app.sandbox.platform.people import Person
from app.sandbox.platform.settings import MassRules


@dataclass(frozen=True, slots=True)
class MassSend:
    """An accepted mass send: who gets it and what the job event will say."""

    msg_id: int
    recipients: tuple[Person, ...]
    total: int
    kind: str
    content: dict[str, Any]

    def event(self) -> dict[str, Any]:
        """The members of MASSSENDJOBFINISH; FilterCount = SentCount + ErrorCount."""
        sent = len(self.recipients)
        return {
            "MsgID": self.msg_id,
            "Status": "send success",
            "TotalCount": self.total,
            "FilterCount": sent,
            "SentCount": sent,
            "ErrorCount": 0,
        }


class Mass:
    """The account's mass sends."""

    def __init__(self, rules: MassRules, zone: ZoneInfo) -> None:
        self._rules = rules
        self._zone = zone
        self._last_id = 1_000_000_000
        self._clients: dict[str, tuple[float, int]] = {}

    def accept(self, body: dict[str, Any], audience: list[Person], now: datetime) -> MassSend:
        """Take one. Raises Refused 40008, 45065, 45067."""
        kind = body.get("msgtype")
        if kind not in ("text", "image", "voice", "mpnews", "mpvideo", "images"):
            raise Refused(40008)
        client_id = body.get("clientmsgid")
        if client_id:
            if len(str(client_id).encode()) > self._rules.client_id_bytes:
                raise Refused(45067)
            before = self._clients.get(str(client_id))
            if before is not None and now.timestamp() - before[0] < self._rules.client_id_seconds:
                raise Refused(45065, msg_id=before[1])
        month = f"{now.astimezone(self._zone):%Y-%m}"
        recipients = tuple(
            one
            for one in audience
            if one.following and one.receives and one.mass_received.get(month, 0) < self._rules.per_user_and_month
        )
        for one in recipients:
            one.mass_received[month] = one.mass_received.get(month, 0) + 1
        self._last_id += 1
        if client_id:
            self._clients[str(client_id)] = (now.timestamp(), self._last_id)
        content = body.get(str(kind))
        return MassSend(
            self._last_id, recipients, len(audience), str(kind), content if isinstance(content, dict) else {}
        )
