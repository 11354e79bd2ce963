"""Whatever comes in, the door opens or says Refused; whatever goes out, the platform can read it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from functools import partial
from typing import Any

import xmltodict
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bots.engine.replies import Card, Choices, Picture, Reply, Text
from bots.engine.sender import SendError
from bots.wechat import errcodes, xml
from bots.wechat.crypto import Crypto, sign
from bots.wechat.passive import TEXT_BYTES, cut
from bots.wechat.wire import Refused
from tests.wechat.pushes import (
    APP_ID,
    KEY,
    NONCE,
    NOW,
    PLAIN,
    SAFE,
    STAMP,
    TOKEN,
    accept,
    event,
    push,
    query,
    sealed,
    text,
)

CRYPTO = Crypto("pamtest", APP_ID, KEY)
FAST = settings(max_examples=300, deadline=None)


def elements(pairs: list[tuple[str, str]]) -> str:
    return "".join(f"<{tag}>{value}</{tag}>" for tag, value in pairs)


def status_of(call: Callable[[], object]) -> int:
    """200 where the door opens, else what it says; any other exception is the failure these tests look for."""
    try:
        call()
    except Refused as refused:
        return refused.status
    return 200


TAGS = st.sampled_from(
    [
        "ToUserName",
        "FromUserName",
        "CreateTime",
        "MsgType",
        "MsgId",
        "MsgID",
        "Content",
        "Event",
        "EventKey",
        "Ticket",
        "MediaId",
        "Location_X",
        "Location_Y",
        "Label",
        "Latitude",
        "Longitude",
        "ScanCodeInfo",
        "ScanResult",
        "Count",
        "SendPicsInfo",
        "SendLocationInfo",
        "SubscribeMsgPopupEvent",
        "List",
        "TemplateId",
        "ErrorCode",
        "Status",
        "OpenID",
        "PublishEventInfo",
        "TotalCount",
        "Encrypt",
        "bizmsgmenuid",
        "Recognition",
    ]
)
KINDS = st.sampled_from(
    ["text", "image", "voice", "video", "shortvideo", "location", "link", "event", "miniprogrampage"]
)
EVENTS = st.sampled_from(
    [
        "subscribe",
        "unsubscribe",
        "SCAN",
        "CLICK",
        "VIEW",
        "LOCATION",
        "scancode_push",
        "pic_weixin",
        "location_select",
        "TEMPLATESENDJOBFINISH",
        "MASSSENDJOBFINISH",
        "PUBLISHJOBFINISH",
        "subscribe_msg_popup_event",
        "subscribe_msg_sent_event",
        "user_authorization_revoke",
        "user_get_card",
        "new_event",
    ]
)
LEAVES = st.one_of(
    st.text(max_size=20).map(lambda value: f"<![CDATA[{value}]]>"),
    st.integers(-(10**30), 10**30).map(str),
    st.sampled_from(["", "nan", "1e999", "&lt;", "&#16;", "&x;", "²", "<!-- -->", "<?x?>"]),
)
INSIDE: Any = st.recursive(
    LEAVES, lambda inner: st.lists(st.tuples(TAGS, inner), max_size=4).map(elements), max_leaves=8
)


def knock(body: bytes) -> None:
    """Plain and safe; only Refused may come back, and only with a 4xx."""
    for wire, (asked, sent) in ((PLAIN, (query(), body)), (SAFE, sealed_bytes(body))):
        status = status_of(partial(wire.accept, asked, sent, NOW))
        if status != 200:
            assert 400 <= status < 500
            continue
        accepted = wire.accept(asked, sent, NOW)
        assert 0 < len(accepted.incoming.openid) <= 64
        assert 0 <= accepted.incoming.msg_id < 2**63
        answer, media_type = wire.encode(Text("您好"), accepted, NOW)
        assert (media_type == "text/plain") == (answer == b"success")


def sealed_bytes(body: bytes) -> tuple[dict[str, str], bytes]:
    crypto = Crypto(TOKEN, APP_ID, KEY)
    encrypt, signature = crypto.seal(body, crypto.keys[0], STAMP, NONCE)
    asked = {**query(), "encrypt_type": "aes", "msg_signature": signature}
    return asked, f"<xml><Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>".encode()


@FAST
@given(st.binary(max_size=400))
@example(b"\xff\xfe<\0x\0m\0l\0>\0")
@example(b"<xml>" + b"\xef\xbf\xbe" * 9 + b"</xml>")
def test_any_bytes(body: bytes) -> None:
    knock(body)


@FAST
@given(st.lists(st.tuples(TAGS, INSIDE), max_size=12).map(elements))
def test_any_fields(inside: str) -> None:
    knock(f"<xml>{inside}</xml>".encode("utf-8", "replace"))


@FAST
@given(KINDS, EVENTS, st.lists(st.tuples(TAGS, INSIDE), max_size=6, unique_by=lambda pair: pair[0]).map(elements))
def test_any_fields_behind_a_well_formed_head(kind: str, name: str, inside: str) -> None:
    knock(event(name, inside) if kind == "event" else push(kind, inside))


PIECES = st.sampled_from([*"<>/[]!&;x \n\t\r\ufeff好😀", "CDATA", "]]>", "<![CDATA[", "<x>", "</x>", "&lt;"])
MARKUP = st.lists(PIECES, max_size=12).map("".join)
VALUES = st.one_of(INSIDE, MARKUP, MARKUP.map(lambda written: f"<![CDATA[{written}]]>"))


@FAST
@given(
    st.lists(st.tuples(TAGS, VALUES), max_size=4).map(elements),
    st.sampled_from(["", " ", "\n", "<!-- -->", "x"]),
)
def test_the_quick_reader_reads_what_expat_reads_or_leaves_it(inside: str, after: str) -> None:
    text_read = xml.clean(f"<xml>{inside}{after}</xml>{after}".encode("utf-8", "replace"))
    flat = xml.read_flat(text_read)
    if flat is not None:
        assert flat == xml.read_any(text_read)


def test_the_quick_reader_takes_the_platforms_ordinary_messages() -> None:
    for body in (text("林林36.5"), event("CLICK", "<EventKey><![CDATA[TODAY]]></EventKey>"), sealed(text("36.5"))[1]):
        assert xml.read_flat(xml.clean(body)) == xml.read_any(xml.clean(body))


@FAST
@given(st.data())
def test_any_damage_to_a_good_message(data: st.DataObject) -> None:
    body = bytearray(text("林林36.5 没有不舒服"))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(body) - 1))
        body[place] = data.draw(st.integers(0, 255))
    knock(bytes(body))


@FAST
@given(st.dictionaries(st.sampled_from(["signature", "timestamp", "nonce", "msg_signature", "echostr"]), st.text()))
def test_any_query(asked: dict[str, str]) -> None:
    for wire in (PLAIN, SAFE):
        assert status_of(partial(wire.accept, asked, text("36.5"), NOW)) == 403
        assert status_of(partial(wire.verify, asked)) == 403


@FAST
@given(st.text(max_size=200))
def test_any_ciphertext_that_is_validly_signed(encrypt: str) -> None:
    signature = sign("pamtest", "1", "n", encrypt.strip())
    assert 400 <= status_of(partial(CRYPTO.open, encrypt, signature, "1", "n")) < 500


@FAST
@given(st.binary(min_size=16, max_size=160))
def test_any_plain_layout_under_our_key(plain: bytes) -> None:
    encryptor = CRYPTO.keys[0].cipher.encryptor()
    encrypt = b64encode(encryptor.update(plain[: len(plain) // 16 * 16]) + encryptor.finalize()).decode()
    signature = sign("pamtest", "1", "n", encrypt)
    assert status_of(partial(CRYPTO.open, encrypt, signature, "1", "n")) in (200, 400)


@FAST
@given(st.binary(max_size=300))
def test_what_is_sealed_opens_again(message: bytes) -> None:
    encrypt, signature = CRYPTO.seal(message, CRYPTO.keys[0], "1", "n")
    assert CRYPTO.open(encrypt, signature, "1", "n") == (message, CRYPTO.keys[0])


ANY = st.text(st.characters(), max_size=80)
REPLIES: st.SearchStrategy[Reply] = st.one_of(
    st.builds(Text, ANY),
    st.builds(Card, ANY, ANY, ANY, ANY),
    st.builds(Picture, ANY),
    st.builds(Choices, ANY, st.lists(st.tuples(ANY, ANY), max_size=4).map(tuple), ANY),
)


@FAST
@given(REPLIES)
def test_every_reply_is_xml_the_platform_can_read(reply: Reply) -> None:
    body, media_type = PLAIN.encode(reply, accept(text("36.5")), NOW)
    if media_type == "application/xml":
        made = xmltodict.parse(body.decode())["xml"]
        assert made["MsgType"] in {"text", "news", "image"}
        assert set(made) <= {
            "ToUserName", "FromUserName", "CreateTime", "MsgType", "Content", "Image", "ArticleCount", "Articles"
        }  # fmt: skip


@FAST
@given(st.text(alphabet=st.sampled_from("a林😀<>/ \n"), max_size=3000))
def test_a_cut_keeps_the_limit_and_the_beginning(content: str) -> None:
    made = cut(content)
    assert len(made.encode()) <= TEXT_BYTES
    assert made == content or content.startswith(made.removesuffix("…"))


@FAST
@given(st.integers(-(10**6), 10**6), st.text())
def test_every_errcode_becomes_an_error_of_the_family(errcode: int, errmsg: str) -> None:
    assert isinstance(errcodes.error_for(errcode, errmsg, "oLinMum", NOW), SendError)


def test_the_fuzz_reaches_behind_the_door() -> None:
    asked, body = sealed(text("36.5"))
    assert SAFE.accept(asked, body, NOW).incoming.text == "36.5"
    asked, body = sealed_bytes(text("36.5"))
    assert SAFE.accept(asked, body, NOW).incoming.text == "36.5"
