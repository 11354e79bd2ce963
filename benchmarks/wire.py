"""Microseconds per message through the wire, ours beside wechatpy's own chain, in safe and in plain mode.

    python -m benchmarks.wire [rounds]

Both do the same work: read the envelope, check the signature, decrypt, parse, and make and seal a text reply. wechatpy
does it without constant-time comparison, padding check or freshness.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median

import xmltodict
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto

from bots.engine.replies import Card, Text
from bots.wechat.crypto import sign
from bots.wechat.wire import Wire

TOKEN, APP_ID, ACCOUNT = "spring-river", "wxb11529c136998cb6", "gh_7f083739789a"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
NOW = datetime(2026, 3, 1, 23, 42, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
NONCE = "372623149"
ANSWER = "已记录：林林 36.5℃，没有不舒服，没有离开本区。写错了请发“改 36.8”。"
MESSAGE = (
    f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName>\n"
    "<FromUserName><![CDATA[oLinMum-0123456789abcdefghij]]></FromUserName>\n"
    f"<CreateTime>{STAMP}</CreateTime>\n<MsgType><![CDATA[text]]></MsgType>\n"
    "<Content><![CDATA[林林36.5 没有不舒服]]></Content>\n<MsgId>6054768590064713728</MsgId>\n</xml>"
)
PICTURE = MESSAGE.replace("[text]", "[image]").replace(
    "<Content><![CDATA[林林36.5 没有不舒服]]></Content>", "<PicUrl><![CDATA[http://p]]></PicUrl><MediaId>m1</MediaId>"
)


def microseconds(call: Callable[[], object], rounds: int) -> float:
    """The median over 15 runs of `rounds` calls each."""
    runs = []
    for _ in range(15):
        began = time.perf_counter()
        for _ in range(rounds):
            call()
        runs.append((time.perf_counter() - began) / rounds * 1e6)
    return median(runs)


def main(rounds: int = 1000) -> None:
    theirs = WeChatCrypto(TOKEN, KEY, APP_ID)
    made = xmltodict.parse(theirs.encrypt_message(MESSAGE, NONCE, STAMP))["xml"]
    envelope = (
        f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName><Encrypt><![CDATA[{made['Encrypt']}]]></Encrypt></xml>"
    ).encode()
    signature = made["MsgSignature"]
    query = {"signature": sign(TOKEN, STAMP, NONCE), "timestamp": STAMP, "nonce": NONCE, "msg_signature": signature}
    plain, safe = Wire(TOKEN, APP_ID, ACCOUNT), Wire(TOKEN, APP_ID, ACCOUNT, KEY)
    in_clear = MESSAGE.encode()

    def wechatpy_safe() -> object:
        message = parse_message(theirs.decrypt_message(envelope, signature, STAMP, NONCE))
        assert message.content
        return theirs.encrypt_message(create_reply(ANSWER, message).render(), NONCE, STAMP)

    def wechatpy_plain() -> object:
        message = parse_message(in_clear)
        assert message.content
        return create_reply(ANSWER, message).render()

    accepted, clear = safe.accept(query, envelope, NOW), plain.accept(query, in_clear, NOW)
    picture = PICTURE.encode()
    card = Card("开学前防疫小课堂", "点开观看", "https://x.test/v", "https://x.test/p.png")
    for name, call in {
        "safe mode, ours: accept + encode": lambda: safe.encode(Text(ANSWER), safe.accept(query, envelope, NOW), NOW),
        "safe mode, wechatpy's chain": wechatpy_safe,
        "plain mode, ours: accept + encode": lambda: plain.encode(
            Text(ANSWER), plain.accept(query, in_clear, NOW), NOW
        ),
        "plain mode, wechatpy's chain": wechatpy_plain,
        "  of ours: accept, safe": lambda: safe.accept(query, envelope, NOW),
        "  of ours: encode text, safe": lambda: safe.encode(Text(ANSWER), accepted, NOW),
        "  of ours: accept, plain": lambda: plain.accept(query, in_clear, NOW),
        "  of ours: accept a picture (through wechatpy), plain": lambda: plain.accept(query, picture, NOW),
        "  of ours: encode a card (through wechatpy), plain": lambda: plain.encode(card, clear, NOW),
    }.items():
        print(f"{name:56s} {microseconds(call, rounds):7.1f} µs")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
