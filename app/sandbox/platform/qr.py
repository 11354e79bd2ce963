"""Parametric QR codes: tickets, their scenes, and when they expire."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import Any

import segno

from app.sandbox.platform.errcodes import Refused
from app.sandbox.platform.settings import QrRules


@dataclass(frozen=True, slots=True)
class QrCode:
    """One code; `dies` is None for permanent ones (seconds since 1970 otherwise)."""

    ticket: str
    scene: str
    url: str
    dies: float | None
    permanent: bool


class QrCodes:
    """All codes of the account, by ticket."""

    def __init__(self, rules: QrRules) -> None:
        self._rules = rules
        self._codes: dict[str, QrCode] = {}

    def create(self, body: dict[str, Any], now: float) -> dict[str, Any]:
        """`qrcode/create`. Raises Refused 40035 for a scene or action out of range."""
        action = body.get("action_name")
        info = body.get("action_info")
        scene = info.get("scene") if isinstance(info, dict) else None
        if not isinstance(scene, dict):
            raise Refused(40035)
        permanent = action in ("QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE")
        if action in ("QR_STR_SCENE", "QR_LIMIT_STR_SCENE"):
            value = scene.get("scene_str")
            if not isinstance(value, str) or not 1 <= len(value) <= self._rules.scene_characters:
                raise Refused(40035)
        elif action in ("QR_SCENE", "QR_LIMIT_SCENE"):
            number = scene.get("scene_id")
            highest = self._rules.permanent if permanent else 2**32 - 1
            if not isinstance(number, int) or not 1 <= number <= highest:
                raise Refused(40035)
            value = str(number)
        else:
            raise Refused(40035)
        answer: dict[str, Any] = {}
        dies = None
        if permanent:
            if sum(code.permanent for code in self._codes.values()) >= self._rules.permanent:
                raise Refused(45009)
        else:
            seconds = body.get("expire_seconds", self._rules.temporary_default_seconds)
            if not isinstance(seconds, int) or seconds < 1:
                raise Refused(40035)
            seconds = min(seconds, self._rules.temporary_max_seconds)
            dies = now + seconds
            answer["expire_seconds"] = seconds
        serial = len(self._codes)
        digest = hashlib.sha256(f"{serial} {value}".encode()).hexdigest()
        code = QrCode(f"gQ{digest}==", value, f"http://weixin.qq.com/q/{digest[:24]}", dies, permanent)
        self._codes[code.ticket] = code
        return {"ticket": code.ticket, **answer, "url": code.url}

    def all(self, now: float) -> list[dict[str, Any]]:
        """The codes that can still be scanned."""
        return [
            {"ticket": code.ticket, "scene": code.scene, "url": code.url, "permanent": code.permanent}
            for code in self._codes.values()
            if code.dies is None or code.dies > now
        ]

    def scan(self, *, ticket: str | None, scene: str | None, now: float) -> QrCode:
        """The living code with this ticket, or the newest one with this scene. Raises LookupError."""
        for code in reversed(self._codes.values()):
            if (code.ticket == ticket or (ticket is None and code.scene == scene)) and (
                code.dies is None or code.dies > now
            ):
                return code
        raise LookupError("no living QR code has this ticket or scene")

    def picture(self, ticket: str, now: float) -> bytes:
        """The code as PNG. Raises LookupError."""
        code = self.scan(ticket=ticket, scene=None, now=now)
        buffer = io.BytesIO()
        segno.make(code.url, error="m").save(buffer, kind="png", scale=8, border=4)
        return buffer.getvalue()
