"""What is read by one expression is what the reading of fields makes of it, and what wechatpy makes of it."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st
from wechatpy import parse_message

from bots.wechat import xml
from bots.wechat.messages import read_message, read_text
from bots.wechat.refused import Refused
from tests.wechat.pushes import push, sealed, text


@given(st.text(max_size=60), st.integers(min_value=0, max_value=10**20))
@example("36.5", 6054768590064713728)
@example("]]>", 1)
@example("\ufffe 36.5", 1)
@example("， ＡＢ　℃", 1)
@example("a\r\nb\x0b", 1)
@settings(max_examples=300, deadline=None)
def test_a_text_read_short_is_the_text_read_long(content: str, number: int) -> None:
    document = text(content.encode("utf-8", "ignore").decode(), str(number))
    short = read_text(document)
    if short is None:
        return
    assert short == read_message(xml.read(document))


def test_an_ordinary_text_is_read_short_and_as_wechatpy_reads_it() -> None:
    document = text("林林36.5 没有不舒服")
    short = read_text(document)
    theirs = parse_message(document)
    assert short is not None
    assert (short.text, short.openid, short.account, short.msg_id) == (
        theirs.content,
        theirs.source,
        theirs.target,
        theirs.id,
    )
    assert short.sent_at.timestamp() == theirs._data["CreateTime"] or int(theirs._data["CreateTime"])


def test_what_is_no_ordinary_text_is_left_to_the_fields() -> None:
    for document in (
        push("image", "<PicUrl><![CDATA[http://p]]></PicUrl><MediaId>m</MediaId><MsgId>1</MsgId>"),
        text("a").replace(b"</xml>", b"<bizmsgmenuid>say:x</bizmsgmenuid></xml>"),
        text("a").replace(b"<xml>", b"<!DOCTYPE x><xml>"),
        text("a", "0"),
        text("a\xff"),
        text("").replace(b"<![CDATA[]]>", b"<![CDATA[\xff]]>"),
    ):
        short = read_text(document)
        try:
            long = read_message(xml.read(document))
        except Refused:
            assert short is None
        else:
            assert short is None or short == long


def test_an_envelope_read_short_is_the_envelope_read_long() -> None:
    _, body = sealed(text("36.5"))
    assert xml.sealed_of(body) == xml.read(body)["Encrypt"]
    for odd in (
        body.replace(b"<xml>", b"<!DOCTYPE x><xml>"),
        body.replace(b"</xml>", b"<Encrypt>x</Encrypt></xml>"),
        body.replace(b"<Encrypt><![CDATA[", b"<Encrypt><![CDATA[\x01"),
        body[:-3],
        body + b"x",
    ):
        assert xml.sealed_of(odd) is None
