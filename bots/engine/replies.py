"""What we say, as values: passive replies and the bodies of pushes. Rendering them is the wire's business."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: Around a link of ours: no keyboard has these letters, and `words_only` takes them out of whatever comes in.
_BEGINS, _CALLED, _ENDS = "\U0010ff00", "\U0010ff01", "\U0010ff02"
_LINK = re.compile(f"{_BEGINS}(https?://[^{_BEGINS}{_CALLED}{_ENDS}]+){_CALLED}([^{_BEGINS}{_CALLED}{_ENDS}]*){_ENDS}")
_MARKS = re.compile(f"[{_BEGINS}{_CALLED}{_ENDS}]")


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text; links only as `link` makes them. The wire keeps it within the platform's bytes."""

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


def link(address: str, label: str) -> str:
    """A link for the midst of a text. Only what this makes is shown as one: see `with_links`."""
    return f"{_BEGINS}{address}{_CALLED}{label}{_ENDS}"


def with_links(text: str) -> str:
    """The text as the platform takes it: our links as <a href>, and every `<` that somebody wrote made harmless.

    WeChat draws an <a href> in any text as a link, and one to weixin://bizmsgmenu sends words in the reader's name.
    """
    if "<" in text:
        text = text.replace("<", "＜")
    if _BEGINS in text:
        text = _LINK.sub(lambda found: f'<a href="{found[1].replace(chr(34), "%22")}">{found[2]}</a>', text)
    return text


def words_only(text: str) -> str:
    """What came in without the letters our links are marked with."""
    return _MARKS.sub("", text)


def drawn(body: Mapping[str, Any] | None) -> str:
    """The key of the picture a push stands for; empty for any other body."""
    return str((body or {}).get("drawn", ""))


def link_of(body: Mapping[str, Any], otherwise: str) -> str:
    """Where a template message that stands for this body leads: a card's page, a text's link, else `otherwise`."""
    card = body.get("card")
    if isinstance(card, Mapping) and card.get("url"):
        return str(card["url"])
    found = _LINK.search(str(body.get("text", "")))
    return found[1] if found else otherwise
