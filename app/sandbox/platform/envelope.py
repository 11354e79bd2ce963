"""The XML of pushes and of passive replies.

Pushes are written by hand, with CDATA for strings and bare numbers, as the platform does. Replies are read as strictly
as the platform reads them: whatever is odd raises IllegalReply with the reason a developer would want to read.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.sandbox.platform.crypto import Sealer, Unreadable, same, sign
from app.sandbox.platform.settings import Mode

# A field's value: text, number, a nested object, or a list of objects (each under `item`).
Fields = Mapping[str, Any]

REPLY_TYPES = frozenset({"text", "image", "voice", "video", "music", "news", "transfer_customer_service"})


class IllegalReply(ValueError):
    """The back end's answer is not a reply the platform accepts."""


def write(fields: Fields) -> str:
    """The XML of a push."""
    return f"<xml>{_members(fields)}</xml>"


def wrap(to_user: str, sealed: str) -> str:
    """The outer XML of a push in safe mode."""
    return f"<xml><ToUserName><![CDATA[{to_user}]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"


def _members(fields: Fields) -> str:
    return "".join(f"<{name}>{_value(value)}</{name}>" for name, value in fields.items())


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return _members(value)
    if isinstance(value, list | tuple):
        return "".join(f"<item>{_members(one)}</item>" for one in value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return "<![CDATA[" + str(value).replace("]]>", "]]]]><![CDATA[>") + "]]>"


@dataclass(frozen=True, slots=True)
class Reply:
    """A passive reply the platform accepted. `notes`: what it dropped on the way."""

    kind: str
    text: str
    data: dict[str, Any]
    notes: tuple[str, ...] = ()


def parse_root(document: str) -> ET.Element:
    """An `<xml>` element from a text. Raises IllegalReply."""
    if re.search(r"<!(?!\[CDATA\[)", document):
        raise IllegalReply("the XML has a document type declaration or a comment")
    try:
        root = ET.fromstring(document)  # noqa: S314 - see the import
    except ET.ParseError as error:
        raise IllegalReply(f"not well-formed XML: {error}") from error
    if root.tag != "xml":
        raise IllegalReply(f"the root is <{root.tag}>, not <xml>")
    return root


def unwrap(document: str, *, mode: Mode, token: str, sealers: list[Sealer]) -> tuple[str, bool]:
    """The reply's inner XML, and whether it came encrypted. Raises IllegalReply."""
    root = parse_root(document)
    sealed = root.findtext("Encrypt")
    if sealed is None:
        if mode == "safe":
            raise IllegalReply("safe mode, but the reply is not encrypted")
        return document, False
    if mode == "plain":
        raise IllegalReply("plain mode, but the reply is encrypted")
    parts = {name: root.findtext(name) for name in ("MsgSignature", "TimeStamp", "Nonce")}
    for name, value in parts.items():
        if not value:
            raise IllegalReply(f"the encrypted reply has no {name}")
    expected = sign(token, str(parts["TimeStamp"]), str(parts["Nonce"]), sealed)
    if not same(expected, str(parts["MsgSignature"])):
        raise IllegalReply("MsgSignature does not match")
    reason = "no key"
    for sealer in sealers:
        try:
            return sealer.open(sealed), True
        except Unreadable as error:
            reason = str(error)
    raise IllegalReply(f"the reply cannot be decrypted: {reason}")


def read_reply(
    document: str, *, openid: str, account_id: str, text_bytes: int, articles: int, media_known: Any
) -> Reply:
    """A passive reply, checked field by field. `media_known(media_id, *kinds)` raises where an id is not good.

    Raises IllegalReply.
    """
    root = parse_root(document)
    fields = {child.tag: child for child in root}
    if len(fields) != len(root):
        raise IllegalReply("a field appears twice")

    def need(name: str) -> str:
        value = (root.findtext(name) or "").strip()
        if not value:
            raise IllegalReply(f"{name} is missing or empty")
        return value

    if need("ToUserName") != openid:
        raise IllegalReply("ToUserName is not the user who wrote")
    if need("FromUserName") != account_id:
        raise IllegalReply("FromUserName is not this account")
    if not need("CreateTime").isdigit():
        raise IllegalReply("CreateTime is not a whole number")
    kind = need("MsgType")
    if kind not in REPLY_TYPES:
        raise IllegalReply(f"unknown MsgType {kind[:30]!r}")
    if kind == "text":
        content = root.findtext("Content") or ""
        if not content:
            raise IllegalReply("Content is missing or empty")
        if len(content.encode()) > text_bytes:
            raise IllegalReply(f"Content is longer than {text_bytes} bytes")
        return Reply(kind, content, {})
    if kind == "news":
        return _news(root, articles)
    if kind == "transfer_customer_service":
        return Reply(kind, "", {"kf_account": root.findtext("TransInfo/KfAccount") or ""})
    return _media(root, kind, media_known)


def _news(root: ET.Element, articles: int) -> Reply:
    items = root.findall("Articles/item")
    count = root.findtext("ArticleCount") or ""
    if not count.isdigit() or int(count) != len(items) or not items:
        raise IllegalReply("ArticleCount does not match the number of items")
    cards = []
    for item in items:
        card = {name: item.findtext(name) or "" for name in ("Title", "Description", "PicUrl", "Url")}
        if not card["Title"] or not card["Url"]:
            raise IllegalReply("an article needs Title and Url")
        cards.append({name.lower(): value for name, value in card.items()})
    notes = (f"only {articles} article(s) shown, {len(cards) - articles} dropped",) if len(cards) > articles else ()
    shown = cards[:articles]
    return Reply("news", shown[0]["title"], {"articles": shown}, notes)


def _media(root: ET.Element, kind: str, media_known: Any) -> Reply:
    parent = {"image": "Image", "voice": "Voice", "video": "Video", "music": "Music"}[kind]
    member = root.find(parent)
    if member is None:
        raise IllegalReply(f"{parent} is missing")
    name = "ThumbMediaId" if kind == "music" else "MediaId"
    media_id = (member.findtext(name) or "").strip()
    if not media_id:
        raise IllegalReply(f"{parent}/{name} is missing or empty")
    if not media_known(media_id, *(("thumb", "image") if kind == "music" else (kind,))):
        raise IllegalReply(f"{parent}/{name} is not a living medium of this account")
    data = {child.tag: child.text or "" for child in member}
    return Reply(kind, data.get("Title", ""), {"media_id": media_id, **data})
