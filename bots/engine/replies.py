"""What we say, as values: passive replies and the bodies of pushes. Rendering them is the wire's business."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_HREF = re.compile(r'<a href="(https?://[^"]+)"')


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text; links only as <a href>. The wire keeps it within the platform's bytes."""

    content: str


@dataclass(frozen=True, slots=True)
class Card:
    """One article card (news message)."""

    title: str
    description: str
    url: str
    picture_url: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by its media id."""

    media_id: str


@dataclass(frozen=True, slots=True)
class Choices:
    """A question with tappable answers (msgmenu; customer-service messages only). items: (id, label)."""

    head: str
    items: tuple[tuple[str, str], ...]
    tail: str = ""


Reply = Text | Card | Picture | Choices


def pack(reply: Reply) -> dict[str, Any]:
    """The reply as JSON for the outbox and the inbox."""
    match reply:
        case Text(content):
            return {"text": content}
        case Card(title, description, url, picture_url):
            return {"card": {"title": title, "description": description, "url": url, "picture_url": picture_url}}
        case Picture(media_id):
            return {"picture": media_id}
        case Choices(head, items, tail):
            return {"choices": {"head": head, "items": [list(item) for item in items], "tail": tail}}


def unpack(body: Mapping[str, Any]) -> Reply:
    """The reply behind `pack`. Raises ValueError for a body we do not know."""
    if "text" in body:
        return Text(str(body["text"]))
    if "card" in body:
        return Card(**body["card"])
    if "picture" in body:
        return Picture(str(body["picture"]))
    if "choices" in body:
        made = body["choices"]
        return Choices(made["head"], tuple((str(i), str(label)) for i, label in made["items"]), made["tail"])
    raise ValueError(f"not a reply: {sorted(body)}")


def drawn(body: Mapping[str, Any] | None) -> str:
    """The key of the picture a push stands for; empty for any other body."""
    return str((body or {}).get("drawn", ""))


def link_of(body: Mapping[str, Any], otherwise: str) -> str:
    """Where a template message that stands for this body leads: a card's page, a text's link, else `otherwise`."""
    card = body.get("card")
    if isinstance(card, Mapping) and card.get("url"):
        return str(card["url"])
    found = _HREF.search(str(body.get("text", "")))
    return found[1] if found else otherwise
