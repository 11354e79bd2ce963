"""Every message and event of the platform's documents, as it comes in."""

from __future__ import annotations

from typing import Any

import pytest

from bots.engine.incoming import Incoming, Place
from bots.wechat.messages import job_status
from tests.wechat.pushes import MUM, STAMP, accept, event, push, text


def read(body: bytes) -> Incoming:
    return accept(body).incoming


def parts(incoming: Incoming, *names: str) -> tuple[Any, ...]:
    return tuple(getattr(incoming, name) for name in names)


NUMBER = "<MsgId>22339441379311221</MsgId>"


def test_a_tapped_answer_carries_its_id() -> None:
    incoming = read(push("text", f"<Content>没有</Content><bizmsgmenuid>d0302:p7:no</bizmsgmenuid>{NUMBER}"))
    assert parts(incoming, "text", "menu_id") == ("没有", "d0302:p7:no")


def test_a_message_out_of_an_article_is_a_message() -> None:
    body = push("text", f"<Content>36.5</Content>{NUMBER}<MsgDataId>xxxx</MsgDataId><Idx>1</Idx>")
    assert parts(read(body), "text", "msg_id") == ("36.5", 22339441379311221)


def test_a_picture() -> None:
    body = push("image", f"<PicUrl><![CDATA[http://p/1?a=1&b=2]]></PicUrl><MediaId>m1</MediaId>{NUMBER}")
    assert parts(read(body), "kind", "media_id", "picture_url") == ("image", "m1", "http://p/1?a=1&b=2")


@pytest.mark.parametrize("recognised", ["", "三十六度五"])
def test_a_voice_with_and_without_recognition(recognised: str) -> None:
    body = push(
        "voice",
        f"<MediaId>m2</MediaId><Format>amr</Format><Recognition><![CDATA[{recognised}]]></Recognition>{NUMBER}",
    )
    assert parts(read(body), "kind", "media_id", "recognition") == ("voice", "m2", recognised)


@pytest.mark.parametrize("kind", ["video", "shortvideo"])
def test_a_video(kind: str) -> None:
    body = push(kind, f"<MediaId>m3</MediaId><ThumbMediaId>t3</ThumbMediaId>{NUMBER}")
    assert parts(read(body), "kind", "media_id", "thumb_media_id") == (kind, "m3", "t3")


def test_a_location_has_its_latitude_in_x() -> None:
    body = push(
        "location",
        f"<Location_X>23.134521</Location_X><Location_Y>113.358803</Location_Y><Scale>20</Scale>"
        f"<Label><![CDATA[春江路]]></Label>{NUMBER}",
    )
    assert read(body).place == Place(23.134521, 113.358803, "春江路")


@pytest.mark.parametrize(("x", "y"), [("", "1"), ("north", "1"), ("nan", "1"), ("inf", "1"), ("91", "1"), ("1", "181")])
def test_a_location_off_the_map_is_no_place(x: str, y: str) -> None:
    body = push("location", f"<Location_X>{x}</Location_X><Location_Y>{y}</Location_Y>{NUMBER}")
    assert read(body).place is None


def test_a_link() -> None:
    body = push("link", f"<Title>公开课</Title><Description>简介</Description><Url>http://l</Url>{NUMBER}")
    assert parts(read(body), "link_title", "link_description", "link_url") == ("公开课", "简介", "http://l")


def test_following_plainly_and_through_a_code() -> None:
    assert parts(read(event("subscribe")), "event", "scene", "ticket") == ("subscribe", "", "")
    coded = read(event("subscribe", "<EventKey><![CDATA[qrscene_bind_AB12]]></EventKey><Ticket>T1</Ticket>"))
    assert parts(coded, "event", "event_key", "scene", "ticket") == (
        "subscribe",
        "qrscene_bind_AB12",
        "bind_AB12",
        "T1",
    )
    scanned = read(event("SCAN", "<EventKey><![CDATA[bind_AB12]]></EventKey><Ticket>T1</Ticket>"))
    assert parts(scanned, "event", "scene") == ("SCAN", "bind_AB12")


def test_unfollowing() -> None:
    incoming = read(event("unsubscribe", "<EventKey></EventKey>"))
    assert parts(incoming, "is_event", "event", "event_key") == (True, "unsubscribe", "")


def test_the_position_reported_on_opening_the_chat() -> None:
    body = event(
        "LOCATION", "<Latitude>23.137466</Latitude><Longitude>113.352425</Longitude><Precision>119.38</Precision>"
    )
    assert read(body).place == Place(23.137466, 113.352425)


@pytest.mark.parametrize("odd", ["north", "", "<a>1</a>", "1e999"])
def test_a_position_or_a_count_that_does_not_convert_counts_as_absent(odd: str) -> None:
    assert read(event("LOCATION", f"<Latitude>{odd}</Latitude><Longitude>1</Longitude>")).place in (
        None,
        Place(0.0, 1.0),
    )
    assert dict(read(event("MASSSENDJOBFINISH", f"<SentCount>{odd}</SentCount>")).details)["SentCount"] in ("", "0")
    assert dict(read(event("pic_weixin", f"<SendPicsInfo><Count>{odd}</Count></SendPicsInfo>")).details)["Count"] == ""


@pytest.mark.parametrize(
    ("name", "key"),
    [("CLICK", "CHECK_IN"), ("VIEW", "http://www.example.test/" + "x" * 900), ("view_miniprogram", "pages/index")],
)
def test_menu_taps(name: str, key: str) -> None:
    incoming = read(event(name, f"<EventKey><![CDATA[{key}]]></EventKey><MenuId>402</MenuId>"))
    assert parts(incoming, "event", "event_key") == (name, key)


@pytest.mark.parametrize("name", ["scancode_push", "scancode_waitmsg"])
def test_scan_buttons_bring_what_was_scanned(name: str) -> None:
    info = "<ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult><![CDATA[AB12]]></ScanResult></ScanCodeInfo>"
    incoming = read(event(name, f"<EventKey>6</EventKey>{info}"))
    assert parts(incoming, "event", "event_key", "scan_result") == (name, "6", "AB12")


@pytest.mark.parametrize("info", ["", "<ScanCodeInfo/>", "<ScanCodeInfo>x</ScanCodeInfo>"])
def test_a_scan_button_without_its_result_is_still_an_event(info: str) -> None:
    assert parts(read(event("scancode_push", info)), "event", "scan_result") == ("scancode_push", "")


@pytest.mark.parametrize("name", ["pic_sysphoto", "pic_photo_or_album", "pic_weixin"])
def test_photo_buttons(name: str) -> None:
    pictures = "<PicList><item><PicMd5Sum>a</PicMd5Sum></item><item><PicMd5Sum>b</PicMd5Sum></item></PicList>"
    incoming = read(event(name, f"<EventKey>6</EventKey><SendPicsInfo><Count>2</Count>{pictures}</SendPicsInfo>"))
    assert parts(incoming, "event", "details") == (name, (("Count", "2"),))


def test_a_location_button() -> None:
    info = (
        "<SendLocationInfo><Location_X>23</Location_X><Location_Y>113</Location_Y><Scale>15</Scale>"
        "<Label>春江路</Label><Poiname></Poiname></SendLocationInfo>"
    )
    assert read(event("location_select", f"<EventKey>6</EventKey>{info}")).place == Place(23.0, 113.0, "春江路")


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("success", "success"),
        ("failed:user block", "failed:user block"),
        ("failed: system failed", "failed:system failed"),
        (" Failed : Freq Limit ", "failed:freq limit"),
    ],
)
def test_the_fate_of_a_template_message(written: str, status: str) -> None:
    incoming = read(event("TEMPLATESENDJOBFINISH", f"<MsgID>200163836</MsgID><Status><![CDATA[{written}]]></Status>"))
    assert parts(incoming, "job_msg_id", "status") == ("200163836", status)
    assert job_status(written) == status


def test_the_result_of_a_mass_send() -> None:
    rest = (
        "<MsgID>1000001625</MsgID><Status><![CDATA[err(30003)]]></Status><TotalCount>0</TotalCount>"
        "<FilterCount>0</FilterCount><SentCount>0</SentCount><ErrorCount>0</ErrorCount><CopyrightCheckResult>"
        "<Count>2</Count><ResultList><item><ArticleIdx>1</ArticleIdx><AuditState>2</AuditState></item><item>"
        "<ArticleIdx>2</ArticleIdx></item></ResultList><CheckState>2</CheckState></CopyrightCheckResult>"
        "<ArticleUrlResult><Count>1</Count><ResultList><item><ArticleIdx>1</ArticleIdx><ArticleUrl>u</ArticleUrl>"
        "</item></ResultList></ArticleUrlResult>"
    )
    incoming = read(event("MASSSENDJOBFINISH", rest))
    assert parts(incoming, "job_msg_id", "status") == ("1000001625", "err(30003)")
    assert dict(incoming.details)["TotalCount"] == "0"


def entry(template: str, *rest: tuple[str, str]) -> str:
    inner = "".join(f"<{tag}><![CDATA[{value}]]></{tag}>" for tag, value in rest)
    return f"<List><TemplateId><![CDATA[{template}]]></TemplateId>{inner}</List>"


@pytest.mark.parametrize("tag", ["SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent"])
@pytest.mark.parametrize("name", ["subscribe_msg_popup_event", "subscribe_msg_change_event"])
def test_grants_are_read_under_either_tag(tag: str, name: str) -> None:
    status = "SubscribeStatusString"
    one = f"<{tag}>{entry('T1', (status, 'accept'), ('PopupScene', '2'))}</{tag}>"
    two = f"<{tag}>{entry('T1', (status, 'accept'))}{entry('T2', (status, 'reject'))}</{tag}>"
    assert read(event(name, one)).grants == (("T1", "accept"),)
    assert read(event(name, two)).grants == (("T1", "accept"), ("T2", "reject"))
    assert read(event(name, f"<{tag}></{tag}>")).grants == ()


def test_the_fate_of_a_subscription_message() -> None:
    def sent(code: str) -> Incoming:
        inner = entry("T1", ("MsgID", "1700827132819554304"), ("ErrorCode", code), ("ErrorStatus", "told"))
        return read(event("subscribe_msg_sent_event", f"<SubscribeMsgSentEvent>{inner}</SubscribeMsgSentEvent>"))

    assert parts(sent("0"), "job_msg_id", "status") == ("1700827132819554304", "success")
    assert sent("43101").status == "failed:43101"


def test_a_publication() -> None:
    info = (
        "<PublishEventInfo><publish_id>2247503051</publish_id><publish_status>0</publish_status>"
        "<article_id>b5O2OUs25</article_id><article_detail><count>1</count><item><idx>1</idx>"
        "<article_url>u</article_url></item></article_detail></PublishEventInfo>"
    )
    incoming = read(event("PUBLISHJOBFINISH", info))
    assert parts(incoming, "job_msg_id", "status") == ("2247503051", "0")
    assert dict(incoming.details)["article_id"] == "b5O2OUs25"


@pytest.mark.parametrize("name", ["user_info_modified", "user_authorization_revoke", "user_authorization_cancellation"])
def test_withdrawn_permissions_name_the_user_in_openid(name: str) -> None:
    rest = f"<OpenID>{MUM}</OpenID><AppID>wx1</AppID><RevokeInfo>204</RevokeInfo>"
    incoming = read(event(name, rest, sender="oPlatform"))
    assert parts(incoming, "openid", "user_openid") == ("oPlatform", MUM)
    assert dict(incoming.details)["RevokeInfo"] == "204"


def test_an_unknown_event_keeps_what_it_says() -> None:
    incoming = read(event("brand_new", "<Deep><Inner>1</Inner><Inner>2</Inner></Deep><Plain>3</Plain>"))
    assert parts(incoming, "event", "details") == ("brand_new", (("Plain", "3"),))


def test_an_event_without_a_name_is_an_unknown_event() -> None:
    assert parts(read(push("event", "")), "is_event", "event") == (True, "")


def test_events_in_another_case_are_brought_to_the_platforms_spelling() -> None:
    assert read(event("click", "<EventKey>TODAY</EventKey>")).event == "CLICK"
    assert read(event("templatesendjobfinish")).event == "TEMPLATESENDJOBFINISH"


def test_the_same_message_has_the_same_key_and_another_persons_has_not() -> None:
    one = read(text("36.5", "1"))
    assert one.key == read(text("36.5", "1")).key
    assert one.key != read(text("36.5", "2")).key
    assert one.key != read(push("text", "<MsgId>1</MsgId>", sender="oDad")).key


def test_two_events_of_one_second_have_two_keys() -> None:
    keys = {
        read(body).key
        for body in (
            event("CLICK", "<EventKey>TODAY</EventKey>"),
            event("CLICK", "<EventKey>RECORD</EventKey>"),
            event("LOCATION", ""),
            event("CLICK", "<EventKey>TODAY</EventKey>", created=str(int(STAMP) + 1)),
            event("TEMPLATESENDJOBFINISH", "<MsgID>1</MsgID>"),
            event("TEMPLATESENDJOBFINISH", "<MsgID>2</MsgID>"),
            event("user_info_modified", "<OpenID>a</OpenID>"),
            event("user_info_modified", "<OpenID>b</OpenID>"),
        )
    }
    assert len(keys) == 8


@pytest.mark.parametrize("number", ["", "0", "abc", "-5", "1.5", "9" * 19, "9" * 20, "9" * 40, "１２"])
def test_an_odd_message_number_still_makes_a_key(number: str) -> None:
    incoming = read(text("36.5", number))
    assert incoming.text == "36.5"
    assert 0 <= incoming.msg_id < 2**63
    assert incoming.key == read(text("36.5", number)).key
    assert incoming.key.startswith(MUM)


def test_messages_without_a_number_are_told_apart_by_what_they_say() -> None:
    assert read(push("text", "<Content>36.5</Content>")).key != read(push("text", "<Content>36.6</Content>")).key
