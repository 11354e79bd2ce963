"""Access tokens: the two families, their lives, and what a wrong one is answered with.

`/cgi-bin/token`: every call issues a new token, the one before lives 5 minutes more. `/cgi-bin/stable_token`: the same
token until 5 minutes before its end; a forced refresh kills the old one at once, 20 times a day, 30 s apart. A call to
one family leaves the tokens of the other alone.
"""

from __future__ import annotations

import random
import string
from dataclasses import dataclass
from typing import Any

from app.sandbox.platform.errcodes import Refused
from app.sandbox.platform.settings import SandboxSettings

_ALPHABET = string.ascii_letters + string.digits + "-_"
_DAY = 86_400
_CHINA = 8 * 3_600  # quotas turn at midnight in China


@dataclass(slots=True)
class Token:
    """One issued token: `expires` is its natural end, `replaced` when it dies because a newer one took its place."""

    value: str
    family: str
    expires: float
    replaced: float | None = None


class Tokens:
    """Every token this account ever got."""

    def __init__(self, settings: SandboxSettings, rng: random.Random) -> None:
        self._settings = settings
        self._rules = settings.tokens
        self._rng = rng
        self._issued: dict[str, Token] = {}
        self._current: dict[str, Token] = {}
        self._forced: list[float] = []

    def authorise(self, app_id: Any, secret: Any, grant_type: Any, client_ip: str) -> None:
        """Check who asks for a token. Raises Refused."""
        if not app_id:
            raise Refused(41002)
        if not secret:
            raise Refused(41004)
        if grant_type != "client_credential":
            raise Refused(40002)
        if app_id != self._settings.app_id:
            raise Refused(40013)
        if secret != self._settings.app_secret:
            raise Refused(40125)
        if self._settings.secret_frozen:
            raise Refused(40243)
        if self._settings.ip_whitelist and client_ip not in self._settings.ip_whitelist:
            refusal = Refused(40164)
            refusal.message = refusal.message.format(ip=client_ip)
            raise refusal

    def classic(self, now: float) -> dict[str, Any]:
        """`/cgi-bin/token`: a new token each time."""
        before = self._current.get("classic")
        if before is not None and before.replaced is None:
            before.replaced = now + self._rules.overlap_seconds
        return self._answer(self._issue("classic", now), now)

    def stable(self, now: float, *, force: bool) -> dict[str, Any]:
        """`/cgi-bin/stable_token`: the same token, with what is left of its life."""
        current = self._current.get("stable")
        if current is None or current.expires <= now or current.replaced is not None:
            return self._answer(self._issue("stable", now), now)
        if force and self._may_force(now):
            self._forced.append(now)
            current.replaced = now
            return self._answer(self._issue("stable", now), now)
        if current.expires - now <= self._rules.overlap_seconds:
            # Both live on: the old one keeps its natural end.
            return self._answer(self._issue("stable", now), now)
        return self._answer(current, now)

    def check(self, value: str | None, now: float) -> None:
        """Whether a call may pass with this token. Raises Refused 41001, 40014, 40001 or 42001."""
        if not value:
            raise Refused(41001)
        token = self._issued.get(value)
        if token is None:
            raise Refused(40001 if len(value) == self._rules.length else 40014)
        if token.replaced is not None and token.replaced <= now:
            raise Refused(40001)
        if token.expires <= now:
            raise Refused(42001)

    def revoke_all(self, now: float) -> None:
        """Every token becomes "not the latest", as when somebody else used the AppSecret."""
        for token in self._issued.values():
            token.replaced = now if token.replaced is None else min(token.replaced, now)
        self._current.clear()

    def _may_force(self, now: float) -> bool:
        day = (now + _CHINA) // _DAY
        today = [moment for moment in self._forced if (moment + _CHINA) // _DAY == day]
        if len(today) >= self._rules.forced_per_day:
            return False
        return not self._forced or now - self._forced[-1] >= self._rules.forced_spacing_seconds

    def _issue(self, family: str, now: float) -> Token:
        value = "".join(self._rng.choices(_ALPHABET, k=self._rules.length))
        token = Token(value, family, now + self._rules.expires_in)
        self._issued[value] = token
        self._current[family] = token
        return token

    def _answer(self, token: Token, now: float) -> dict[str, Any]:
        return {"access_token": token.value, "expires_in": int(token.expires - now)}
