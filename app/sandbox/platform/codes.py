"""Codes of the authorize page: good once, for a few minutes (wechat-platform 12)."""

from __future__ import annotations

import random
from dataclasses import dataclass

from app.sandbox.platform.errcodes import Refused


@dataclass(slots=True)
class Code:
    """One code: whose, until when, and whether it was exchanged."""

    openid: str
    scope: str
    dies: float
    is_used: bool = False


class Codes:
    """The codes given out."""

    def __init__(self, seconds: int, rng: random.Random) -> None:
        self._seconds, self._rng = seconds, rng
        self._codes: dict[str, Code] = {}

    def give(self, openid: str, scope: str, now: float) -> str:
        value = f"{self._rng.getrandbits(128):032x}"
        self._codes[value] = Code(openid, scope, now + self._seconds)
        return value

    def take(self, value: str | None, now: float) -> Code:
        """The code, now used. Raises Refused 41008, 40029, 40163 or 42003."""
        if not value:
            raise Refused(41008)
        found = self._codes.get(value)
        if found is None:
            raise Refused(40029)
        if found.is_used:
            raise Refused(40163)
        if found.dies <= now:
            raise Refused(42003)
        found.is_used = True
        return found
