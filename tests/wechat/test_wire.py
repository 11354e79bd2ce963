"""The door: what is let in, what is not, and what goes back out."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
import xmltodict
from wechatpy.crypto import WeChatCrypto

from bots.engine.replies import Text
from bots.wechat.wire import BODY_LIMIT, Refused, Wire
from tests.wechat.pushes import (
    ACCOUNT,
    APP_ID,
    KEY,
    MUM,
    NONCE,
    NOW,
    OLD_KEY,
    PLAIN,
    SAFE,
    STAMP,
    TOKEN,
    accept,
    event,
    push,
    query,
    sealed,
    sha1,
    shown,
    text,
)


def refusal(wire: Wire, asked: dict[str, str], body: bytes) -> Refused:
    with pytest.raises(Refused) as refused:
        wire.accept(asked, body, NOW)
    assert 400 <= refused.value.status < 500
    return refused.value


def test_the_platforms_verification_is_answered_with_its_echostr() -> None:
    wire = Wire("AAAAA", APP_ID, ACCOUNT)
    asked = {
        "signature": "f464b24fc39322e44b38aa78f5edd27bd1441696",
        "timestamp": "1714036504",
        "nonce": "1514711492",
        "echostr": "4375120948345356249",
    }
    assert wire.verify(asked) == "4375120948345356249"
    with pytest.raises(Refused):
        wire.verify({**asked, "nonce": "1"})
    with pytest.raises(Refused):
        wire.verify({name: value for name, value in asked.items() if name != "echostr"})
    with pytest.raises(Refused):
        wire.verify({})


def test_a_plain_message_comes_in_whole() -> None:
    incoming = accept(text("林林36.5 没有不舒服😀")).incoming
    assert incoming.openid == MUM
    assert incoming.account == ACCOUNT
    assert incoming.kind == "text"
    assert incoming.text == "林林36.5 没有不舒服😀"
    assert incoming.msg_id == 6054768590064713728
    assert incoming.sent_at == NOW


def test_a_sealed_message_comes_in_and_its_answer_goes_out_sealed_under_the_same_key() -> None:
    for key in (KEY, OLD_KEY):
        accepted = SAFE.accept(*sealed(text("36.5"), key), NOW)
        assert accepted.incoming.text == "36.5"
        body, media_type = SAFE.encode(Text("已记录"), accepted, NOW)
        made = xmltodict.parse(body.decode())["xml"]
        assert media_type == "application/xml"
        assert set(made) == {"Encrypt", "MsgSignature", "TimeStamp", "Nonce"}
        inner = WeChatCrypto(TOKEN, key, APP_ID).decrypt_message(
            body.decode(), made["MsgSignature"], made["TimeStamp"], made["Nonce"]
        )
        answer = xmltodict.parse(inner)["xml"]
        assert (answer["ToUserName"], answer["FromUserName"], answer["Content"]) == (MUM, ACCOUNT, "已记录")


def test_nothing_to_say_is_success_in_clear_in_every_mode() -> None:
    assert SAFE.encode(None, SAFE.accept(*sealed(text("36.5")), NOW), NOW) == (b"success", "text/plain")
    assert PLAIN.encode(None, accept(text("36.5")), NOW) == (b"success", "text/plain")


@pytest.mark.parametrize("missing", ["signature", "timestamp", "nonce"])
def test_a_request_without_a_part_of_its_signature_is_refused(missing: str) -> None:
    asked = query()
    del asked[missing]
    refusal(PLAIN, asked, text("36.5"))


def test_a_request_signed_with_another_token_is_refused() -> None:
    assert refusal(PLAIN, query(token="someone-else"), text("36.5")).status == 403


@pytest.mark.parametrize("seconds", [-301, 301, 86_400, -86_400])
def test_a_request_more_than_five_minutes_off_is_refused(seconds: int) -> None:
    stamp = str(int((NOW + timedelta(seconds=seconds)).timestamp()))
    assert refusal(PLAIN, query(stamp), text("36.5")).status == 403


@pytest.mark.parametrize("seconds", [-300, 300])
def test_a_request_five_minutes_off_is_let_in(seconds: int) -> None:
    stamp = str(int((NOW + timedelta(seconds=seconds)).timestamp()))
    assert PLAIN.accept(query(stamp), text("36.5"), NOW).incoming.text == "36.5"


@pytest.mark.parametrize("stamp", ["", "now", "²", "１７７２", "-5", "1e9", "9" * 30, "1772408520.0"])
def test_a_timestamp_that_is_no_number_is_refused(stamp: str) -> None:
    refusal(PLAIN, query(stamp), text("36.5"))


def test_a_message_written_weeks_ago_is_let_in_when_its_push_is_fresh() -> None:
    old = push("text", "<Content>36.5</Content><MsgId>7</MsgId>", created="1770000000")
    assert accept(old).incoming.sent_at.timestamp() == 1770000000


def test_with_a_key_set_plain_messages_are_refused() -> None:
    assert refusal(SAFE, query(), text("36.5")).status == 403


def test_with_a_key_set_plain_fields_beside_the_sealed_ones_are_never_read() -> None:
    siblings = (
        "<FromUserName>oForged</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType>"
        "<Content>42.0</Content><MsgId>1</MsgId>"
    )
    incoming = SAFE.accept(*sealed(text("36.5"), siblings=siblings), NOW).incoming
    assert (incoming.openid, incoming.text) == (MUM, "36.5")


def test_without_a_key_sealed_messages_are_refused_with_the_reason() -> None:
    asked, body = sealed(text("36.5"))
    assert "no AES key" in refusal(PLAIN, asked, body).reason
    asked, body = sealed(text("36.5"), siblings="<MsgType>text</MsgType>")
    assert "no AES key" in refusal(PLAIN, query(), body).reason


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"msg_signature": ""}, id="msg_signature missing"),
        pytest.param({"msg_signature": sha1(TOKEN, STAMP, NONCE)}, id="signature in the place of msg_signature"),
        pytest.param({"signature": ""}, id="signature missing"),
        pytest.param({"signature": "0" * 40}, id="signature wrong"),
    ],
)
def test_in_safe_mode_both_signatures_must_hold(change: dict[str, str]) -> None:
    asked, body = sealed(text("36.5"))
    assert refusal(SAFE, {**asked, **change}, body).status == 403


def test_a_message_sealed_under_an_unknown_key_or_for_another_app_is_refused() -> None:
    refusal(SAFE, *sealed(text("36.5"), "Q" * 43))
    refusal(SAFE, *sealed(text("36.5"), app_id="wx0000000000000000"))


def test_a_message_to_another_account_is_refused() -> None:
    assert refusal(PLAIN, query(), push("text", "<Content>1</Content>", to="gh_other")).status == 403
    assert Wire(TOKEN, APP_ID).accept(query(), push("text", "", to="gh_other"), NOW).incoming.account == "gh_other"


def test_a_body_over_the_limit_is_refused_unread() -> None:
    began = time.perf_counter()
    assert refusal(PLAIN, query(), b"<xml>" + b"x" * 1_048_576 + b"</xml>").status == 413
    assert time.perf_counter() - began < 0.1
    assert refusal(PLAIN, query(), b"x" * (BODY_LIMIT + 1)).status == 413


@pytest.mark.parametrize("body", [b'{"ToUserName":"gh_1"}', b" \n[1]"])
def test_json_is_refused_by_name(body: bytes) -> None:
    refused = refusal(PLAIN, query(), body)
    assert refused.status == 415
    assert "JSON" in refused.reason


BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]><xml><Content>&lol3;</Content></xml>"""
OUTSIDE = b'<!DOCTYPE foo [<!ENTITY xxe SYSTEM "file:///etc/passwd">]><xml><Content>&xxe;</Content></xml>'


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"36.5", id="no XML"),
        pytest.param(b"<xml/>", id="empty element"),
        pytest.param(b"<xml></xml><xml></xml>", id="two roots"),
        pytest.param(b"<html><MsgType>text</MsgType></html>", id="another root"),
        pytest.param(text("36.5")[:-8], id="cut off"),
        pytest.param(b"<!DOCTYPE xml>" + text("36.5"), id="a DOCTYPE alone"),
        pytest.param(BOMB, id="entity bomb"),
        pytest.param(OUTSIDE, id="outside entity"),
        pytest.param(b"<xml><MsgType>&what;</MsgType></xml>", id="unknown entity"),
        pytest.param(b"<xml>" + b"<a>" * 20_000, id="deep nesting"),
        pytest.param(push("text", "<a>" * 9 + "</a>" * 9), id="one level too deep"),
        pytest.param(push("text", f"<a>{'<b/>' * 1000}</a>"), id="very many elements"),
        pytest.param(text("36.5</Content>"[:4]) + b"x", id="junk at the end"),
        pytest.param(push("text", "<MsgType>event</MsgType>"), id="MsgType twice"),
        pytest.param(push("text", "", created="soon"), id="CreateTime is no number"),
        pytest.param(push("text", "", created="9" * 19), id="CreateTime beyond the calendar"),
        pytest.param(push("text", "", created=""), id="no CreateTime"),
        pytest.param(push("text", "", sender=""), id="no sender"),
        pytest.param(push("text", "", sender="o" * 65), id="a sender longer than any"),
        pytest.param(push("", ""), id="no type"),
        pytest.param(push("text", "").replace(b"<![CDATA[text]]>", b"<a>text</a>"), id="nested type"),
    ],
)
def test_what_is_no_message_is_refused_plain_and_sealed(body: bytes) -> None:
    refusal(PLAIN, query(), body)
    refusal(SAFE, *sealed(body))


def test_a_message_as_deep_as_the_limit_is_read() -> None:
    assert accept(push("text", "<a>" * 7 + "</a>" * 7)).incoming.kind == "text"


def test_control_characters_are_dropped_and_the_message_is_read() -> None:
    assert accept(text("36\x10.5\x1d\x00")).incoming.text == "36.5"
    assert SAFE.accept(*sealed(text("36\x10.5\ufffe\uffff")), NOW).incoming.text == "36.5"


def test_bytes_that_are_no_utf8_spoil_their_own_character_only() -> None:
    assert accept(text("36.5 BAD").replace(b"BAD", b"\xed\xa0\xbd\xff")).incoming.text.startswith("36.5 \ufffd")


def test_a_cdata_end_inside_a_message_is_read_as_written() -> None:
    assert accept(text("a]]]]><![CDATA[>b")).incoming.text == "a]]>b"


def test_fields_without_cdata_and_with_white_space_are_read() -> None:
    body = (
        f"<?xml version='1.0' encoding='gb2312'?>\n<xml>\n <ToUserName> {ACCOUNT} </ToUserName>"
        f"<FromUserName>\n{MUM}</FromUserName><CreateTime> {STAMP}</CreateTime><MsgType> text </MsgType>"
        "<Content>36.5 &lt;好&gt;</Content><MsgId> 12 </MsgId></xml>"
    ).encode()
    incoming = accept(body).incoming
    assert (incoming.openid, incoming.kind, incoming.text, incoming.msg_id) == (MUM, "text", "36.5 <好>", 12)


def test_the_refusal_never_repeats_what_was_written() -> None:
    refused = refusal(PLAIN, query(token="x"), text("林林38.9"))
    assert "林林" not in str(refused)
    assert MUM not in str(refused)


def test_an_event_nobody_may_answer_gets_success_whatever_is_said() -> None:
    for name in ("unsubscribe", "VIEW", "LOCATION", "TEMPLATESENDJOBFINISH", "subscribe_msg_sent_event", "brand_new"):
        assert PLAIN.encode(Text("您好"), accept(event(name)), NOW) == (b"success", "text/plain")
    assert PLAIN.encode(Text("您好"), accept(push("brand_new", "")), NOW) == (b"success", "text/plain")


@pytest.mark.parametrize("name", ["subscribe", "SCAN", "CLICK", "scancode_push", "scancode_waitmsg"])
def test_an_event_that_may_be_answered_is(name: str) -> None:
    assert shown(PLAIN.encode(Text("您好"), accept(event(name)), NOW))["Content"] == "您好"
