"""Passive replies as the platform reads them."""

from __future__ import annotations

import pytest

from bots.engine.replies import Card, Choices, Picture, Reply, Text, link, with_links
from bots.wechat.passive import TEXT_BYTES, cut
from tests.wechat.pushes import ACCOUNT, MUM, NOW, PLAIN, STAMP, accept, event, push, shown, text


def answer(reply: Reply) -> dict[str, object]:
    return shown(PLAIN.encode(reply, accept(text("36.5")), NOW))


def test_text_goes_back_to_the_sender() -> None:
    assert answer(Text("已记录 36.5℃\n谢谢")) == {
        "ToUserName": MUM,
        "FromUserName": ACCOUNT,
        "CreateTime": STAMP,
        "MsgType": "text",
        "Content": "已记录 36.5℃\n谢谢",
    }


@pytest.mark.parametrize("nasty", ["]]>", "]]></Content><MsgType>x", "a]]>b]]>c", "]]]]>>", "<b>&amp;</b>"])
def test_nothing_breaks_out_of_a_reply(nasty: str) -> None:
    assert answer(Text(nasty))["Content"] == nasty.replace("<", "＜")
    card = answer(Card(nasty, nasty, nasty, nasty))
    item = card["Articles"]["item"]  # type: ignore[index]
    assert item == {"Title": nasty, "Description": nasty, "PicUrl": nasty, "Url": nasty}
    assert answer(Picture(nasty))["Image"] == {"MediaId": nasty}


def test_illegal_characters_are_dropped_from_replies() -> None:
    assert answer(Text("36\x00.5\x1d\ufffe\ud83d😀"))["Content"] == "36.5😀"
    assert answer(Picture("m\x01"))["Image"] == {"MediaId": "m"}


def test_a_sender_with_a_cdata_end_in_the_name_stays_inside() -> None:
    odd = text("36.5").replace(MUM.encode(), b"o]]]]><![CDATA[>x")
    made = shown(PLAIN.encode(Text("好"), accept(odd), NOW))
    assert made["ToUserName"] == "o]]>x"


def test_a_card_and_a_picture_are_whole() -> None:
    card = answer(Card("公开课", "点开观看", "https://x.test/v", "https://x.test/p.png"))
    assert (card["MsgType"], card["ArticleCount"], card["CreateTime"]) == ("news", "1", STAMP)
    assert (card["ToUserName"], card["FromUserName"]) == (MUM, ACCOUNT)
    picture = answer(Picture("m1"))
    assert (picture["MsgType"], picture["Image"]) == ("image", {"MediaId": "m1"})
    assert (picture["ToUserName"], picture["FromUserName"]) == (MUM, ACCOUNT)


def test_choices_become_numbered_lines() -> None:
    made = answer(Choices("有没有不舒服？", (("a", "没有"), ("b", "咳嗽")), "请直接回复文字"))
    assert made["Content"] == "有没有不舒服？\n1. 没有\n2. 咳嗽\n请直接回复文字"


@pytest.mark.parametrize("nothing", ["", "  \n", "\x00"])
def test_an_empty_text_is_success(nothing: str) -> None:
    assert PLAIN.encode(Text(nothing), accept(event("subscribe")), NOW) == (b"success", "text/plain")


@pytest.mark.parametrize("character", ["x", "é", "林", "😀"])
@pytest.mark.parametrize("offset", range(5))
def test_long_text_is_cut_between_characters(character: str, offset: int) -> None:
    content = "y" * offset + character * 2100
    made = cut(content)
    assert len(made.encode()) <= TEXT_BYTES
    assert len(made.encode()) > TEXT_BYTES - 8
    assert made.endswith("…")
    assert content.startswith(made[:-1])


def test_text_of_exactly_the_limit_is_left_alone() -> None:
    assert cut("x" * TEXT_BYTES) == "x" * TEXT_BYTES


def test_a_cut_never_leaves_half_a_link() -> None:
    made = cut("说" * 650 + '<a href="https://x.test/records/very/long/address">点这里查看全部记录</a>')
    assert "<a" not in made
    whole = '<a href="https://x.test">看</a>' + "说" * 900
    assert "</a>" in cut(whole)


def test_only_our_own_links_are_shown_as_links() -> None:
    theirs = '<a href="weixin://bizmsgmenu?msgmenucontent=好的&msgmenuid=x">点这里</a>'
    said = str(answer(Text(f"家长留言：{theirs} {link('https://x.test/h5/privacy', '说明')}"))["Content"])
    assert said.count("<") == 2
    assert said.endswith('<a href="https://x.test/h5/privacy">说明</a>')


def test_the_marks_of_our_links_cannot_be_written_by_anybody() -> None:
    content = link("https://evil.test", "重新绑定")
    incoming = accept(push("text", f"<Content><![CDATA[{content}]]></Content><MsgId>1</MsgId>")).incoming
    assert "evil.test" in incoming.text
    assert with_links(incoming.text) == incoming.text
