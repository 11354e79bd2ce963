"""Customer-service messages: shape, size, the user's switches, and what is left in the user's windows."""

from __future__ import annotations

from functools import partial
from typing import Any

from app.sandbox.platform.calls import Answer, Call
from app.sandbox.platform.errcodes import Refused
from app.sandbox.platform.world import World

_TYPES = frozenset(
    {
        "text",
        "image",
        "voice",
        "video",
        "music",
        "news",
        "mpnews",
        "mpnewsarticle",
        "msgmenu",
        "wxcard",
        "miniprogrampage",
    }
)


async def send_custom(world: World, call: Call) -> Answer:
    """`custom/send`. Raises Refused 40003, 40007, 40008, 40200, 43019, 45002, 45008, 45015, 45047, 45162, 48002."""
    world.require("service", "subscription", "test")
    kind = call.body.get("msgtype")
    if kind not in _TYPES:
        raise Refused(40008)
    person = world.people.known_to_account(call.body.get("touser"))
    text, data = _content(world, str(kind), call.body.get(str(kind)))
    if person.blacklisted:
        raise Refused(43019)
    if not person.following:
        raise Refused(45015)
    if not person.receives:
        raise Refused(48002)
    person.windows.spend(world.now)
    person.typing_until = 0.0
    show = partial(world.people.show, person, side="account", kind=str(kind), via="custom", text=text, data=data)
    if "out_of_order" in call.faults:
        person.held.append(show)
        return {}
    show(world.clock.now())
    held, person.held = person.held, []
    for earlier in held:
        earlier(world.clock.now())
    return {}


def _content(world: World, kind: str, given: Any) -> tuple[str, dict[str, Any]]:
    """What the phone will show: a text and the members the page needs."""
    if not isinstance(given, dict):
        raise Refused(44004)
    if kind == "text":
        content = given.get("content")
        if not isinstance(content, str) or not content:
            raise Refused(44004)
        if len(content.encode()) > world.settings.custom.text_bytes:
            raise Refused(45002)
        return content, {}
    if kind == "news":
        return _news(world, given)
    if kind == "msgmenu":
        return _msgmenu(world, given)
    for name, kinds in _MEDIA.get(kind, {}).items():
        world.media.find(given.get(name), world.now, *kinds)
    return str(given.get("title", "")), dict(given)


_MEDIA: dict[str, dict[str, tuple[str, ...]]] = {
    "image": {"media_id": ("image",)},
    "voice": {"media_id": ("voice",)},
    "video": {"media_id": ("video",), "thumb_media_id": ("thumb", "image")},
    "music": {"thumb_media_id": ("thumb", "image")},
    "miniprogrampage": {"thumb_media_id": ("thumb", "image")},
}


def _news(world: World, given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    articles = given.get("articles")
    if not isinstance(articles, list) or not articles or not all(isinstance(one, dict) for one in articles):
        raise Refused(45162)
    if len(articles) > world.settings.custom.articles:
        raise Refused(45008)
    for one in articles:
        if not one.get("title") or not str(one.get("url", "")).startswith(("http://", "https://")):
            raise Refused(45162)
    return str(articles[0]["title"]), {"articles": articles}


def _msgmenu(world: World, given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if world.account.kind != "service":
        raise Refused(40200)
    items = given.get("list")
    if not isinstance(items, list) or not items:
        raise Refused(45162)
    for one in items:
        if not isinstance(one, dict) or not one.get("content") or "id" not in one:
            raise Refused(45162)
    shown = [{"id": str(one["id"]), "content": str(one["content"])} for one in items]
    return str(given.get("head_content", "")), {"list": shown, "tail": str(given.get("tail_content", ""))}
