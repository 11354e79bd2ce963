"""Passive replies: the answer to a push, in the same HTTP response (wechat-platform 3).

Text, the answer to nearly everything, is rendered by hand; cards and pictures by wechatpy. Whatever goes in is made
harmless first: wechatpy puts fields into CDATA as they are, so that `]]>` in a text would break out.
"""

from __future__ import annotations

import re

from wechatpy.replies import ArticlesReply, ImageReply

from bots.engine.incoming import Incoming
from bots.engine.replies import Card, Choices, Picture, Reply, Text, with_links

#: No figure in the official pages; field reports say 2,047 or 2,048 bytes of UTF-8 (wechat-platform 3).
TEXT_BYTES = 2000
CUT_MARK = "…"
#: Messages are answered, and of the events those that are known to be (wechat-platform 1.5).
ANSWERED_MESSAGES = frozenset({"text", "image", "voice", "video", "shortvideo", "location", "link"})
ANSWERED_EVENTS = frozenset({"subscribe", "SCAN", "CLICK", "scancode_push", "scancode_waitmsg"})

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def is_answered(incoming: Incoming) -> bool:
    """Whether the platform shows an answer to this; a reply to anything else is flagged as illegal."""
    if incoming.is_event:
        return incoming.event in ANSWERED_EVENTS
    return incoming.kind in ANSWERED_MESSAGES


def cut(text: str, limit: int = TEXT_BYTES) -> str:
    """`text` within `limit` bytes of UTF-8, cut between characters and never inside a link; a cut is marked."""
    if len(text) * 4 <= limit:
        return text
    encoded = text.encode("utf-8", "replace")
    if len(encoded) <= limit:
        return text
    kept = encoded[: limit - len(CUT_MARK.encode())].decode("utf-8", "ignore")
    link = kept.rfind("<a ")
    if link >= 0 and "</a>" not in kept[link:]:
        kept = kept[:link]
    return kept.rstrip() + CUT_MARK


def legal(text: str) -> str:
    """`text` without characters that XML 1.0 forbids."""
    return _ILLEGAL.sub("", text)


def in_cdata(text: str) -> str:
    """`text` as it may stand inside a CDATA section."""
    text = legal(text)
    return text.replace("]]>", "]]]]><![CDATA[>") if "]]>" in text else text


def as_text(choices: Choices) -> str:
    """Choices as numbered lines, for where the platform has no buttons."""
    lines = [choices.head, *(f"{n}. {label}" for n, (_, label) in enumerate(choices.items, 1)), choices.tail]
    return "\n".join(line for line in lines if line)


def render(reply: Reply, incoming: Incoming, now: int) -> str:
    """The reply's XML, sender and receiver swapped; empty where nothing would be with_links. now: seconds."""
    to, account = in_cdata(incoming.openid), in_cdata(incoming.account)
    match reply:
        case Card(title, description, url, picture_url):
            made = ArticlesReply(source=account, target=to, time=now)
            made.add_article(
                {
                    "title": in_cdata(title),
                    "description": in_cdata(description),
                    "url": in_cdata(url),
                    "image": in_cdata(picture_url),
                }
            )
            return str(made.render())
        case Picture(media_id):
            return str(ImageReply(source=account, target=to, time=now, image=in_cdata(media_id)).render())
        case Choices():
            content = as_text(reply)
        case Text():
            content = reply.content
    content = in_cdata(cut(legal(with_links(content))))
    if not content.strip():
        return ""
    return (
        f"<xml><ToUserName><![CDATA[{to}]]></ToUserName><FromUserName><![CDATA[{account}]]></FromUserName>"
        f"<CreateTime>{now}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{content}]]></Content></xml>"
    )
