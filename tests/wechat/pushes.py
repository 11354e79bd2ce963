"""Pushes as the platform makes them: the documents' payloads, signed, and sealed by wechatpy rather than by us."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import xmltodict
from wechatpy.crypto import WeChatCrypto

from bots.wechat.wire import Accepted, Wire

TOKEN = "spring-river"
APP_ID = "wxb11529c136998cb6"
ACCOUNT = "gh_7f083739789a"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OLD_KEY = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR"
MUM = "oLinMum-0123456789abcdefghij"
#: Monday 2026-03-02, 07:42 in China.
NOW = datetime(2026, 3, 1, 23, 42, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
NONCE = "372623149"

PLAIN = Wire(TOKEN, APP_ID, ACCOUNT)
SAFE = Wire(TOKEN, APP_ID, ACCOUNT, KEY, [OLD_KEY])


def sha1(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324 (the platform's choice)


def query(stamp: str = STAMP, nonce: str = NONCE, token: str = TOKEN) -> dict[str, str]:
    return {"signature": sha1(token, stamp, nonce), "timestamp": stamp, "nonce": nonce, "openid": MUM}


def push(kind: str, rest: str, *, created: str = STAMP, sender: str = MUM, to: str = ACCOUNT) -> bytes:
    """The plain XML of a push; `rest` is what its type adds."""
    return (
        f"<xml><ToUserName><![CDATA[{to}]]></ToUserName>\n<FromUserName><![CDATA[{sender}]]></FromUserName>\n"
        f"<CreateTime>{created}</CreateTime>\n<MsgType><![CDATA[{kind}]]></MsgType>\n{rest}</xml>"
    ).encode()


def text(content: str, number: str = "6054768590064713728") -> bytes:
    return push("text", f"<Content><![CDATA[{content}]]></Content>\n<MsgId>{number}</MsgId>")


def event(name: str, rest: str = "", **parts: str) -> bytes:
    return push("event", f"<Event><![CDATA[{name}]]></Event>\n{rest}", **parts)


def sealed(message: bytes, key: str = KEY, app_id: str = APP_ID, siblings: str = "") -> tuple[dict[str, str], bytes]:
    """Query and body of the same push in safe mode (with `siblings`: in compat mode)."""
    made = xmltodict.parse(WeChatCrypto(TOKEN, key, app_id).encrypt_message(message.decode(), NONCE, STAMP))["xml"]
    body = (
        f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>{siblings}"
        f"<Encrypt><![CDATA[{made['Encrypt']}]]></Encrypt></xml>"
    )
    return {**query(), "encrypt_type": "aes", "msg_signature": made["MsgSignature"]}, body.encode()


def accept(message: bytes) -> Accepted:
    """What a plain push becomes."""
    return PLAIN.accept(query(), message, NOW)


def shown(answer: tuple[bytes, str]) -> dict[str, object]:
    """What the platform reads in a plain passive reply."""
    body, media_type = answer
    assert media_type == "application/xml"
    return dict(xmltodict.parse(body.decode())["xml"])
