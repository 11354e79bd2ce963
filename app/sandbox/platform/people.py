"""The users of WeChat and what their phones show."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.sandbox.platform.errcodes import Refused
from app.sandbox.platform.feed import Feed
from app.sandbox.platform.settings import CustomRules
from app.sandbox.platform.windows import Windows


@dataclass(frozen=True, slots=True)
class Bubble:
    """One thing in a chat.

    `side`: me, account or notice (a grey line in the middle). `kind`: text, image, voice, video, location, link,
    sticker, news, music, msgmenu, template, subscribe, miniprogram, fault, notice. `via`: user, passive, custom,
    template, subscribe, mass, system.
    """

    seq: int
    at: datetime
    side: str
    kind: str
    via: str
    text: str
    data: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The shape the control API answers with."""
        return {
            "seq": self.seq,
            "at": self.at.isoformat(),
            "side": self.side,
            "kind": self.kind,
            "via": self.via,
            "text": self.text,
            "data": self.data,
        }


@dataclass(slots=True)
class Person:
    """One WeChat user as this account sees them.

    `receives` is the switch 接收消息 of the account's profile page. `plays` and `children` only serve the play of a
    morning (morning.py): what this user does when everybody else's morning is played; `caption` only the page.
    """

    openid: str
    name: str
    windows: Windows
    plays: str = ""
    children: tuple[str, ...] = ()
    caption: str = ""
    following: bool = False
    receives: bool = True
    blacklisted: bool = False
    subscribed_at: int = 0
    subscribe_scene: str = "ADD_SCENE_SEARCH"
    qr_scene: str = ""
    last_deed: float = 0.0
    typing_until: float = 0.0
    chat: list[Bubble] = field(default_factory=list)
    mass_received: dict[str, int] = field(default_factory=dict)
    grants: dict[str, dict[str, Any]] = field(default_factory=dict)
    held: list[Callable[[datetime], Any]] = field(default_factory=list)

    def as_json(self, now: float) -> dict[str, Any]:
        """The shape the control API answers with."""
        return {
            "openid": self.openid,
            "name": self.name,
            "plays": self.plays,
            "caption": self.caption,
            "following": self.following,
            "receives": self.receives,
            "blacklisted": self.blacklisted,
            "windows": self.windows.as_json(now),
            "typing": self.typing_until > now,
            "grants": self.grants,
            "messages": len(self.chat),
            "last": self.chat[-1].seq if self.chat else 0,
        }


class NobodyThere(LookupError):
    """No user has this openid."""


class People:
    """All users, by openid."""

    def __init__(self, app_id: str, rules: CustomRules, feed: Feed) -> None:
        self._app_id = app_id
        self._rules = rules
        self._feed = feed
        self._people: dict[str, Person] = {}
        self._bubbles = 0

    def add(self, name: str, openid: str | None = None) -> Person:
        """A new user. Without `openid` one is derived from the account and a running number: 28 characters."""
        chosen = openid or self._derive(f"person {len(self._people) + 1}")
        if chosen in self._people:
            raise ValueError("this openid is taken")
        person = Person(chosen, name, Windows(self._rules))
        self._people[chosen] = person
        self._feed.tell("user", openid=chosen, name=name)
        return person

    def all(self) -> list[Person]:
        """Everybody, in the order they came."""
        return list(self._people.values())

    def find(self, openid: str) -> Person:
        """The user behind an openid. Raises NobodyThere."""
        try:
            return self._people[openid]
        except KeyError:
            raise NobodyThere("no user has this openid") from None

    def known_to_account(self, openid: Any) -> Person:
        """The user a call addresses. Raises Refused 40003 for an openid this account has never seen."""
        if not isinstance(openid, str) or openid not in self._people:
            raise Refused(40003)
        return self._people[openid]

    def show(
        self,
        person: Person,
        at: datetime,
        *,
        side: str,
        kind: str,
        via: str,
        text: str,
        data: dict[str, Any] | None = None,
    ) -> Bubble:
        """Put something on a phone's screen."""
        self._bubbles += 1
        bubble = Bubble(self._bubbles, at, side, kind, via, text, data or {})
        person.chat.append(bubble)
        self._feed.tell("bubble", openid=person.openid, message=bubble.as_json())
        return bubble

    def _derive(self, seed: str) -> str:
        digest = hashlib.sha256(f"{self._app_id} {seed}".encode()).digest()
        return "o" + base64.urlsafe_b64encode(digest).decode()[:27]
