"""How many customer-service messages a user may still be sent, and until when.

Each deed of a user opens a window of its kind (settings.CustomRules). A new deed of the same kind replaces the old
window. What happens when two kinds overlap is unverified, so the rule is a setting:

* `cautious` (default): a message is charged to every open window, and one with something left suffices. The sum of
  two windows is never granted.
* `separate`: a message is charged to the window that ends first among those with something left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.sandbox.platform.errcodes import Refused
from app.sandbox.platform.settings import CustomRules


@dataclass(slots=True)
class Window:
    """One open door: `left` messages until `ends` (seconds since 1970)."""

    kind: str
    left: int
    ends: float


class Windows:
    """The windows of one user."""

    def __init__(self, rules: CustomRules) -> None:
        self._rules = rules
        self._windows: dict[str, Window] = {}

    def open(self, kind: str, now: float) -> None:
        """The user did something of this kind."""
        rule = self._rules.windows[kind]
        self._windows[kind] = Window(kind, rule.messages, now + rule.seconds)

    def close(self) -> None:
        """The user unfollowed: every window ends."""
        self._windows.clear()

    def spend(self, now: float) -> None:
        """Charge one message. Raises Refused 45015 with no open window, 45047 when all open ones are used up."""
        current = [window for window in self._windows.values() if window.ends > now]
        if not current:
            raise Refused(45015)
        usable = [window for window in current if window.left > 0]
        if not usable:
            raise Refused(45047)
        if self._rules.overlap == "separate":
            min(usable, key=lambda window: window.ends).left -= 1
        else:
            for window in usable:
                window.left -= 1

    def as_json(self, now: float) -> list[dict[str, Any]]:
        """The open windows: kind, messages left, seconds left."""
        return [
            {"kind": one.kind, "left": one.left, "seconds_left": round(one.ends - now)}
            for one in self._windows.values()
            if one.ends > now
        ]
